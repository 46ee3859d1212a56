// Each Spark that the stack knows really starts, answers a client, and leaves no process behind.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { connect } from "../../src/kafka/index.ts";
import { Session } from "../../src/sql/index.ts";
import {
  down,
  services,
  startKafka,
  startSail,
  startSpark,
  startSparkStandalone,
  startYarn,
  status,
  up,
} from "../../src/stack/index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-stack-"));
});
afterEach(async () => {
  await down(services, { folder });
  await rm(folder, { recursive: true, force: true });
});

/** The processes whose command names a folder. */
function processesOf(one: string): string[] {
  const all = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8", maxBuffer: 1 << 24 }).split("\n");
  return all.filter((line) => line.includes(one) && !line.includes("<defunct>"));
}

async function countOn(url: string): Promise<[version: string, count: number]> {
  await using session = await Session.builder.remote(url).create();
  return [await session.version(), await session.range(1000).count()];
}

test.each(["3.5.3", "3.5.5", "4.0.1"] as const)(
  "Spark %s keeps a table, is killed, starts again and stops",
  async (version) => {
    const server = await startSpark({ version, conf: { "spark.sql.shuffle.partitions": "3" } });
    expect(server).toMatchObject({
      version,
      address: `127.0.0.1:${server.port}`,
      url: `sc://127.0.0.1:${server.port}`,
    });
    expect(await countOn(server.url)).toEqual([version, 1000]);
    await using session = await Session.builder.remote(server.url).create();
    expect(await session.conf.get("spark.sql.shuffle.partitions")).toBe("3");
    await session.range(5).write.saveAsTable("kept");
    expect(await session.table("kept").count()).toBe(5);
    const { pid } = server;
    await server.kill();
    expect(processesOf(server.folder)).toEqual([]);
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(await countOn(server.url)).toEqual([version, 1000]);
    await server.stop();
    expect(processesOf(server.folder)).toEqual([]);
  },
);

test("a local service is the version that is asked for, and up changes it", async () => {
  const [old] = await up(["spark"], { folder, versions: { spark: "3.5.5" } });
  expect(await countOn(old?.address ?? "")).toEqual(["3.5.5", 1000]);
  expect(await up(["spark"], { folder })).toEqual([old]);
  expect((await status({ folder })).find(({ name }) => name === "spark")).toMatchObject({
    state: "running",
    version: "3.5.5",
  });
  const [fresh] = await up(["spark"], {
    folder,
    versions: { spark: "4.0.1" },
    conf: { "spark.sql.ansi.enabled": "false" },
  });
  await using session = await Session.builder.remote(fresh?.address ?? "").create();
  expect(await session.version()).toBe("4.0.1");
  expect(await session.conf.get("spark.sql.ansi.enabled")).toBe("false");
  expect(await down(["spark"], { folder })).toEqual(["spark"]);
  expect(processesOf(folder)).toEqual([]);
});

test("a master and two workers run a job on two executors, also when one is killed, and all end together", async () => {
  await using broker = await startKafka();
  const cluster = await startSparkStandalone();
  expect(await countOn(cluster.url)).toEqual(["3.5.5", 1000]);
  const before = await cluster.executors();
  expect(before).toHaveLength(2);
  // The executors, too, must have the connectors.
  await using session = await Session.builder.remote(cluster.url).create();
  await using kafka = connect({ "bootstrap.servers": broker.address });
  await kafka.createTopic("numbers", { partitions: 2 });
  const onBroker = { "kafka.bootstrap.servers": broker.address };
  const events = session.range(10).selectExpr("CAST(id AS STRING) AS value");
  await events.write.format("kafka").options(onBroker).option("topic", "numbers").save();
  const numbers = session.read.format("kafka").options(onBroker).option("subscribe", "numbers").load();
  expect(await numbers.count()).toBe(10);
  const killed = await cluster.killExecutor();
  expect(before).toContain(killed);
  expect(await session.range(1000).count()).toBe(1000);
  await vi.waitFor(async () => expect(await cluster.executors()).toHaveLength(2), { timeout: 60_000, interval: 500 });
  expect(await cluster.executors()).not.toContain(killed);
  await cluster.kill();
  await cluster.restart();
  expect(await countOn(cluster.url)).toEqual(["3.5.5", 1000]);
  await cluster.stop();
  expect(processesOf(cluster.folder)).toEqual([]);
});

test("a cluster whose driver died is told to be silent, and is ended as a whole", async () => {
  const [cluster] = await up(["spark-standalone"], { folder });
  process.kill(cluster?.pid ?? 0, "SIGKILL");
  const state = async () => (await status({ folder })).find(({ name }) => name === "spark-standalone")?.state;
  await vi.waitFor(async () => expect(await state()).toBe("silent"));
  expect(processesOf(folder)).not.toEqual([]);
  expect(await down(["spark-standalone"], { folder })).toEqual(["spark-standalone"]);
  expect(processesOf(folder)).toEqual([]);
});

test("Spark on YARN keeps a table in HDFS", async () => {
  const cluster = await startYarn();
  await using session = await Session.builder.remote(cluster.url).create();
  const path = `${cluster.hdfs}/tables/numbers`;
  await session.range(1000).write.parquet(path);
  expect(await session.read.parquet(path).count()).toBe(1000);
  expect(await session.conf.get("spark.master")).toBe("yarn");
  expect((await cluster.executors()).length).toBeGreaterThan(0);
  await cluster.stop();
  await vi.waitFor(() => expect(processesOf(cluster.folder)).toEqual([]), { timeout: 20_000 });
});

test("Sail starts and counts", async () => {
  await using server = await startSail();
  const [, count] = await countOn(server.url);
  expect(count).toBe(1000);
});
