import { afterAll, beforeAll, expect, test } from "vitest";
import {
  DeliveryError,
  connect,
  fromSparkOptions,
  publish,
  readTopic,
  textAt,
  utf8Column,
} from "../../src/kafka/index.ts";
import type { Kafka, KafkaOptions, TopicBatch } from "../../src/kafka/index.ts";
import { startKafka } from "../../src/stack/index.ts";
import type { LocalKafka } from "../../src/stack/index.ts";
import { faults, numbered, readBack } from "./kafka-read-back.ts";

let broker: LocalKafka;
let kafka: Kafka;
let options: { "bootstrap.servers": string };

beforeAll(async () => {
  broker = await startKafka();
  options = { "bootstrap.servers": broker.address };
  kafka = connect(options);
});

afterAll(async () => {
  await kafka?.close();
  await broker?.stop();
});

test("200,000 records arrive once, in order, where Kafka's own clients would put them", async () => {
  await kafka.createTopic("many", { partitions: 3 });
  const progress: number[] = [];
  const report = await publish(numbered(200_000), {
    ...options,
    topic: "many",
    onProgress: ({ rows }) => progress.push(rows),
  });
  expect(report).toMatchObject({ topic: "many", acknowledged: 200_000 });
  expect(
    report.partitions.map(({ partition, firstOffset, lastOffset, count }) => [
      partition,
      firstOffset,
      lastOffset - count + 1,
    ]),
  ).toEqual([
    [0, 0, 0],
    [1, 0, 0],
    [2, 0, 0],
  ]);
  expect(progress.at(-1)).toBe(200_000);
  const records = await readBack(broker.address, "many");
  expect(records).toHaveLength(200_000);
  expect(faults(records, 200_000, 3)).toEqual([]);
});

test("gzip batches are read by others, and by us", async () => {
  await kafka.createTopic("packed", { partitions: 2 });
  const report = await publish(numbered(20_000), {
    ...fromSparkOptions({ "kafka.bootstrap.servers": broker.address, "kafka.compression.type": "gzip" }),
    topic: "packed",
  });
  expect(report.bytes).toBeLessThan(1_000_000);
  expect(faults(await readBack(broker.address, "packed"), 20_000, 2)).toEqual([]);
  const values = (await batchesOf("packed")).flatMap((batch) =>
    Array.from(batch, ({ value }) => (JSON.parse(value ?? "") as { n: number }).n),
  );
  expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: 20_000 }, (_, n) => n));
});

test("nulls, empty texts and records without a key keep what they are", async () => {
  await kafka.createTopic("nulls", { partitions: 1 });
  const keys = ["a", null, "", "ключ"];
  const values = [null, "no key", "", "значение"];
  await kafka.publish(one(keys, values), { topic: "nulls" });
  const expected = keys.map((key, i) => ({ key, value: values[i] ?? null, offset: i, partition: 0 }));
  expect(await readBack(broker.address, "nulls")).toEqual(expected);
  const [batch] = await batchesOf("nulls");
  expect(Array.from(batch ?? [])).toMatchObject(expected.map((record) => ({ ...record, topic: "nulls" })));
  expect(Math.abs(Number(batch?.timestamps[0]) - Date.now())).toBeLessThan(60_000);
});

test("without keys the records spread over the partitions", async () => {
  await kafka.createTopic("keyless", { partitions: 3 });
  const source = async function* () {
    for await (const { rows, value } of numbered(20_000)) yield { rows, value };
  };
  const report = await publish(source(), { ...options, topic: "keyless", "batch.size": 20_000 });
  expect(report.partitions.map(({ count }) => count > 4_000)).toEqual([true, true, true]);
});

test("the ends seen at the start are where a reading stops", async () => {
  await kafka.createTopic("snapshot", { partitions: 1 });
  await kafka.publish(one(["k"], ["before"]), { topic: "snapshot" });
  const reading = kafka.readTopic({ topic: "snapshot" });
  const first = await reading.next();
  await kafka.publish(one(["k"], ["after"]), { topic: "snapshot" });
  expect(Array.from((first.value as TopicBatch) ?? [], ({ value }) => value)).toEqual(["before"]);
  expect((await reading.next()).done).toBe(true);
  expect((await batchesOf("snapshot", { 0: 1 })).map((batch) => [batch.offsets[0], textAt(batch.value, 0)])).toEqual([
    [1n, "after"],
  ]);
});

test("an empty source is a report of nothing, and an empty topic a reading of nothing", async () => {
  await kafka.createTopic("empty");
  expect(await kafka.publish(numbered(0), { topic: "empty" })).toMatchObject({
    acknowledged: 0,
    bytes: 0,
    partitions: [],
  });
  expect(await batchesOf("empty")).toEqual([]);
  expect(await kafka.peek("empty")).toEqual([]);
});

test("peek shows the last records and describeTopic the counts", async () => {
  await kafka.createTopic("peeked", { partitions: 2, config: { "retention.ms": "100000000" } });
  await kafka.publish(one(["a", "b", "c", "d"], ["1", "2", "3", "4"]), { topic: "peeked" });
  const description = await kafka.describeTopic("peeked");
  expect(description).toMatchObject({
    name: "peeked",
    records: 4,
    partitions: [{ partition: 0, leader: 1, firstOffset: 0 }, { partition: 1 }],
  });
  const values = (await kafka.peek("peeked", 4)).map(({ value }) => value);
  expect(values.sort()).toEqual(["1", "2", "3", "4"]);
  expect(await kafka.peek("peeked", 2)).toHaveLength(2);
});

test("topics are listed, made once and removed", async () => {
  await kafka.createTopic("short-lived");
  expect(await kafka.topics()).toContain("short-lived");
  await expect(kafka.createTopic("short-lived")).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
  await kafka.deleteTopic("short-lived");
  expect(await kafka.topics()).not.toContain("short-lived");
  await expect(kafka.deleteTopic("short-lived")).rejects.toMatchObject({ code: "TOPIC_NOT_FOUND" });
  await expect(kafka.createTopic("not a name")).rejects.toMatchObject({ code: "INPUT_INVALID" });
});

test("a missing topic is an error that names the nearest one, and is not made", async () => {
  await kafka.createTopic("contract-events");
  const expected = {
    code: "TOPIC_NOT_FOUND",
    message: expect.stringMatching(/contract-event does not exist.*contract-events.*createTopic/) as string,
  };
  await expect(publish(numbered(10), { ...options, topic: "contract-event" })).rejects.toMatchObject(expected);
  await expect(batchesOf("contract-event")).rejects.toMatchObject(expected);
  expect(await kafka.topics()).not.toContain("contract-event");
});

test("what the error of a missing topic advises makes the topic", async () => {
  const failed: unknown = await kafka.describeTopic("t9").catch((error: unknown) => error);
  const [, advice, module] = /Create it with `(.+?)`, in a program after `import \* as kafka from "(.+?)"`/.exec(
    (failed as Error).message,
  )!;
  expect(advice).toBe(`await kafka.connect({ "bootstrap.servers": "${broker.address}" }).createTopic("t9")`);
  expect(module).toBe("sluice/kafka");
  // Run as it stands: what is in its brackets is JSON.
  const [, given, topic] = /^await kafka\.connect\((.+)\)\.createTopic\((.+)\)$/.exec(advice!)!;
  await using fresh = connect(JSON.parse(given!) as KafkaOptions);
  await fresh.createTopic(JSON.parse(topic!) as string);
  expect(await kafka.topics()).toContain("t9");
});

test("a record above the topic's limit fails with its number, and one of just the limit passes", async () => {
  await kafka.createTopic("narrow", { partitions: 1, config: { "max.message.bytes": "2000" } });
  const fits = 2000 - 61 - 2 - 8;
  expect(await kafka.publish(one(["k"], ["v".repeat(fits)]), { topic: "narrow" })).toMatchObject({
    acknowledged: 1,
    bytes: 2000,
  });
  const failed = kafka.publish(one(["k", "k"], ["small", "v".repeat(fits + 1)]), { topic: "narrow" });
  await expect(failed).rejects.toMatchObject({
    code: "DELIVERY_FAILED",
    message: expect.stringMatching(/Record 2 takes 2001 bytes.*narrow takes 2000/) as string,
  });
  const many = await kafka.publish(numbered(5_000), { topic: "narrow" });
  expect(many.acknowledged).toBe(5_000);
});

test("a broker that is down is an error within ten seconds", async () => {
  const started = Date.now();
  const down = { "bootstrap.servers": "127.0.0.1:1" };
  const expected = {
    code: "SERVICE_UNAVAILABLE",
    message: expect.stringContaining("127.0.0.1:1 can't be reached") as string,
  };
  await expect(publish(numbered(10), { ...down, topic: "many" })).rejects.toMatchObject(expected);
  await expect(connect(down).topics()).rejects.toMatchObject(expected);
  expect(Date.now() - started).toBeLessThan(10_000);
});

test("an abort ends a publishing with the counts, and a reading", async () => {
  await kafka.createTopic("aborted");
  const stop = new AbortController();
  const endless = numbered(10_000_000, { step: 1000, between: (row) => void (row > 50_000 && stop.abort()) });
  const error = await publish(endless, { ...options, topic: "aborted", signal: stop.signal }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  expect(error).toMatchObject({
    code: "INTERRUPTED",
    message: expect.stringMatching(/has acknowledged \d+ of the 51000 records/) as string,
  });
  await expect(
    publish(numbered(1), { ...options, topic: "aborted", signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ code: "INTERRUPTED" });
  await expect(readTopic({ ...options, topic: "many", signal: AbortSignal.abort() }).next()).rejects.toMatchObject({
    code: "INTERRUPTED",
  });
});

test("an abort ends a publishing whose source hangs", async () => {
  const stop = new AbortController();
  const hanging = numbered(10, { between: () => new Promise(() => setTimeout(() => stop.abort(), 50)) });
  await expect(publish(hanging, { ...options, topic: "aborted", signal: stop.signal })).rejects.toMatchObject({
    code: "INTERRUPTED",
  });
});

test("a source is told to end when a publishing fails", async () => {
  let ended = false;
  const source = async function* () {
    try {
      for (;;) yield* numbered(1_000);
    } finally {
      ended = true;
    }
  };
  const stop = new AbortController();
  const onProgress = ({ rows }: { rows: number }): void => (rows > 0 ? stop.abort() : undefined);
  await expect(
    publish(source(), { ...options, topic: "aborted", signal: stop.signal, onProgress }),
  ).rejects.toMatchObject({
    code: "INTERRUPTED",
  });
  expect(ended).toBe(true);
});

test("an error of a progress listener ends the publishing, not the process", async () => {
  const onProgress = (): void => {
    throw new RangeError("no listening");
  };
  const endless = numbered(100_000_000);
  const message = expect.stringContaining("no listening") as string;
  await expect(publish(endless, { ...options, topic: "aborted", onProgress })).rejects.toMatchObject({
    code: "DELIVERY_FAILED",
    message,
  });
});

test("an error of the source is thrown as it is", async () => {
  const broken = numbered(20_000, {
    between: (row) => {
      if (row > 0) throw new RangeError("no more");
    },
  });
  await expect(publish(broken, { ...options, topic: "aborted" })).rejects.toThrow(new RangeError("no more"));
});

async function batchesOf(topic: string, from?: Record<number, number>): Promise<TopicBatch[]> {
  const batches: TopicBatch[] = [];
  for await (const batch of readTopic({ ...options, topic, from })) batches.push(batch);
  return batches;
}

async function* one(keys: (string | null)[], values: (string | null)[]) {
  yield { rows: values.length, key: utf8Column(keys), value: utf8Column(values) };
}
