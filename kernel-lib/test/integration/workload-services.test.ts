import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openContainer, stageOutput } from "sluice/azure";
import { connect } from "sluice/kafka";
import { Session } from "sluice/sql";
import { startAzurite, startKafka } from "sluice/stack";
import type { LocalAzurite, LocalKafka } from "sluice/stack";
import { loadConfig } from "../../../notebooks/contract-events/config.ts";
import { readLoad } from "../../../notebooks/contract-events/input.ts";
import {
  checkOutput,
  landEvents,
  landReconciliation,
  landRejects,
  placesOf,
} from "../../../notebooks/contract-events/land.ts";
import { checkTopic, publishEvents } from "../../../notebooks/contract-events/publish.ts";
import { reconcile } from "../../../notebooks/contract-events/reconcile.ts";
import { buildEvents } from "../../../notebooks/contract-events/transform.ts";
import { referenceEvents } from "./workload-reference.ts";

const HAND_MADE = fileURLToPath(new URL("../fixtures/contract-events", import.meta.url));
const DAY = "2024-01-01";
let spark: Session;
let storage: LocalAzurite;
let broker: LocalKafka;

beforeAll(async () => {
  [storage, broker] = await Promise.all([startAzurite(), startKafka()]);
  process.env["AZURE_STORAGE_CONNECTION_STRING"] = storage.connectionString;
  spark = await Session.builder.config("spark.sql.session.timeZone", "UTC").getOrCreate();
});
afterAll(async () => {
  delete process.env["AZURE_STORAGE_CONNECTION_STRING"];
  await spark.stop();
  await Promise.all([storage.stop(), broker.stop()]);
});

test("a load from Azure to Azure gives the events of the independent script", async () => {
  for (const name of ["landing", "processed"]) await (await openContainer(`az://${name}/`)).create();
  const upload = await stageOutput("az://landing/day/", { mode: "overwrite" });
  cpSync(HAND_MADE, upload.folder, { recursive: true });
  await upload.commit();

  await checkOutput(spark, "az://processed/contract-events/");
  const load = await readLoad(spark, "az://landing/day", DAY);
  const places = placesOf("az://processed/contract-events/", DAY);
  for (const time of ["first", "<time>"]) {
    const { count: built } = await landEvents(
      spark,
      buildEvents(load, { loadDate: DAY, eventDateTime: time }),
      places.events,
    );
    await landRejects(spark, [], places.rejects);
    await landReconciliation(spark, reconcile(load.counts, built, null), places.reconciliation);
  }
  await load.close();

  const container = await openContainer("az://processed/");
  const names: string[] = [];
  for await (const blob of container.list()) names.push(blob.name);
  const parts = names.filter((name) => name.startsWith(`contract-events/load_date=${DAY}/part-`));
  const lines = (await Promise.all(parts.map((name) => container.readText(name)))).flatMap((text) =>
    text.split("\n").filter(Boolean),
  );
  expect(lines.sort()).toEqual([...referenceEvents(HAND_MADE, DAY).values()].sort());
  expect(names).toContain(`contract-events/load_date=${DAY}/_SUCCESS`);
  expect(names).toContain(`contract-events/reconciliation/load_date=${DAY}/reconciliation.json`);
  expect(names.some((name) => name.includes("rejects"))).toBe(false);
});

test("a container that is not there is known before the work", async () => {
  await expect(checkOutput(spark, "az://nowhere/contract-events")).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("container nowhere") as string,
  });
});

test("published events are read back by another client, under their account ids", async () => {
  const kafka = { "bootstrap.servers": broker.address };
  await expect(checkTopic(spark, kafka, "contract-events")).rejects.toMatchObject({
    code: "TOPIC_NOT_FOUND",
    message: expect.stringContaining("contract-events") as string,
  });
  await using cluster = connect(kafka);
  await cluster.createTopic("contract-events", { partitions: 3 });
  await checkTopic(spark, kafka, "contract-events");

  const load = await readLoad(spark, HAND_MADE, DAY);
  const progress: number[] = [];
  const report = await publishEvents(
    spark,
    buildEvents(load, { loadDate: DAY, eventDateTime: "<time>" }),
    5,
    kafka,
    "contract-events",
    ({ rows }) => progress.push(rows),
  );
  await load.close();
  expect(report.acknowledged).toBe(5);
  expect(progress.at(-1)).toBe(5);
  expect(await consume(broker.address, "contract-events", 5)).toEqual(referenceEvents(HAND_MADE, DAY));
});

test("a broker that is down is known before the work", async () => {
  await expect(checkTopic(spark, { "bootstrap.servers": "127.0.0.1:9" }, "contract-events")).rejects.toMatchObject({
    code: "SERVICE_UNAVAILABLE",
  });
});

test("a profile with secrets reaches a secured broker, and a wrong password is known before the work", async () => {
  await using secured = await startKafka({ mode: "sasl_ssl" });
  const folder = mkdtempSync(join(tmpdir(), "secured-"));
  try {
    writeFileSync(join(folder, "ca.pem"), secured.certificate!);
    const kafka = {
      servers: { secret: "TEST_KAFKA_SERVERS" },
      topic: "secured",
      securityProtocol: "SASL_SSL",
      saslMechanism: "PLAIN",
      username: { secret: "TEST_KAFKA_USER" },
      password: { secret: "TEST_KAFKA_PASSWORD" },
      certificatesFile: join(folder, "ca.pem"),
    };
    writeFileSync(join(folder, "profiles.json"), JSON.stringify({ QA: { timeZone: "UTC", output: "out", kafka } }));
    const load = async (password: string) => {
      vi.stubEnv("TEST_KAFKA_SERVERS", secured.address);
      vi.stubEnv("TEST_KAFKA_USER", secured.user!.username);
      vi.stubEnv("TEST_KAFKA_PASSWORD", password);
      return (await loadConfig("QA", { publish: true }, join(folder, "profiles.json"))).kafka!;
    };
    const options = await load(secured.user!.password);
    await using cluster = connect(options);
    await cluster.createTopic("secured");
    await checkTopic(spark, options, "secured");
    const refused = checkTopic(spark, await load("not-the-password"), "secured");
    await expect(refused).rejects.toMatchObject({
      code: "AUTHENTICATION_FAILED",
      message: expect.not.stringContaining("not-the-password") as string,
    });
  } finally {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  }
});

/** What a topic holds, read by a client that shares no code with the one that wrote it. */
async function consume(address: string, topic: string, count: number): Promise<Map<string, string>> {
  const consumer = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).consumer({
    groupId: `test-${process.pid}`,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const events = new Map<string, string>();
  await new Promise<void>((resolve, reject) => {
    void consumer
      .run({
        eachMessage: async ({ message }) => {
          events.set(String(message.key), String(message.value));
          if (events.size === count) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return events;
}
