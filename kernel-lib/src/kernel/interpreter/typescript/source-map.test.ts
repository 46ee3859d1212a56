import { expect, test } from "vitest";
import { decodeMappings, positionReader } from "./source-map.ts";

test("reads mappings with several lines, negative steps and long numbers", () => {
  expect(decodeMappings("AAAA,IAAI;AACA,gBADoB")).toEqual([
    [
      [0, 0, 0],
      [4, 0, 4],
    ],
    [
      [0, 1, 4],
      [16, 0, 24],
    ],
  ]);
});

test("takes back what was moved on a line", () => {
  const read = positionReader({ mappings: "AAAA,IAAI", shifts: [[0, 10, 10]] });
  expect(read({ line: 0, column: 14 })).toEqual({ line: 0, column: 4 });
  expect(read({ line: 5, column: 0 })).toBeUndefined();
});
