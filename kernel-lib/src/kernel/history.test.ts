import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { History } from "./history.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-history-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the tail, ranges and searches of a session", () => {
  const history = new History();
  ["a = 1", "b", "a = 2", "b"].forEach((code, index) => history.add(index + 1, code));
  expect(history.find({ access: "tail", n: 2 })).toEqual([
    [1, 3, "a = 2"],
    [1, 4, "b"],
  ]);
  expect(history.find({ access: "range", session: 0, start: 2, stop: 4 }).map(([, line]) => line)).toEqual([2, 3]);
  expect(history.find({ access: "range", session: 9, start: 0 })).toEqual([]);
  expect(history.find({ access: "search", pattern: "a = ?" })).toHaveLength(2);
  expect(history.find({ access: "search", pattern: "b", unique: true })).toEqual([[1, 4, "b"]]);
  expect(history.find({ access: "search", pattern: "a.*" })).toEqual([]);
  expect(history.find({ access: "search", pattern: "*", n: 1 })).toEqual([[1, 4, "b"]]);
});

test("results are remembered with their cell", () => {
  const history = new History();
  history.add(1, "x");
  history.setOutput(1, "5");
  const [entry] = history.find({ access: "tail" });
  expect(entry && history.outputOf(entry)).toBe("5");
});

test("the file carries cells into the next session; a line cut short is left out", () => {
  const file = join(folder, "deep", "history.jsonl");
  const first = new History(file);
  first.add(1, "one\ntwo");
  writeFileSync(file, readFileSync(file, "utf8") + '[1,2,"cut');
  const second = new History(file);
  second.add(1, "three");
  expect(second.find({ access: "range", session: -1, start: 0 })).toEqual([[1, 1, "one\ntwo"]]);
  expect(second.find({ access: "tail" }).map(([session]) => session)).toEqual([1, 2]);
});

test("a file that can't be written does not stop a cell", () => {
  const blocked = join(folder, "a-file");
  writeFileSync(blocked, "");
  const history = new History(join(blocked, "history.jsonl"));
  history.add(1, "x");
  expect(history.find({ access: "tail" })).toHaveLength(1);
});
