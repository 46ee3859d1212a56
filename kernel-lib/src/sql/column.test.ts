import { expect, test } from "vitest";
import { toColumn } from "./column.ts";
import { recordingSession } from "./testkit.ts";

const a = toColumn("a");
// What plain JavaScript, and TypeScript whose types were lost, can write.
const untyped = a as unknown as number;

test.each([
  ["a comparison", () => untyped > 3],
  ["a sum", () => untyped + 1],
  ["an equality with a number", () => (untyped as unknown) == 1],
])("%s by JavaScript's operator is refused with the method to use", (_, operation) => {
  expect(operation).toThrow(/CANNOT_CONVERT_COLUMN_INTO_BOOL.*gt, eq, plus/);
});

test("in a template a column is its text", () => {
  expect(`${a}`).toBe("Column<'a'>");
});

test.each([undefined, null, 1, true, {}])("%o is no column and no name of one", (argument) => {
  const { session } = recordingSession();
  const frame = session.createDataFrame([{ a: 1 }]);
  expect(() => frame.select(argument as string)).toThrow("NOT_COLUMN_OR_STR");
  expect(() => frame.filter(argument as string)).toThrow("NOT_COLUMN_OR_STR");
});
