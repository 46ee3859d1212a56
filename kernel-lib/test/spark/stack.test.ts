// Each Spark that the stack knows really starts, answers a client, and leaves no process behind.
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { Session } from "../../src/sql/index.ts";
import { startSail, startSpark, startSparkStandalone, startYarn } from "../../src/stack/index.ts";

/** The processes whose command names a server's folder. */
function processesOf(folder: string): string[] {
  const all = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8", maxBuffer: 1 << 24 }).split("\n");
  return all.filter((line) => line.includes(folder) && !line.includes("<defunct>"));
}

async function countOn(url: string): Promise<[version: string, count: number]> {
  await using session = await Session.builder.remote(url).create();
  return [await session.version(), await session.range(1000).count()];
}

test.each(["3.5.3", "3.5.5", "4.0.1"] as const)(
  "Spark %s starts, is killed, starts again and stops",
  async (version) => {
    const server = await startSpark({ version });
    expect(await countOn(server.url)).toEqual([version, 1000]);
    await server.kill();
    expect(processesOf(server.folder)).toEqual([]);
    await server.restart();
    expect(await countOn(server.url)).toEqual([version, 1000]);
    await server.stop();
    expect(processesOf(server.folder)).toEqual([]);
  },
);

test("a master and two workers run a job on two executors, and all end together", async () => {
  const cluster = await startSparkStandalone();
  expect(await countOn(cluster.url)).toEqual(["3.5.5", 1000]);
  expect(await cluster.executors()).toHaveLength(2);
  await cluster.stop();
  expect(processesOf(cluster.folder)).toEqual([]);
});

test("Spark on YARN keeps a table in HDFS", async () => {
  const cluster = await startYarn();
  await using session = await Session.builder.remote(cluster.url).create();
  const path = `${cluster.hdfs}/tables/numbers`;
  await session.range(1000).write.parquet(path);
  expect(await session.read.parquet(path).count()).toBe(1000);
  expect(await session.conf.get("spark.master")).toBe("yarn");
  await cluster.stop();
  expect(processesOf(cluster.folder)).toEqual([]);
});

test("Sail starts and counts", async () => {
  await using server = await startSail();
  const [, count] = await countOn(server.url);
  expect(count).toBe(1000);
});
