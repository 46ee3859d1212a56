import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "../errors.ts";
import { Client, abortable, answerOf, steadily } from "./client.ts";
import type { ClusterMetadata, TopicMetadata } from "./client.ts";
import { textAt } from "./columns.ts";
import type { Utf8Column } from "./columns.ts";
import { codeError, kafkaCodes, kafkaError } from "./errors.ts";
import type { ErrorContext } from "./errors.ts";
import { settingsOf } from "./options.ts";
import type { KafkaOptions } from "./options.ts";
import { RecordCollector, decodeBatches } from "./record-batch-decoder.ts";
import type { FetchEntry, FetchResult } from "./wire.ts";

/** What to read. */
export interface ReadOptions extends KafkaOptions {
  topic: string;
  /** Where to begin: the oldest record (the default), or an offset by partition number; partitions that are not named begin at their oldest. */
  from?: "earliest" | Readonly<Record<number, number | bigint>> | undefined;
  /** Ends the reading with INTERRUPTED. */
  signal?: AbortSignal | undefined;
}

/** One record. */
export interface TopicRecord {
  topic: string;
  partition: number;
  offset: number;
  timestamp: Date;
  key: string | null;
  value: string | null;
}

/** Records of one partition, as columns; iterating gives one object a record. */
export interface TopicBatch extends Iterable<TopicRecord> {
  topic: string;
  partition: number;
  rows: number;
  key: Utf8Column;
  value: Utf8Column;
  offsets: BigInt64Array;
  /** Milliseconds since 1970 in UTC. */
  timestamps: BigInt64Array;
}

/** Where one partition begins and ends. */
export interface PartitionRange {
  partition: number;
  /** The offset of the oldest record. */
  start: bigint;
  /** The offset that the next record will get. */
  end: bigint;
}

const limits = { wait: 500, bytes: 16 * 1024 * 1024, partitionBytes: 4 * 1024 * 1024 };
const earliest = -2n;
const latest = -1n;

/**
 * Reads what is in a Kafka topic now: from the oldest records to the ends seen at the start, and then stops.
 *
 * The order is kept within a partition, not between them. Records of open or aborted transactions are read too, as Spark
 * does by default.
 *
 * @returns batches of one partition each, about 4 MB at most; the next is fetched while one is worked on
 * @throws SluiceError SERVICE_UNAVAILABLE, AUTHENTICATION_FAILED, PERMISSION_DENIED, TOPIC_NOT_FOUND; NOT_FOUND for records
 * that Kafka removed before they were read; UNSUPPORTED for a compression other than gzip; INTERRUPTED
 *
 * @example
 * ```ts
 * import { readTopic } from "sluice/kafka";
 * for await (const batch of readTopic({ "bootstrap.servers": "127.0.0.1:9092", topic: "contract-events" })) {
 *   for (const { key, value } of batch) console.log(key, value);
 * }
 * ```
 */
export async function* readTopic(options: ReadOptions): AsyncGenerator<TopicBatch> {
  const client = await Client.open(settingsOf(options), options.signal);
  try {
    yield* readWith(client, options);
  } finally {
    await client.close();
  }
}

/** Reads over a client that is open already. */
export async function* readWith(
  client: Client,
  options: Pick<ReadOptions, "topic" | "from" | "signal">,
): AsyncGenerator<TopicBatch> {
  const { topic: name, from = "earliest", signal } = options;
  const { cluster, topic, ranges } = await abortable(topicRanges(client, name, signal), signal, "The reading");
  const begin = ranges.map(({ partition, start, end }) => ({
    partition,
    offset: beginAt(from, partition, start),
    end,
  }));
  yield* new SnapshotReader(client, cluster, topic, begin, signal).batches();
}

function beginAt(from: ReadOptions["from"], partition: number, start: bigint): bigint {
  const asked = typeof from === "object" ? from[partition] : undefined;
  if (asked === undefined) return start;
  if (BigInt(asked) >= start) return BigInt(asked);
  throw new SluiceError(
    "NOT_FOUND",
    `Offset ${asked} of partition ${partition} is gone: the oldest record is at ${start}.`,
    { next: "Begin there or later." },
  );
}

/** A topic with the present start and end of each partition. */
export function topicRanges(
  client: Client,
  name: string,
  signal?: AbortSignal,
): Promise<{ cluster: ClusterMetadata; topic: TopicMetadata; ranges: PartitionRange[] }> {
  return steadily(signal, async () => {
    const { cluster, topic } = await client.topic(name, signal);
    const [starts, ends] = await Promise.all([
      offsetsOf(client, cluster, topic, earliest),
      offsetsOf(client, cluster, topic, latest),
    ]);
    const ranges = topic.partitions.map(({ partition }) => ({
      partition,
      start: starts.get(partition) ?? 0n,
      end: ends.get(partition) ?? 0n,
    }));
    return { cluster, topic, ranges };
  });
}

async function offsetsOf(
  client: Client,
  cluster: ClusterMetadata,
  topic: TopicMetadata,
  timestamp: bigint,
): Promise<Map<number, bigint>> {
  const context = { settings: client.settings, topic: topic.name };
  const offsets = new Map<number, bigint>();
  try {
    await Promise.all(
      [...byLeader(topic)].map(async ([leader, partitions]) => {
        const where = cluster.brokers.get(leader);
        if (!where) throw codeError(kafkaCodes.leaderNotAvailable, context);
        const asked = partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp }));
        const request = client.call(where, client.library.listOffsetsV5.api, -1, 0, [
          { name: topic.name, partitions: asked },
        ]);
        const answer = await request.catch((thrown: unknown) => answerOf<Awaited<typeof request>>(thrown));
        for (const { partitionIndex, errorCode, offset } of answer.topics.flatMap((one) => one.partitions)) {
          if (errorCode !== 0) throw partitionError(errorCode, context);
          offsets.set(partitionIndex, offset);
        }
      }),
    );
  } catch (thrown) {
    throw kafkaError(thrown, context);
  }
  return offsets;
}

/** A broker that does not know a partition it is said to lead has not heard of it yet: that passes. */
function partitionError(code: number, context: ErrorContext): SluiceError {
  return codeError(code === kafkaCodes.unknownTopic ? kafkaCodes.leaderNotAvailable : code, context);
}

function byLeader(topic: TopicMetadata): Map<number, number[]> {
  const leaders = new Map<number, number[]>();
  for (const { partition, leader } of topic.partitions)
    leaders.set(leader, [...(leaders.get(leader) ?? []), partition]);
  return leaders;
}

interface Position extends FetchEntry {
  offset: bigint;
  end: bigint;
}

class SnapshotReader {
  readonly #client: Client;
  readonly #positions: readonly Position[];
  readonly #signal: AbortSignal | undefined;
  #cluster: ClusterMetadata;
  #topic: TopicMetadata;
  #failingSince = 0;

  constructor(
    client: Client,
    cluster: ClusterMetadata,
    topic: TopicMetadata,
    positions: Position[],
    signal: AbortSignal | undefined,
  ) {
    this.#client = client;
    this.#cluster = cluster;
    this.#topic = topic;
    this.#positions = positions;
    this.#signal = signal;
  }

  async *batches(): AsyncGenerator<TopicBatch> {
    let next = this.#fetch();
    for (;;) {
      const results = await abortable(next, this.#signal, "The reading");
      const batches = results.flatMap((result) => this.#decode(result));
      if (this.#positions.every((position) => position.offset >= position.end)) {
        yield* batches;
        return;
      }
      next = this.#fetch();
      // The loop may be left before this one is waited for.
      next.catch(() => undefined);
      yield* batches;
    }
  }

  /** Asks each leader for what is left of its partitions, and for the leaders again when that fails. */
  async #fetch(): Promise<FetchResult[]> {
    for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
      try {
        const results = await this.#fetchOnce();
        this.#failingSince = 0;
        return results;
      } catch (thrown) {
        const error = kafkaError(thrown, this.#context);
        this.#failingSince ||= Date.now();
        if (
          error.code !== "SERVICE_UNAVAILABLE" ||
          this.#signal?.aborted ||
          Date.now() - this.#failingSince > this.#client.settings.deliveryTimeout
        )
          throw error;
        await sleep(pause);
        await this.#refresh();
      }
    }
  }

  async #fetchOnce(): Promise<FetchResult[]> {
    const results = await Promise.all(
      [...byLeader(this.#topic)].map(async ([leader, partitions]) => {
        const open = this.#positions.filter(
          (position) => partitions.includes(position.partition) && position.offset < position.end,
        );
        if (open.length === 0) return [];
        const where = this.#cluster.brokers.get(leader);
        if (!where) throw codeError(kafkaCodes.leaderNotAvailable, this.#context);
        return this.#client.call(where, this.#client.wire.fetch, this.#topic.name, open, limits);
      }),
    );
    for (const { code } of results.flat()) if (code !== 0) throw partitionError(code, this.#context);
    return results.flat();
  }

  async #refresh(): Promise<void> {
    try {
      this.#cluster = await this.#client.metadata([this.#topic.name]);
      this.#topic =
        this.#cluster.topics.find((topic) => topic.name === this.#topic.name && topic.partitions.length > 0) ??
        this.#topic;
    } catch {
      // The next fetch meets the same trouble and decides how long to go on.
    }
  }

  #decode({ partition, records }: FetchResult): TopicBatch[] {
    const position = this.#positions[partition];
    if (!position || records.length === 0) return [];
    const into = new RecordCollector(records.length);
    position.offset = decodeBatches(records, position.offset, position.end, this.#client.crc32c, into);
    return into.rows === 0 ? [] : [batchOf(this.#topic.name, partition, into)];
  }

  get #context(): { settings: Client["settings"]; topic: string } {
    return { settings: this.#client.settings, topic: this.#topic.name };
  }
}

function batchOf(
  topic: string,
  partition: number,
  { keys, values, rows, offsets, timestamps }: RecordCollector,
): TopicBatch {
  const key = keys.finish();
  const value = values.finish();
  return {
    ...{ topic, partition, rows, key, value, offsets, timestamps },
    *[Symbol.iterator]() {
      for (let row = 0; row < rows; row++) {
        const timestamp = new Date(Number(timestamps[row]));
        yield {
          topic,
          partition,
          offset: Number(offsets[row]),
          timestamp,
          key: textAt(key, row),
          value: textAt(value, row),
        };
      }
    },
  };
}
