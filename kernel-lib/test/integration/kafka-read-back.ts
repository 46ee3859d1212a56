import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, Partitioners, logLevel } from "kafkajs";
import type { Admin } from "kafkajs";
import { utf8Column } from "../../src/kafka/index.ts";
import type { RecordColumns } from "../../src/kafka/index.ts";

/** A record as kafkajs, which shares no code with us, reads it. */
export interface ReadBack {
  partition: number;
  offset: number;
  key: string | null;
  value: string | null;
}

/** All records of a topic, each partition's in order. The number is the one the broker's offsets tell. */
export async function readBack(address: string, topic: string): Promise<ReadBack[]> {
  const kafka = new Kafka({ brokers: [address], clientId: "read-back", logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const groupId = `read-back-${topic}`;
  const consumer = kafka.consumer({ groupId, maxBytesPerPartition: 8_000_000, sessionTimeout: 120_000 });
  try {
    await admin.connect();
    const expected = (await admin.fetchTopicOffsets(topic)).reduce(
      (sum, { low, high }) => sum + Number(high) - Number(low),
      0,
    );
    const records: ReadBack[] = [];
    if (expected === 0) return records;
    await coordinatorReady(admin, groupId, topic);
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const next: number[] = [];
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || reject(payload.error));
      consumer
        .run({
          eachBatch: ({ batch }) => {
            const { partition } = batch;
            for (const { offset: text, key, value } of batch.messages) {
              const offset = Number(text);
              // A consumer that starts again reads what it had read before: the offset tells.
              if (offset < (next[partition] ?? 0)) continue;
              next[partition] = offset + 1;
              records.push({ partition, offset, key: key && key.toString(), value: value && value.toString() });
            }
            if (records.length >= expected) resolve();
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
    return records;
  } finally {
    await consumer.disconnect();
    await admin.disconnect();
  }
}

/** A fresh broker makes its topic of group offsets at the first question, and refuses groups until it has. */
async function coordinatorReady(admin: Admin, groupId: string, topic: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await admin.fetchOffsets({ groupId, topics: [topic] });
      return;
    } catch (thrown) {
      if (attempt === 100) throw thrown;
      await sleep(100);
    }
  }
}

/** The partition that kafkajs chooses for a key; its default partitioner is tested against Java's. */
export function kafkajsPartition(key: string, partitions: number): number {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionId,
    leader: 1,
    partitionErrorCode: 0,
    replicas: [],
    isr: [],
  }));
  return Partitioners.DefaultPartitioner()({
    topic: "any",
    partitionMetadata,
    message: { key: Buffer.from(key), value: null },
  });
}

/** Numbered records in batches of columns, keys `user-0` to `user-996`, each value naming its number. */
export async function* numbered(
  rows: number,
  { step = 10_000, between }: { step?: number; between?: (row: number) => void | Promise<void> } = {},
): AsyncGenerator<RecordColumns> {
  for (let from = 0; from < rows; from += step) {
    await between?.(from);
    const numbers = Array.from({ length: Math.min(step, rows - from) }, (_, i) => from + i);
    const key = utf8Column(numbers.map((n) => `user-${n % 997}`));
    const value = utf8Column(numbers.map((n) => JSON.stringify({ n, text: "ä".repeat(n % 150) })));
    yield { rows: numbers.length, key, value };
  }
}

/** What is wrong with records that {@link numbered} made, when each should be there once and in order by key. */
export function faults(records: readonly ReadBack[], rows: number, partitions: number): string[] {
  const found: string[] = [];
  const seen = new Uint8Array(rows);
  const last = new Map<string, number>();
  for (const { partition, key, value } of records) {
    const { n } = JSON.parse(value ?? "{}") as { n: number };
    if (key !== `user-${n % 997}`) found.push(`record ${n} has the key ${key}`);
    if (seen[n]) found.push(`record ${n} is there twice`);
    seen[n] = 1;
    if (n <= (last.get(key ?? "") ?? -1)) found.push(`record ${n} is out of order`);
    last.set(key ?? "", n);
    if (partition !== kafkajsPartition(key ?? "", partitions)) found.push(`record ${n} is in partition ${partition}`);
  }
  const missing = seen.indexOf(0);
  if (missing >= 0) found.push(`record ${missing} is missing`);
  return found.slice(0, 10);
}
