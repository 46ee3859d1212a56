import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { codeFrame, lineAndColumn } from "./code-frame.ts";

test("shows the line, its neighbours and a mark", () => {
  const frame = codeFrame("one\n\ttwo\nthree\nfour", 1, 2).map((line) => stripVTControlCharacters(line));
  expect(frame).toEqual(["  1 | one", "> 2 | \ttwo", "    | \t ^", "  3 | three"]);
});

test("finds the line and column of an offset", () => {
  expect(lineAndColumn("ab\ncd", 4)).toEqual({ line: 1, column: 1 });
});
