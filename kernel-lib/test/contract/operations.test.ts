// Operations that run: found by id and by tag, ended once, and gone afterwards.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect } from "vitest";
import { Session } from "../../src/sql/index.ts";
import { contractTest } from "./under-test.ts";

const test = contractTest("operations");

const spark = await Session.builder.create();
afterAll(() => spark.stop());

const endless = () => spark.range(0, 1e12, 1, 2).selectExpr("sum(sqrt(id)) s");
const outcome = (running: Promise<unknown>) =>
  running.then(
    () => "done",
    (error: unknown) => (error as { code?: unknown }).code,
  );

test("a tag ends what runs under it, once, and nothing else", async () => {
  spark.addTag("nightly");
  const ended = outcome(endless().collect());
  spark.clearTags();
  const controller = new AbortController();
  const other = outcome(endless().collect({ signal: controller.signal }));
  await sleep(1500);
  expect(await spark.interruptTag("weekly")).toEqual([]);
  expect(await spark.interruptTag("nightly")).toHaveLength(1);
  expect(await ended).toBe("OPERATION_CANCELED");
  expect(await spark.interruptTag("nightly")).toEqual([]);
  expect(await Promise.race([other, sleep(300, "running")])).toBe("running");
  controller.abort();
  expect(await other).toBe("OPERATION_CANCELED");
});

test("an operation that no longer runs can't be interrupted", async () => {
  const running = outcome(endless().collect());
  await sleep(1500);
  const [id = ""] = await spark.interruptAll();
  expect(await running).toBe("OPERATION_CANCELED");
  expect(await spark.interruptOperation(id)).toEqual([]);
  expect(await spark.interruptAll()).toEqual([]);
});

test("tags are texts without commas, each once", async () => {
  expect(() => spark.addTag("")).toThrow();
  expect(() => spark.addTag("a,b")).toThrow();
  spark.addTag("a");
  spark.addTag("a");
  spark.addTag("b");
  spark.removeTag("a");
  expect([...spark.getTags()]).toEqual(["b"]);
  expect(await spark.range(1).count()).toBe(1);
  spark.clearTags();
  expect(spark.getTags().size).toBe(0);
});

test("a signal that was given before ends before anything runs", async () => {
  const running = endless().collect({ signal: AbortSignal.abort() });
  await expect(running).rejects.toMatchObject({ code: "OPERATION_CANCELED" });
  expect(await spark.interruptAll()).toEqual([]);
});

test("what fails is gone too, and the session goes on", async () => {
  const failing = spark.range(3).selectExpr("raise_error('no')").collect();
  await expect(failing).rejects.toThrow("no");
  expect(await spark.interruptAll()).toEqual([]);
  expect(await spark.range(3).count()).toBe(3);
});
