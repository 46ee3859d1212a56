// What createDataFrame takes and refuses beside the values of session.test.ts.
import { expect, test } from "vitest";
import { recordingSession } from "./testkit.ts";

const { session } = recordingSession();

test("two columns may have one name, with and without types", async () => {
  for (const schema of [["x", "x"], "x BIGINT, x BIGINT"]) {
    const frame = session.createDataFrame(
      [
        [1, 2],
        [3, null],
      ],
      schema,
    );
    expect(await frame.columns()).toEqual(["x", "x"]);
    expect((await frame.collect()).map((row) => [row.get(0), row.get(1)])).toEqual([
      [1n, 2n],
      [3n, null],
    ]);
  }
  const three = session.createDataFrame(
    [
      [1, "a", null],
      [2.5, "b", true],
    ],
    ["x", "y", "x"],
  );
  expect(await three.dtypes()).toEqual([
    ["x", "double"],
    ["y", "string"],
    ["x", "boolean"],
  ]);
  expect(() => session.createDataFrame([[1, 2]], ["x", "x", "x"])).toThrow(
    "the rows have 2 values, 3 names were given",
  );
});

test("values that contain themselves or are nested without end are refused", () => {
  const cyclic: Record<string, unknown> = { id: 1 };
  cyclic["self"] = [cyclic];
  const map = new Map<string, unknown>();
  map.set("map", map);
  for (const data of [[cyclic], [{ a: cyclic }], [[cyclic]], [[map]]]) {
    expect(() => session.createDataFrame(data)).toThrow(
      "[UNSUPPORTED_DATA_TYPE] A value contains itself, which no type of Spark describes. Give what is needed of it as plain values, or as JSON text.",
    );
  }
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = [deep];
  expect(() => session.createDataFrame([{ deep }])).toThrow("A value is nested deeper than 100 levels");
  const twice = { n: 1 };
  expect(session.createDataFrame([{ a: twice, b: [twice, twice] }]).knownSchema?.fields).toHaveLength(2);
});

test.each<[unknown, string]>([
  ["abc", "string"],
  [5, "number"],
  [null, "null"],
  [undefined, "undefined"],
  [{ id: 1 }, "Object"],
  [new Set([1]), "Set"],
  [session.range(2), "DataFrame"],
])("rows given as %s are refused with what can be given", (data, given) => {
  expect(() => session.createDataFrame(data as never)).toThrow(
    `[INVALID_TYPE] Argument \`data\` should not be a ${given}. Give the rows as an array of objects or arrays, such as [{ id: 1 }], as an Arrow table, or as Arrow batches.`,
  );
});
