// Notebooks whose `spark` is a server: the stop button frees the cluster, and two of them do not see each other.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestKernel } from "../../src/kernel/testkit/test-kernel.ts";
import type { WatchedSpark } from "./support/cluster-load.ts";
import { startWatchedSpark } from "./support/cluster-load.ts";

let server: WatchedSpark;
let one: TestKernel;
let two: TestKernel;
beforeAll(async () => {
  server = await startWatchedSpark("4.0.1");
  const open = () => TestKernel.start({ preload: "sluice/preload", env: { SPARK_REMOTE: server.spark.url } });
  [one, two] = await Promise.all([open(), open()]);
});
afterAll(async () => {
  await Promise.all([one?.close(), two?.close()]);
  await server?.spark.stop();
});

test("a cell asks the server that the environment names", async () => {
  const run = await one.execute("[await spark.version(), await spark.range(5).count(), spark.isRemote]");
  expect(run.error).toBeUndefined();
  expect(run.result).toBe("[ '4.0.1', 5, true ]");
});

test("the stop button ends the query on the server within two seconds, and the session goes on", async () => {
  await one.execute("await spark.range(3).createOrReplaceTempView('kept')");
  const id = one.startCell('await spark.range(0, 1e12, 1, 4).selectExpr("sum(hash(id)) s").collect()');
  await server.until("busy");
  await sleep(500);
  const from = Date.now();
  one.send("control", "interrupt_request", {});
  const run = await one.finished(id);
  const stopped = Date.now() - from;
  const free = await server.until("free");
  console.log(`The cell ended ${stopped} ms after the stop button, the server was free ${free} ms later`);
  expect(run.error).toBe("Interrupted: The cell was interrupted. Its variables are kept.");
  expect(stopped + free).toBeLessThan(2000);
  expect((await one.execute("await spark.table('kept').count()")).result).toBe("3");
});

test("two notebooks on one server do not see each other's views", async () => {
  await one.execute("await spark.range(3).createOrReplaceTempView('mine')");
  const run = await two.execute("await spark.table('mine').count()");
  expect(run.error).toContain("TABLE_OR_VIEW_NOT_FOUND");
  await two.execute("await spark.range(8).createOrReplaceTempView('mine')");
  expect((await one.execute("await spark.table('mine').count()")).result).toBe("3");
});

test("rows go from the cluster to the embedded engine and back, in one notebook", async () => {
  const run = await one.execute(`import { Session } from "sluice/sql";
const embedded = await Session.builder.remote("local").create();
const here = await embedded.createDataFrame(spark.range(100_000).selectExpr("id", "id % 7 k").toArrowBatches());
const back = await spark.createDataFrame(here.groupBy("k").count().toArrowBatches());
[await here.count(), (await back.selectExpr("sum(count) s").first()).s, embedded.isRemote]`);
  expect(run.error).toBeUndefined();
  expect(run.result).toBe("[ 100000, 100000n, false ]");
});
