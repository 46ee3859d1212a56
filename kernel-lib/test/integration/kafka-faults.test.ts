import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Client } from "../../src/kafka/client.ts";
import { DeliveryError, connect, publish } from "../../src/kafka/index.ts";
import type { Kafka } from "../../src/kafka/index.ts";
import { settingsOf } from "../../src/kafka/options.ts";
import { publishWith } from "../../src/kafka/publish.ts";
import { readWith } from "../../src/kafka/read-topic.ts";
import { startKafka } from "../../src/stack/index.ts";
import type { LocalKafka } from "../../src/stack/index.ts";
import { faults, numbered, readBack } from "./kafka-read-back.ts";
import type { ReadBack } from "./kafka-read-back.ts";

let broker: LocalKafka;
let kafka: Kafka;
let options: { "bootstrap.servers": string; "batch.size": number };

beforeEach(async () => {
  broker = await startKafka();
  options = { "bootstrap.servers": broker.address, "batch.size": 20_000 };
  kafka = connect(options);
  await kafka.createTopic("t", { partitions: 3 });
});

afterEach(async () => {
  await kafka?.close();
  await broker?.stop();
});

test("a broker killed in the middle of a publishing and started again loses and doubles nothing", async () => {
  let restarted: Promise<void> | undefined;
  const between = async (row: number): Promise<void> => {
    if (row === 60_000) restarted = broker.kill().then(() => broker.restart());
    await sleep(5);
  };
  const report = await publish(numbered(200_000, { step: 1_000, between }), { ...options, topic: "t" });
  await restarted;
  expect(report.acknowledged).toBe(200_000);
  const records = await readBack(broker.address, "t");
  expect(records).toHaveLength(200_000);
  expect(faults(records, 200_000, 3)).toEqual([]);
});

test("connections cut in the middle of a publishing lose and double nothing", async () => {
  const client = await Client.open(settingsOf(options));
  let cuts = 0;
  // Cut between the turns of the event loop, when requests are on their way.
  const cutting = setInterval(() => {
    cuts++;
    void cut(client, broker);
  }, 60);
  try {
    const report = await publishWith(client, numbered(100_000, { step: 1_000, between: () => sleep(1) }), {
      topic: "t",
    });
    expect(report.acknowledged).toBe(100_000);
  } finally {
    clearInterval(cutting);
    await client.close();
  }
  expect(cuts).toBeGreaterThan(5);
  const records = await readBack(broker.address, "t");
  expect(records).toHaveLength(100_000);
  expect(faults(records, 100_000, 3)).toEqual([]);
});

test("connections cut, and a broker killed, in the middle of a reading lose and double nothing", async () => {
  await publish(numbered(200_000), { ...options, topic: "t" });
  const client = await Client.open(settingsOf(options));
  const records: ReadBack[] = [];
  let batches = 0;
  try {
    for await (const batch of readWith(client, { topic: "t" })) {
      records.push(...batch);
      if (++batches === 2) await cut(client, broker);
      if (batches === 4) await broker.kill().then(() => broker.restart());
    }
  } finally {
    await client.close();
  }
  expect(batches).toBeGreaterThan(4);
  expect(records).toHaveLength(200_000);
  expect(faults(records, 200_000, 3)).toEqual([]);
});

test("a broker that stays down fails the publishing in time, with the counts", async () => {
  let failing = 0;
  const between = async (row: number): Promise<void> => {
    if (row === 50_000) {
      // What was handed over so far is acknowledged by now.
      await sleep(1_000);
      await broker.kill();
      failing = Date.now();
    }
  };
  const publishing = publish(numbered(10_000_000, { between }), {
    ...options,
    "delivery.timeout.ms": 3_000,
    topic: "t",
  });
  const error = await publishing.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DeliveryError);
  expect(error).toMatchObject({
    code: "DELIVERY_FAILED",
    message: expect.stringMatching(/has acknowledged \d+ of the \d+ records.*can't be reached/) as string,
  });
  const { acknowledged, partitions } = (error as DeliveryError).report;
  expect(acknowledged).toBeGreaterThan(40_000);
  expect(acknowledged).toBeLessThanOrEqual(50_000);
  expect(partitions.reduce((sum, { count }) => sum + count, 0)).toBe(acknowledged);
  expect(Date.now() - failing).toBeLessThan(10_000);
});

test("a publishing fails while its source has nothing to give", async () => {
  const source = async function* () {
    yield* numbered(1_000);
    await broker.kill();
    yield* numbered(1_000);
    await new Promise(() => undefined);
  };
  const waiting = publish(source(), { ...options, "delivery.timeout.ms": 2_000, topic: "t", "batch.size": 1_000 });
  await expect(waiting).rejects.toMatchObject({ code: "DELIVERY_FAILED" });
});

test("a topic removed in the middle of a publishing fails it", async () => {
  const between = (row: number): Promise<void> | undefined => (row === 50_000 ? kafka.deleteTopic("t") : undefined);
  const publishing = publish(numbered(200_000, { between }), { ...options, "delivery.timeout.ms": 2_000, topic: "t" });
  await expect(publishing).rejects.toMatchObject({
    code: "DELIVERY_FAILED",
    message: expect.stringContaining("topic t does not exist") as string,
  });
});

async function cut(client: Client, { port }: LocalKafka): Promise<void> {
  const connection = await client.connection({ host: "127.0.0.1", port }).catch(() => undefined);
  connection?.socket.destroy();
}
