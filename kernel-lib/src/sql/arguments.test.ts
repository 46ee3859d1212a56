import { expect, test } from "vitest";
import { recordingSession } from "./testkit.ts";

const { engine, session } = recordingSession();
const frame = session.createDataFrame([{ id: 1, amt: 2.5 }]);
/** The methods as plain JavaScript calls them. */
const js = frame as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
const call = async (method: string, ...args: readonly unknown[]): Promise<unknown> => js[method]!(...args);

const SHOW = "Write show(n, truncate, vertical), such as show(20, false).";

test.each<[readonly unknown[], string]>([
  [[{ n: 1 }], "[NOT_INT] Argument `n` should be an int, got object."],
  [[false], "[NOT_INT] Argument `n` should be an int, got bool."],
  [[2.5], "[NOT_INT] Argument `n` should be an int, got float."],
  [[NaN], "[NOT_INT] Argument `n` should be an int, got float."],
  [[null], "[NOT_INT] Argument `n` should be an int, got null."],
  [["5"], "[NOT_INT] Argument `n` should be an int, got str."],
  [[5, "no"], "[NOT_BOOL] Argument `truncate` should be a bool or an int, got str."],
  [[5, true, 1], "[NOT_BOOL] Argument `vertical` should be a bool, got int."],
])("show(...%j) says what show takes, and asks nothing of the engine", async (args, message) => {
  const before = engine.executed.length;
  await expect(call("show", ...args)).rejects.toThrow(`${message} ${SHOW}`);
  expect(engine.executed).toHaveLength(before);
});

test.each(["limit", "offset", "take", "head", "tail"])("%s takes a whole number only", async (method) => {
  for (const [value, kind] of [
    [2.5, "float"],
    ["2", "str"],
  ])
    await expect(call(method, value)).rejects.toThrow(
      `[NOT_INT] Argument \`num\` should be an int, got ${kind}. Write`,
    );
});

const SELECT = 'Write columns or names, such as select("a", col("b")), and a value as lit(5).';
const FILTER = 'Write filter(col("a").gt(1)), or SQL text such as filter("a > 1").';
const AGG =
  '[NOT_LIST_OF_COLUMN] Argument `exprs` should be a list of Columns. Write agg(F.max("a"), F.count("*")), or agg({ a: "max" }).';
const notColumn = (got: string, takes: string): string =>
  `[NOT_COLUMN_OR_STR] A column or the name of one is expected, and this is ${got}. ${takes}`;

test.each<[string, readonly unknown[], string]>([
  [
    "withColumn",
    ["x", 5],
    "[NOT_COLUMN] Argument `col` of the column x should be a Column, got int. Use lit(5) for a value.",
  ],
  [
    "withColumn",
    ["x", "id"],
    '[NOT_COLUMN] Argument `col` of the column x should be a Column, got str. Use lit("id") for a value, col("id") for another column.',
  ],
  ["withColumns", [{ x: null }], "[NOT_COLUMN] Argument `col` of the column x should be a Column, got null."],
  ["filter", [5], notColumn("number", FILTER)],
  ["where", [true], notColumn("boolean", FILTER)],
  ["select", [5], notColumn("number", SELECT)],
  ["select", ["id", null], notColumn("null", SELECT)],
  ["agg", [5], AGG],
  ["agg", ["amt"], AGG],
  ["agg", [{ amt: 5 }], AGG],
  ["agg", [null], AGG],
  [
    "orderBy",
    ["amt", { ascending: false }],
    notColumn("object", 'Write the direction at the column, such as orderBy(col("a").desc()).'),
  ],
  ["sort", [5], notColumn("number", 'Write columns or names, such as orderBy("a", col("b").desc()).')],
])("%s(...%j) says what it takes", async (method, args, message) => {
  await expect(call(method, ...args)).rejects.toThrow(message);
});
