// What a cell starts and does not await: the mistake of everyone who comes from PySpark.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestKernel } from "../../src/kernel/testkit/test-kernel.ts";

let kernel: TestKernel;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "unawaited-"));
  kernel = await TestKernel.start({ preload: "sluice/preload" });
});

afterAll(async () => {
  await kernel.close();
  rmSync(folder, { recursive: true });
});

const HINT = "The cell waited for work that it did not await. Write `await` before what starts it.\n";

test("a table is shown, and the cell says that it was not awaited", async () => {
  const run = await kernel.execute("spark.range(2).show(); 1");
  expect(run.stdout).toBe("+---+\n| id|\n+---+\n|  0|\n|  1|\n+---+\n\n");
  expect([run.status, run.result, run.stderr]).toEqual(["ok", "1", HINT]);
  expect((await kernel.execute("await spark.range(2).show(); 1")).stderr).toBe("");
});

test("a file is whole when its cell ends, and another session's too", async () => {
  for (const session of ["spark", "(await Session.builder.remote('local').create())"]) {
    const path = join(folder, session === "spark" ? "one" : "two");
    const run = await kernel.execute(`${session}.range(3_000_000).write.parquet(${JSON.stringify(path)}); 1`);
    expect(run.status).toBe("ok");
    expect(existsSync(join(path, "_SUCCESS"))).toBe(true);
  }
});

test("what fails unseen fails its cell, before its end and at it", async () => {
  const atEnd = await kernel.execute("spark.range(3).select('nope').show(); 1");
  expect(atEnd.error).toContain("UNRESOLVED_COLUMN");
  const before = await kernel.execute(
    "spark.range(3).select('nope').show(); await new Promise((done) => setTimeout(done, 300)); 1",
  );
  expect(before.error).toContain("UNRESOLVED_COLUMN");
  const both = await kernel.execute(
    "Promise.reject(new Error('first')); await new Promise((done) => setTimeout(done, 20)); throw new Error('second')",
  );
  const told = both.messages.filter(({ header }) => header.msg_type === "error");
  expect(told.map(({ content }) => content["evalue"])).toEqual(["first", "second"]);
  const caught = await kernel.execute("spark.range(3).select('nope').show().catch(() => console.log('caught')); 1");
  expect([caught.status, caught.stdout]).toEqual(["ok", "caught\n"]);
});

test("the stop button ends it", async () => {
  const id = kernel.startCell("spark.range(1e11).selectExpr('sum(hash(id)) s').show(); 1");
  await sleep(300);
  await kernel.request("control", "interrupt_request");
  expect((await kernel.finished(id)).error).toMatch(/^KeyboardInterrupt|interrupted/);
});

test("a result that is read on later holds no cell up", async () => {
  const code = "const read = spark.range(5_000_000).toArrowBatches()[Symbol.asyncIterator](); (await read.next()).done";
  const run = await kernel.execute(code);
  expect([run.result, run.stderr]).toEqual(["false", ""]);
  expect((await kernel.execute("let more = 1; while (!(await read.next()).done) more++; more > 1")).result).toBe(
    "true",
  );
});

test("an error that nothing caught is an output of its cell, also when the cell has ended", async () => {
  const run = await kernel.execute("setTimeout(() => { throw new RangeError('late') }, 100); 1");
  expect(run.status).toBe("ok");
  const cell = run.messages[0]?.parentHeader.msg_id;
  const late = await kernel.until(
    (message) => message.header.msg_type === "error" && message.parentHeader.msg_id === cell,
  );
  expect(late.content).toMatchObject({ ename: "RangeError", evalue: "late" });
  expect((late.content["traceback"] as string[])[0]).toBe("Uncaught in a callback:");
  expect((await kernel.execute("1 + 1")).result).toBe("2");
});
