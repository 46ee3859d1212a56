import { copyFile, readdir, readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fixtures, isRunning, startSluice, stdoutOf, sluice, Workshop } from "./runner-fixtures.ts";

let shop: Workshop;
beforeEach(async () => void (shop = await Workshop.open()));
afterEach(() => shop.close());

const announcePid = 'console.log("PID " + process.pid);';
const pidIn = (text: string): number => Number(/PID (\d+)/.exec(text)?.[1]);

test("a notebook runs: parameters set, outputs saved, standard output forwarded with the last line intact", async () => {
  await copyFile(fixtures + "parameters.ipynb", shop.path("day.ipynb"));
  const source = await readFile(shop.path("day.ipynb"), "utf8");
  const { code, stdout, stderr } = await sluice(
    "run",
    shop.path("day.ipynb"),
    "-p",
    "accounts=5000",
    "-p",
    "profile=PROD",
  );
  expect(stderr).toContain("4 cells passed");
  expect(code).toBe(0);
  expect(stdout).toBe('working\n{"accounts":5000,"loadDate":"2026-01-01","profile":"PROD"}\n');
  const [parameters, injected, work, empty, summary] = await shop.executed("day.executed.ipynb");
  expect(parameters?.source).toContain("let accounts: number = 1000;");
  expect(injected?.source).toBe('// Parameters\nlet accounts: number = 5000;\nlet profile: "LOCAL" | "PROD" = "PROD";');
  expect(injected?.metadata["tags"]).toEqual(["injected-parameters"]);
  expect(work?.outputs).toEqual([
    { output_type: "stream", name: "stdout", text: "working\n" },
    { output_type: "execute_result", data: { "text/plain": "10000" }, metadata: {}, execution_count: 3 },
  ]);
  expect([parameters, injected, work, empty, summary].map((cell) => cell?.execution_count)).toEqual([1, 2, 3, null, 4]);
  const times = Object.values(work?.metadata["execution"] ?? {}).map((time) => Date.parse(String(time)));
  expect(times).toHaveLength(4);
  expect(Math.max(...times) - Math.min(...times)).toBeLessThan(60_000);
  expect(work?.metadata["sluice"]).toMatchObject({ status: "passed" });
  expect(await readFile(shop.path("day.ipynb"), "utf8")).toBe(source);
  expect((await readdir(shop.folder)).sort()).toEqual(["day.executed.ipynb", "day.ipynb"]);
});

test("--quiet prints nothing, and -o names the executed notebook", async () => {
  const path = await shop.notebook("a.ipynb", ['console.log("loud"); console.error("louder")']);
  const { code, stdout, stderr } = await sluice("run", path, "--quiet", "-o", shop.path("out/b.ipynb"));
  expect([code, stdout, stderr]).toEqual([0, "", ""]);
  expect(stdoutOf((await shop.executed("out/b.ipynb"))[0])).toBe("loud\n");
});

test("a failing cell ends the run with 1, and the cells after it are not run", async () => {
  const path = await shop.notebook("a.ipynb", [
    { source: 'throw new Error("expected")', tags: ["raises-exception"] },
    'console.log("first")',
    'throw new TypeError("the rows do not add up")',
    'console.log("never")',
  ]);
  const { code, stdout, stderr } = await sluice("run", path);
  expect([code, stdout]).toEqual([1, "first\n"]);
  expect(stderr).toContain("[3/4] throw new TypeError");
  expect(stderr).toContain("sluice: Cell 3 of 4: TypeError: the rows do not add up.");
  const cells = await shop.executed("a.executed.ipynb");
  expect(cells.map((cell) => cell.metadata["sluice"])).toMatchObject([
    { status: "passed" },
    { status: "passed" },
    { status: "failed" },
    { status: "not-run" },
  ]);
  expect(cells[2]?.outputs).toMatchObject([
    { output_type: "error", ename: "TypeError", evalue: "the rows do not add up" },
  ]);
  expect(cells[3]).toMatchObject({ outputs: [], execution_count: null });
});

test("a notebook can ask for an exit code of its own", async () => {
  const ask = (code: number) =>
    `display({ [Symbol.for("Jupyter.display")]: () => ({ "application/vnd.sluice.exit+json": { code: ${code} }, "text/plain": "" }) });`;
  const passing = await shop.notebook("a.ipynb", [ask(10), 'console.log("goes on")']);
  expect(await sluice("run", passing)).toMatchObject({ code: 10, stdout: "goes on\n" });
  const failing = await shop.notebook("b.ipynb", [ask(11), 'throw new Error("no")', ask(12)]);
  expect((await sluice("run", failing)).code).toBe(11);
  const thrown = await shop.notebook("d.ipynb", ['throw Object.assign(new Error("no"), { exitCode: 12 })']);
  expect((await sluice("run", thrown)).code).toBe(12);
  expect(Object.keys((await shop.executed("d.executed.ipynb"))[0]?.outputs[0] ?? {}).sort()).toEqual([
    "ename",
    "evalue",
    "output_type",
    "traceback",
  ]);
  const notGreen = await shop.notebook("c.ipynb", [ask(0), 'throw new Error("no")']);
  expect((await sluice("run", notGreen)).code).toBe(1);
});

test("a kernel that is killed ends the run with 4 at once", async () => {
  const path = await shop.notebook("a.ipynb", [announcePid, "await new Promise((r) => setTimeout(r, 60_000))", "1"]);
  const running = startSluice(["run", path]);
  await running.printed("PID");
  await new Promise((resolve) => setTimeout(resolve, 300));
  const killed = performance.now();
  process.kill(pidIn((await shop.executed("a.executed.ipynb")).map(stdoutOf).join("")), "SIGKILL");
  const { code, stderr } = await running.ended;
  expect(performance.now() - killed).toBeLessThan(5000);
  expect(code).toBe(4);
  expect(stderr).toContain("The kernel died while this cell ran");
  expect((await shop.executed("a.executed.ipynb")).map((cell) => cell.metadata["sluice"])).toMatchObject([
    { status: "passed" },
    { status: "died" },
    { status: "not-run" },
  ]);
});

test("a cell that takes too long is interrupted and ends the run with 5", async () => {
  const path = await shop.notebook("a.ipynb", [announcePid, 'console.log("before"); for (;;) {}']);
  const { code, stdout, stderr } = await sluice("run", path, "--timeout", "4");
  expect(code).toBe(5);
  expect(stderr).toContain("The cell ran longer than 4.0 s and was interrupted");
  expect(isRunning(pidIn(stdout))).toBe(false);
  const [, cell] = await shop.executed("a.executed.ipynb");
  expect(stdoutOf(cell)).toBe("before\n");
  expect(cell?.outputs.at(-1)).toMatchObject({ output_type: "error", ename: "CellTimeout" });
});

test("many lines arrive whole and in order, in the notebook and on standard output", async () => {
  const path = await shop.notebook("a.ipynb", ["for (let i = 0; i < 10_000; i++) console.log(`line ${i}`);"]);
  const { code, stdout } = await sluice("run", path);
  const expected = Array.from({ length: 10_000 }, (_, i) => `line ${i}\n`).join("");
  expect(code).toBe(0);
  expect(stdout).toBe(expected);
  expect((await shop.executed("a.executed.ipynb"))[0]?.outputs).toEqual([
    { output_type: "stream", name: "stdout", text: expected },
  ]);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s interrupts the cell, saves the notebook, leaves no process and ends with %i", async (signal, code) => {
  const child = 'import { spawn } from "node:child_process"; console.log("CHILD " + spawn("sleep", ["60"]).pid);';
  const loop = 'console.log("looping"); await new Promise((r) => setTimeout(r, 50)); for (;;) {}';
  const path = await shop.notebook("a.ipynb", [announcePid, child, loop, "1"]);
  const running = startSluice(["run", path]);
  await running.printed("looping");
  running.process.kill(signal);
  const { code: ended, stdout, stderr } = await running.ended;
  expect(ended).toBe(code);
  expect(stderr).toContain("sluice: Cell 3 of 4: The run was interrupted.");
  expect(isRunning(pidIn(stdout))).toBe(false);
  await expect.poll(() => isRunning(Number(/CHILD (\d+)/.exec(stdout)?.[1]))).toBe(false);
  const cells = await shop.executed("a.executed.ipynb");
  expect(stdoutOf(cells[2])).toBe("looping\n");
  expect(cells.map((cell) => cell.metadata["sluice"])).toMatchObject([
    { status: "passed" },
    { status: "passed" },
    { status: "interrupted" },
    { status: "not-run" },
  ]);
});

test("a second Ctrl-C kills a kernel that does not let go", async () => {
  const stubborn = 'console.log("holding"); for (;;) { try { await new Promise(() => {}); } catch {} }';
  const path = await shop.notebook("a.ipynb", [announcePid, stubborn]);
  const running = startSluice(["run", path]);
  await running.printed("holding");
  running.process.kill("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 50));
  running.process.kill("SIGINT");
  const { code, stdout } = await running.ended;
  expect(code).toBe(130);
  expect(isRunning(pidIn(stdout))).toBe(false);
});

test("the executed notebook is valid JSON at any moment, and grows while a cell prints", async () => {
  const slow =
    "for (let i = 0; i < 30; i++) { console.log(`tick ${i}`); await new Promise((r) => setTimeout(r, 100)); }";
  const path = await shop.notebook("a.ipynb", ['console.log("one")', slow]);
  const running = startSluice(["run", path]);
  await running.printed("one");
  const sizes = new Set<number>();
  const from = Date.now();
  while (running.process.exitCode === null && running.process.signalCode === null) {
    if (Date.now() - from > 60_000) throw new Error("The run has not ended in a minute.");
    const text = await readFile(shop.path("a.executed.ipynb"), "utf8");
    expect(() => void JSON.parse(text)).not.toThrow();
    sizes.add((text.match(/tick/g) ?? []).length);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect((await running.ended).code).toBe(0);
  expect(sizes.size).toBeGreaterThan(2);
});

test("displays of finished cells can be updated", async () => {
  const path = await shop.notebook("a.ipynb", [
    'const id = "chosen"; display("old", { id });',
    'await new Promise((r) => setTimeout(r, 20)); display("new", { id }).update("newest");',
  ]);
  expect((await sluice("run", path)).code).toBe(0);
  const [first, second] = await shop.executed("a.executed.ipynb");
  for (const cell of [first, second]) {
    const displays = cell?.outputs.filter((output) => output.output_type === "display_data");
    expect(displays).toMatchObject([{ data: { "text/plain": "'newest'" } }]);
  }
});

test("what the kernel's process itself prints is kept with the cell", async () => {
  const inherit =
    'import { execSync } from "node:child_process"; execSync("echo from a program", { stdio: "inherit" });';
  const path = await shop.notebook("a.ipynb", [inherit, "await new Promise((r) => setTimeout(r, 100))"]);
  const { code, stdout } = await sluice("run", path);
  expect([code, stdout]).toEqual([0, "from a program\n"]);
  expect((await shop.executed("a.executed.ipynb")).map(stdoutOf).join("")).toBe("from a program\n");
});

test("a kernel ends when its runner is gone", async () => {
  const path = await shop.notebook("a.ipynb", [announcePid, 'console.log("waiting"); await new Promise(() => {})']);
  const running = startSluice(["run", path]);
  await running.printed("waiting");
  running.process.kill("SIGKILL");
  const { stdout } = await running.ended;
  await expect.poll(() => isRunning(pidIn(stdout)), { timeout: 10_000 }).toBe(false);
});

test("a very long time-out is none, and what fails is told once, without colors in a file", async () => {
  const path = await shop.notebook("a.ipynb", ["1 + 1"]);
  expect((await sluice("run", path, "--timeout", "99999999")).code).toBe(0);
  const failing = await shop.notebook("b.ipynb", [
    'const { SluiceError } = await import("sluice/errors"); throw new SluiceError("NOT_FOUND", "There is no such thing.");',
  ]);
  const { code, stderr } = await sluice("run", failing);
  expect([code, stderr.match(/There is no such thing\./g)]).toEqual([1, ["There is no such thing."]]);
  const frame = await shop.notebook("c.ipynb", ['throw new Error("with a place")']);
  const shown = await sluice("run", frame);
  expect(shown.stderr).toContain('> 1 | throw new Error("with a place")');
  expect(shown.stderr).not.toContain("\u001b");
});

test("an error that nothing caught fails its cell, even while a later one runs; a tag expects it", async () => {
  const late = "setTimeout(() => { throw new RangeError('too late') }, 200)";
  const pause = "await new Promise((r) => setTimeout(r, 600))";
  const path = await shop.notebook("a.ipynb", [late, pause, "console.log('never')"]);
  const { code, stdout, stderr } = await sluice("run", path);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("sluice: Cell 1 of 3: RangeError: too late.");
  const cells = await shop.executed("a.executed.ipynb");
  expect(cells.map(({ metadata }) => metadata["sluice"])).toMatchObject([
    { status: "failed" },
    { status: "passed" },
    { status: "not-run" },
  ]);
  const expected = await shop.notebook("b.ipynb", [{ source: late, tags: ["raises-exception"] }, pause]);
  expect((await sluice("run", expected)).code).toBe(0);
});
