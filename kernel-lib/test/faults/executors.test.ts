// An executor that dies in the middle of a job: the cluster does its tasks again, and the answer is whole.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Session } from "../../src/sql/index.ts";
import type { LocalSparkCluster } from "../../src/stack/index.ts";
import { startSparkStandalone } from "../../src/stack/index.ts";
import { readAll, ROWS } from "./support/five-million.ts";

let cluster: LocalSparkCluster;
let spark: Session;
beforeAll(async () => {
  cluster = await startSparkStandalone();
  spark = await Session.builder.remote(cluster.url).create();
  // Both executors are there from now on.
  await spark.range(0, 1e6, 1, 8).selectExpr("sum(hash(id)) s").collect();
});
afterAll(async () => {
  await spark?.stop();
  await cluster?.stop();
});

/** Waits for the executor that takes the place of the dead one. */
async function whole(dead: number): Promise<void> {
  const from = Date.now();
  for (let pids: number[] = []; pids.length < 2 || pids.includes(dead); pids = await cluster.executors()) {
    if (Date.now() - from > 60_000) throw new Error("The cluster has not started another executor in a minute.");
    await sleep(200);
  }
}

/** Kills an executor while something runs. */
async function killDuring(running: Promise<unknown>): Promise<number> {
  await sleep(1500);
  expect(await Promise.race([running.then(() => "done"), sleep(0, "running")])).toBe("running");
  return cluster.killExecutor();
}

test("in the middle of a result: every row comes once, in order", async () => {
  let dead: number | undefined;
  const wrong = await readAll(spark, undefined, async (seen) => {
    if (seen > ROWS / 10) dead ??= await cluster.killExecutor();
  });
  expect(dead).toBeDefined();
  expect(wrong).toEqual([]);
  await whole(dead as number);
});

test("in the middle of a sum: it is right", async () => {
  const sum = spark
    .range(0, 4e8, 1, 16)
    .selectExpr("id % 1000 k", "id")
    .groupBy("k")
    .sum("id")
    .selectExpr("count(*) n", "sum(`sum(id)`) s")
    .collect();
  const dead = await killDuring(sum);
  const [row] = await sum;
  expect(row?.asDict()).toEqual({ n: 1000n, s: (400_000_000n * 399_999_999n) / 2n });
  await whole(dead);
});

test("in the middle of a write: every row is in the files once", async () => {
  const path = `${cluster.folder}/written`;
  const writing = spark.range(0, 1e7, 1, 12).selectExpr("id", "hash(id) h").write.parquet(path);
  const dead = await killDuring(writing);
  await writing;
  const [row] = await spark.read.parquet(path).selectExpr("count(*) n", "count(distinct id) d", "sum(id) s").collect();
  expect(row?.asDict()).toEqual({ n: 10_000_000n, d: 10_000_000n, s: (10_000_000n * 9_999_999n) / 2n });
  await whole(dead);
});
