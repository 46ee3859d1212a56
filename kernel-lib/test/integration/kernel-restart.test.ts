import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { TestKernel } from "../../src/kernel/testkit/test-kernel.ts";
import type { TestKernelOptions } from "../../src/kernel/testkit/test-kernel.ts";

let kernel: TestKernel;

afterEach(() => kernel.close());

async function start(options: TestKernelOptions = {}): Promise<void> {
  kernel = await TestKernel.start(options);
  await kernel.execute("const before = 1;");
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The new process is there once it answers. */
async function isNew(): Promise<void> {
  expect((await kernel.execute("typeof before")).result).toBe("'undefined'");
}

test("a kernel that is killed starts again and the running cell says why", async () => {
  await start();
  const run = await kernel.execute('process.kill(process.pid, "SIGKILL"); await new Promise(() => {});');
  expect(run.error).toMatch(/^KernelDied: The kernel was killed.* all variables are lost\./);
  await isNew();
});

test("cells that waited behind one that took the process with it are aborted", async () => {
  await start();
  const ids = ["await null; process.abort()", "2", "3"].map((code) => kernel.startCell(code));
  const runs = await Promise.all(ids.map((id) => kernel.finished(id)));
  expect(runs.map(({ status }) => status)).toEqual(["error", "aborted", "aborted"]);
  await isNew();
});

test("a kernel that crashes starts again and the running cell says why", async () => {
  await start();
  const run = await kernel.execute("process.abort()");
  expect(run.error).toBe("KernelDied: The kernel crashed (SIGABRT). It was started again; all variables are lost.");
  await isNew();
});

test("a kernel that runs out of memory says so", async () => {
  await start({ env: { NODE_OPTIONS: "--max-old-space-size=64" } });
  const run = await kernel.execute(
    "const all: unknown[] = []; for (;;) all.push(new Array(1000).fill({}).map((_, i) => ({ i })));",
  );
  expect(run.error).toMatch(/^KernelDied: The kernel ran out of memory\./);
  await isNew();
});

test("process.exit in a cell ends the cell with a word and the kernel starts again", async () => {
  await start();
  const run = await kernel.execute('console.log("last words"); process.exit(3);');
  expect(run.stdout).toBe("last words\n");
  expect(run.error).toBe("ProcessExit: process.exit(3) was called: the kernel ended, and all variables with it.");
  await sleep(600);
  await isNew();
});

test("an unsupervised kernel ends with the code of process.exit", async () => {
  await start({ supervised: false });
  const exited = new Promise((resolve) => kernel.child?.once("exit", resolve));
  expect((await kernel.execute("process.exit(3)")).error).toContain("process.exit(3) was called");
  expect(await exited).toBe(3);
});

test.each([false, true])("a shutdown (restart: %s) is answered and ends the process with 0", async (restart) => {
  await start();
  const exited = new Promise((resolve) => kernel.child?.once("exit", resolve));
  const { content } = await kernel.request("control", "shutdown_request", { restart });
  expect(content).toEqual({ status: "ok", restart });
  expect(await exited).toBe(0);
});

test("a shutdown ends a kernel that computes", async () => {
  await start();
  kernel.startCell("while (true) {}");
  await sleep(200);
  const exited = new Promise((resolve) => kernel.child?.once("exit", resolve));
  await kernel.request("control", "shutdown_request", { restart: false });
  expect(await Promise.race([exited, sleep(5000, "still there")])).toBe(0);
});

test("a kernel whose supervisor is killed ends too, also while it computes", async () => {
  await start();
  const pid = Number((await kernel.execute("process.pid")).result);
  kernel.startCell("while (true) {}");
  await sleep(200);
  kernel.child?.kill("SIGKILL");
  // The system may keep the ended process in its table for a moment.
  await expect.poll(() => isAlive(pid), { timeout: 15_000, interval: 200 }).toBe(false);
});

test("Ctrl-C in the terminal of the server is an interrupt", async () => {
  await start();
  const id = kernel.startCell("while (true) {}");
  await sleep(200);
  kernel.child?.kill("SIGINT");
  expect((await kernel.finished(id)).error).toContain("Interrupted");
  expect((await kernel.execute("before")).result).toBe("1");
});
