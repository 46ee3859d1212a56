import { afterAll, beforeAll, expect, test } from "vitest";

import { simpleString } from "../../../sql/types/index.ts";
import { SourceFixture } from "./source-fixture.ts";

let fixture: SourceFixture;
beforeAll(async () => {
  fixture = await SourceFixture.open();
});
afterAll(() => fixture.close());

async function make(name: string, select: string): Promise<string> {
  const path = await fixture.file(name, "");
  await fixture.inOperation((operation) => operation.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`));
  return path;
}

test("foreign files: types, nested ones with any names, unsigned ones, time zones", async () => {
  const path = await make(
    "foreign.parquet",
    `SELECT 1::UTINYINT AS u8, 2::UBIGINT AS u64, 'x' AS s, 'ab'::BLOB AS bin, 1.50::DECIMAL(5,2) AS d,
      TIMESTAMPTZ '2020-01-02 03:04:05.678+00' AS ts, TIMESTAMP '2020-01-02 03:04:05' AS ntz,
      [{'A b': 1, 'deep': MAP {'k': [1.5::DOUBLE, NULL]}}, NULL] AS nested`,
  );
  const source = await fixture.resolve("parquet", path);
  expect(source.schema.fields.map(({ name, dataType }) => `${name} ${simpleString(dataType)}`)).toEqual([
    "u8 smallint",
    "u64 decimal(20,0)",
    "s string",
    "bin binary",
    "d decimal(5,2)",
    "ts timestamp",
    "ntz timestamp_ntz",
    "nested array<struct<A b:int,deep:map<string,array<double>>>>",
  ]);
  expect(await fixture.rows(source)).toEqual([
    [
      "1",
      "2",
      "x",
      "ab",
      "1.50",
      "2020-01-02 03:04:05.678+00",
      "2020-01-02 03:04:05",
      "[{'f1': 1, 'f2': {k=[1.5, NULL]}}, NULL]",
    ],
  ]);
});

test("a given schema: by name in any case, wider types, missing columns null, others refused", async () => {
  const path = await make("given.parquet", "SELECT 3::INTEGER AS i, 1.5::FLOAT AS f, {'x': 1, 'y': 2} AS st");
  expect(
    await fixture.read("parquet", path, {}, "I BIGINT, f DOUBLE, nope STRING, st STRUCT<y: BIGINT, z: INT>"),
  ).toEqual([["3", "1.5", null, "{'f1': 2, 'f2': NULL}"]]);
  await expect(fixture.read("parquet", path, {}, "i STRING")).rejects.toMatchObject({
    code: "FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH",
  });
});

test("a folder with partitions and with files whose columns differ", async () => {
  await make("p/day=2020-01-01/a.parquet", "SELECT 1 AS x");
  await make("p/day=2020-01-02/b.parquet", "SELECT 2 AS x, 'new' AS y");
  expect((await fixture.read("parquet", fixture.path("p"))).sort()).toEqual([
    ["1", "2020-01-01"],
    ["2", "2020-01-02"],
  ]);
  expect((await fixture.read("parquet", fixture.path("p"), { mergeSchema: "true" })).sort()).toEqual([
    ["1", null, "2020-01-01"],
    ["2", "new", "2020-01-02"],
  ]);
});

test("a file that is no Parquet file is said to be none", async () => {
  const path = await fixture.file("bad.parquet", "not parquet at all, but long enough");
  await expect(fixture.read("parquet", path)).rejects.toMatchObject({ code: "FAILED_READ_FILE.NO_HINT" });
});
