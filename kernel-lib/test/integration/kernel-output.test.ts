import { afterAll, beforeAll, expect, test } from "vitest";
import { TestKernel } from "../../src/kernel/testkit/test-kernel.ts";

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await TestKernel.start();
});

afterAll(() => kernel.close());

function isAnswered(id: string): boolean {
  return kernel.received.some(({ channel, parentHeader }) => channel === "shell" && parentHeader.msg_id === id);
}

test.each([1000, 100_000])("%d printed lines arrive whole and in order, before the end of the cell", async (count) => {
  const run = await kernel.execute(`for (let i = 0; i < ${count}; i++) console.log("line " + i);`);
  const lines = run.stdout.split("\n");
  expect(lines).toHaveLength(count + 1);
  expect(lines.every((line, index) => line === (index < count ? `line ${index}` : ""))).toBe(true);
  const types = run.messages.map(({ header }) => header.msg_type);
  expect(types.at(-1)).toBe("status");
  expect(types.filter((type) => type === "stream").length).toBeLessThan(count / 10);
});

test("streams, displays and the result keep their order", async () => {
  const run = await kernel.execute(
    'console.log("a"); console.error("b"); display.html("<i>c</i>"); process.stdout.write("d"); await null; console.log("e"); "f"',
  );
  const order = run.messages
    .filter(({ header }) => header.msg_type !== "status")
    .map(({ header, content }) => [header.msg_type, content["name"] ?? "", content["text"] ?? ""]);
  expect(order).toEqual([
    ["execute_input", "", ""],
    ["stream", "stdout", "a\n"],
    ["stream", "stderr", "b\n"],
    ["display_data", "", ""],
    ["stream", "stdout", "de\n"],
    ["execute_result", "", ""],
  ]);
});

test("what is printed before a long computation is seen during it", async () => {
  const id = kernel.startCell(
    'console.log("one"); console.log("two"); const until = Date.now() + 1500; while (Date.now() < until);',
  );
  await kernel.until(({ parentHeader }) => parentHeader.msg_id === id && kernel.summary(id).stdout === "one\ntwo\n");
  expect(isAnswered(id)).toBe(false);
  await kernel.finished(id);
});

test("late output belongs to the cell that started it", async () => {
  const first = kernel.startCell(
    'setTimeout(() => console.log("timer"), 150);\nimport { readFile } from "node:fs";\nsetTimeout(() => readFile(import.meta.dirname, () => console.log("callback")), 150);',
  );
  await kernel.finished(first);
  const second = await kernel.execute('await new Promise((r) => setTimeout(r, 400)); console.log("second")');
  expect(second.stdout).toBe("second\n");
  expect(kernel.summary(first).stdout).toBe("timer\ncallback\n");
});

test("errors that nothing catches are outputs of their cell and the kernel lives on", async () => {
  const id = kernel.startCell(
    'setTimeout(() => { throw new Error("in a callback") }, 20);\nvoid Promise.reject(new Error("nobody waits"));',
  );
  await kernel.finished(id);
  const next = await kernel.execute("await new Promise((r) => setTimeout(r, 150)); 1");
  expect(next.result).toBe("1");
  expect(next.stderr).toBe("");
  const errors = kernel.summary(id).messages.filter(({ header }) => header.msg_type === "error");
  expect(errors.map(({ content }) => content["evalue"])).toEqual(["nobody waits", "in a callback"]);
  expect((errors[1]?.content["traceback"] as string[]).join("\n")).toMatch(/Cell\[\d+\]:1:26/);
});

test("a value shows itself through its display method, also asynchronously", async () => {
  const run = await kernel.execute(
    '({ [Symbol.for("Jupyter.display")]: async () => ({ "text/html": "<b>x</b>", "image/png": new Uint8Array([1, 2, 3]) }) })',
  );
  const result = run.messages.find(({ header }) => header.msg_type === "execute_result");
  expect(result?.content["data"]).toEqual({ "text/html": "<b>x</b>", "image/png": "AQID" });
});

test("each display function sends its MIME type", async () => {
  const run = await kernel.execute(
    [
      'display.html("h"); display.markdown("m"); display.latex("l"); display.svg("s"); display.png("cG5n");',
      'display.jpeg(new Uint8Array([255])); display.json({ a: 1 }); display.vegaLite({ mark: "bar" }); display.text("t");',
      'display.bundle({ "text/plain": "p", "text/html": "q" }); display({ a: 1 });',
    ].join("\n"),
  );
  expect(run.displays).toEqual([
    { "text/html": "h" },
    { "text/markdown": "m" },
    { "text/latex": "l" },
    { "image/svg+xml": "s" },
    { "image/png": "cG5n" },
    { "image/jpeg": "/w==" },
    { "application/json": { a: 1 }, "text/plain": "{ a: 1 }" },
    { "application/vnd.vegalite.v5+json": { mark: "bar" }, "text/plain": "Vega-Lite chart" },
    { "text/plain": "t" },
    { "text/plain": "p", "text/html": "q" },
    { "text/plain": "{ a: 1 }" },
  ]);
});

test("a display can be updated from a later cell and cleared", async () => {
  const first = await kernel.execute('const shown = display("one", { id: "mine" });');
  const transient = first.messages.find(({ header }) => header.msg_type === "display_data")?.content["transient"];
  expect(transient).toEqual({ display_id: "mine" });
  const second = await kernel.execute('shown.update("two"); display.clear({ wait: true });');
  const update = second.messages.find(({ header }) => header.msg_type === "update_display_data");
  expect(update?.content).toMatchObject({ data: { "text/plain": "'two'" }, transient: { display_id: "mine" } });
  expect(second.messages.find(({ header }) => header.msg_type === "clear_output")?.content).toEqual({ wait: true });
});

test("what a display function gives back is no result", async () => {
  const run = await kernel.execute('display.html("<b>once</b>")');
  expect(run.messages.map(({ header }) => header.msg_type)).not.toContain("execute_result");
});

test("what JSON can't carry is the cell's error", async () => {
  expect((await kernel.execute("display.json({ big: 1n })")).error).toContain("BigInt");
  expect((await kernel.execute('display.vegaLite({ mark: "bar", f: () => 1 })')).displays[0]).toMatchObject({
    "application/vnd.vegalite.v5+json": { mark: "bar" },
  });
});

test("notebooks of the tslab kernel find its module", async () => {
  const run = await kernel.execute(
    'import * as tslab from "tslab";\ntslab.display.html("<b>h</b>");\nconst d = tslab.newDisplay(); d.text("a"); d.text("b"); tslab.display.raw("text/x", "y");',
  );
  expect(run.displays).toEqual([{ "text/html": "<b>h</b>" }, { "text/plain": "a" }, { "text/x": "y" }]);
  const update = run.messages.find(({ header }) => header.msg_type === "update_display_data");
  expect(update?.content["data"]).toEqual({ "text/plain": "b" });
});
