import { expect, test } from "vitest";
import type { CodeCell, JsonObject } from "./nbformat.ts";
import { OutputCollector } from "./output-collector.ts";

function setUp() {
  const collector = new OutputCollector();
  const cells = ["a", "b"].map((id): CodeCell => {
    const cell: CodeCell = { cell_type: "code", source: "", metadata: {}, execution_count: null, outputs: [] };
    collector.begin(cell, id);
    return cell;
  });
  const send = (msg_type: string, content: JsonObject, parent?: string) =>
    collector.receive({ msg_type, content, parent });
  return { a: cells[0]!, b: cells[1]!, send };
}

const stream = (text: string, name = "stdout") => ({ name, text });
const display = (value: string, id?: string) => ({
  data: { "text/plain": value },
  metadata: {},
  ...(id ? { transient: { display_id: id } } : {}),
});

test("stream texts of one name are merged, in order with the other one", () => {
  const { a, send } = setUp();
  send("stream", stream("1\n"), "a");
  send("stream", stream("2\n"), "a");
  send("stream", stream("oh\n", "stderr"), "a");
  expect(send("stream", stream("3\n"), "a")).toEqual({ cell: a, stream: { name: "stdout", text: "3\n" } });
  expect(a.outputs).toEqual([
    { output_type: "stream", name: "stdout", text: "1\n2\n" },
    { output_type: "stream", name: "stderr", text: "oh\n" },
    { output_type: "stream", name: "stdout", text: "3\n" },
  ]);
});

test("late output goes to the cell that caused it, output of no request to the latest cell", () => {
  const { a, b, send } = setUp();
  send("stream", stream("late"), "a");
  send("stream", stream("nobody's"));
  expect(send("stream", stream("foreign"), "of another client")).toBeUndefined();
  expect([a.outputs, b.outputs]).toMatchObject([[{ text: "late" }], [{ text: "nobody's" }]]);
});

test("update_display_data changes each display of its id, in finished cells too", () => {
  const { a, b, send } = setUp();
  send("display_data", display("old", "x"), "a");
  send("display_data", display("old", "x"), "b");
  send("display_data", display("other", "y"), "b");
  send("update_display_data", display("new", "x"), "b");
  expect(send("update_display_data", display("lost", "z"), "b")).toBeUndefined();
  expect(a.outputs).toEqual([{ output_type: "display_data", data: { "text/plain": "new" }, metadata: {} }]);
  expect(b.outputs).toMatchObject([{ data: { "text/plain": "new" } }, { data: { "text/plain": "other" } }]);
});

test("clear_output clears at once, or with the next output when it waits", () => {
  const { a, send } = setUp();
  send("stream", stream("1"), "a");
  send("clear_output", { wait: true }, "a");
  expect(a.outputs).toHaveLength(1);
  send("stream", stream("2"), "a");
  expect(a.outputs).toEqual([{ output_type: "stream", name: "stdout", text: "2" }]);
  send("clear_output", { wait: false }, "a");
  expect(a.outputs).toEqual([]);
});

test("results, errors and the execution count are kept as the notebook format has them", () => {
  const { a, send } = setUp();
  send("execute_input", { code: "1", execution_count: 7 }, "a");
  send("execute_result", { ...display("1"), execution_count: 7 }, "a");
  send("error", { ename: "Error", evalue: "no", traceback: ["Error: no"], extra: 1 }, "a");
  expect(send("status", { execution_state: "idle" }, "a")).toBeUndefined();
  expect(a.execution_count).toBe(7);
  expect(a.outputs).toEqual([
    { output_type: "execute_result", data: { "text/plain": "1" }, metadata: {}, execution_count: 7 },
    { output_type: "error", ename: "Error", evalue: "no", traceback: ["Error: no"] },
  ]);
});
