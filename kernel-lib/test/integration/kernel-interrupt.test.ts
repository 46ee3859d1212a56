import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestKernel } from "../../src/kernel/testkit/test-kernel.ts";
import type { CellRun } from "../../src/kernel/testkit/test-kernel.ts";

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await TestKernel.start();
  await kernel.execute("const kept = 42;");
});

afterAll(() => kernel.close());

async function interrupted(code: string): Promise<CellRun> {
  const id = kernel.startCell(code, { allowStdin: true });
  await sleep(200);
  const reply = await kernel.request("control", "interrupt_request");
  expect(reply.content["status"]).toBe("ok");
  return kernel.finished(id);
}

test.each([
  ["a loop", "while (true) {}"],
  ["a loop that catches everything", "for (;;) { try { for (;;); } catch {} }"],
  ["a catastrophic regex", '/(a+)+b/.exec("a".repeat(40))'],
  ["an await", "await new Promise(() => {})"],
  ["a loop of awaits", "for (;;) await new Promise((r) => setTimeout(r, 10));"],
  [
    "a loop of awaits that catches everything",
    "for (;;) { try { await new Promise((r) => setTimeout(r, 500)); } catch {} }",
  ],
  ["a loop after an await", "await new Promise((r) => setTimeout(r, 10)); while (true) {}"],
  ["a loop in a timer", "setTimeout(() => { while (true) {} }, 10); await new Promise(() => {});"],
  ["a loop of microtasks", "for (;;) await null;"],
  [
    "a for await",
    "async function* ticks() { for (;;) { await new Promise((r) => setTimeout(r, 5)); yield 1; } }\nfor await (const _ of ticks()) {}",
  ],
  ["a thread that sleeps", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000)"],
  ["an input", 'await input("never answered")'],
  ["a flood of output", 'while (true) console.log("x".repeat(1000))'],
])("an interrupt ends %s and keeps the state", async (_what, code) => {
  const run = await interrupted(code);
  expect(run.error).toBe("Interrupted: The cell was interrupted. Its variables are kept.");
  expect((await kernel.execute("await Promise.resolve(kept)")).result).toBe("42");
});

test("what a cell does finally is done", async () => {
  const run = await interrupted('try { await new Promise(() => {}); } finally { console.log("cleaned"); }');
  expect(run.stdout).toBe("cleaned\n");
});

test("libraries hear of the interrupt through the cell's signal", async () => {
  const run = await interrupted(
    'await new Promise((_, reject) => globalThis[Symbol.for("sluice.interrupt")]().addEventListener("abort", () => { console.log("told"); reject(new Error("stopped")); }));',
  );
  expect(run.stdout).toBe("told\n");
  expect((await kernel.execute("interruptSignal().aborted")).result).toBe("false");
});

test("cells that wait behind an interrupted one do not run", async () => {
  const first = kernel.startCell("while (true) {}");
  const second = kernel.startCell("var afterInterrupt = 1");
  await sleep(200);
  await kernel.request("control", "interrupt_request");
  expect((await kernel.finished(first)).status).toBe("error");
  expect((await kernel.finished(second)).status).toBe("aborted");
});

test("control and questions are answered while a cell computes", async () => {
  const id = kernel.startCell("const end = Date.now() + 2500; while (Date.now() < end);");
  await sleep(200);
  const [info, complete] = await Promise.all([
    kernel.request("control", "kernel_info_request"),
    kernel.request("shell", "is_complete_request", { code: "1 +" }),
  ]);
  const answered = kernel.received.some(
    ({ channel, parentHeader }) => channel === "shell" && parentHeader.msg_id === id,
  );
  expect(answered).toBe(false);
  expect(info.content["implementation"]).toBe("sluice");
  expect(complete.content["status"]).toBe("incomplete");
  await kernel.finished(id);
});

test("an interrupt without a running cell does nothing", async () => {
  await kernel.request("control", "interrupt_request");
  expect((await kernel.execute("kept")).result).toBe("42");
});

test("an interrupt ends a cell whose result is still making itself visible", async () => {
  const run = await interrupted('({ [Symbol.for("Jupyter.display")]: () => new Promise(() => {}) })');
  expect(run.error).toContain("Interrupted");
  await sleep(1000);
  expect((await kernel.execute("kept")).result).toBe("42");
});

test("a user expression that fails to show itself is its own error", async () => {
  const expression = '{ [Symbol.for("Jupyter.display")]() { throw new Error("no picture"); } }';
  const run = await kernel.execute("1", { userExpressions: { picture: expression } });
  expect(run.reply["user_expressions"]).toMatchObject({ picture: { status: "error", evalue: "no picture" } });
});
