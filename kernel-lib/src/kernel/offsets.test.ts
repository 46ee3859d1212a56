import { expect, test } from "vitest";
import { toCodePoints, toUtf16 } from "./offsets.ts";

test("cursors count code points, code counts UTF-16 units", () => {
  const code = "a😀b";
  expect([0, 1, 2, 3, 9].map((cursor) => toUtf16(code, cursor))).toEqual([0, 1, 3, 4, 4]);
  expect([0, 1, 3, 4].map((offset) => toCodePoints(code, offset))).toEqual([0, 1, 2, 3]);
});
