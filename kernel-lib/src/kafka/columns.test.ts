import { expect, test } from "vitest";
import { textAt, utf8Column } from "./columns.ts";

test("a column gives back its texts and nulls", () => {
  const texts = [
    "",
    "ä€𝄞",
    null,
    "x".repeat(300),
    null,
    ...Array.from({ length: 40 }, (_, i) => (i % 3 ? `row ${i}` : null)),
  ];
  const column = utf8Column(texts);
  expect(texts.map((_, row) => textAt(column, row))).toEqual(texts);
  expect(column.offsets).toHaveLength(texts.length + 1);
});

test("a column without nulls has no validity", () => {
  expect(utf8Column(["a", "b"])).toEqual({ data: new Uint8Array([97, 98]), offsets: new Int32Array([0, 1, 2]) });
});
