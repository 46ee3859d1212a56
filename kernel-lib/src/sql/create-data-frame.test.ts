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
