import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { afterAll, beforeAll, expect, test } from "vitest";

import { parseSchema } from "../../../sql/types/index.ts";
import { raiseSql } from "../errors.ts";
import { duckdbType } from "../types.ts";
import { SourceFixture, semantics } from "./source-fixture.ts";
import type { WriteRequest } from "./write.ts";
import { write } from "./write.ts";

// The expected bytes are those that Spark 4.0.1 writes for the same rows.
let fixture: SourceFixture;
beforeAll(async () => {
  fixture = await SourceFixture.open();
});
afterAll(() => fixture.close());

type Given = Partial<Omit<WriteRequest, "schema">> & {
  readonly ddl: string;
  readonly sql: string;
  readonly format: string;
};

async function save(name: string, given: Given) {
  const { ddl, ...rest } = given;
  const schema = parseSchema(ddl);
  return fixture.inOperation((operation) =>
    write({
      operation,
      schema,
      natives: [],
      mode: "error",
      path: fixture.path(name),
      options: {},
      partitionBy: [],
      semantics,
      ...rest,
    }),
  );
}

/** Each file's place and content, names without their unique part. */
async function contents(name: string): Promise<Record<string, string>> {
  const entries = await readdir(fixture.path(name), { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = await Promise.all(files.sort().map(async (file) => [file, await readFile(file, "utf8")] as const));
  return Object.fromEntries(
    read.map(([file, text]) => [
      file.slice(fixture.path(name).length + 1).replace(/-[0-9a-f]{8}-[0-9a-f-]{27}/, "-ID"),
      text,
    ]),
  );
}

/** What lies beside the outputs and should not. */
async function leftovers(): Promise<string[]> {
  return (await readdir(fixture.folder)).filter((name) => name.startsWith("."));
}

const ROWS = "VALUES (1, 'a b', NULL, 'x'), (2, '', 'q\"q, ' || chr(10), NULL), (3, '\\', 'tab' || chr(9), ' y ')";
const ROWS_DDL = "i INT, s STRING, t STRING, p STRING";

test("csv: quoted where needed, white space cut, empty and null told apart", async () => {
  const result = await save("csv", { format: "csv", ddl: ROWS_DDL, sql: ROWS });
  expect(result).toEqual({ rows: 3, files: 1, bytes: 33 });
  expect(await contents("csv")).toEqual({
    _SUCCESS: "",
    "part-00000-ID-c000.csv": '1,a b,,x\n2,"","q\\"q,",\n3,\\,tab,y\n',
  });
  await save("csvh", { format: "csv", ddl: ROWS_DDL, sql: ROWS, options: { header: "true" } });
  expect((await contents("csvh"))["part-00000-ID-c000.csv"]).toMatch(/^i,s,t,p\n1,a b,,x\n/);
  await save("csvq", { format: "csv", ddl: ROWS_DDL, sql: ROWS, options: { escape: '"', quoteAll: "true" } });
  expect((await contents("csvq"))["part-00000-ID-c000.csv"]).toBe(
    '"1","a b","","x"\n"2","","q""q,",""\n"3","\\","tab","y"\n',
  );
});

const TYPES: readonly (readonly [string, string])[] = [
  ["d DOUBLE", "1.5"],
  ["dec DECIMAL(5,2)", "1.10"],
  ["b BOOLEAN", "true"],
  ["dt DATE", "'2020-01-02'"],
  ["ts TIMESTAMP", "'2020-01-02 03:04:05.678+00'"],
  ["tn TIMESTAMP_NTZ", "'2020-01-02 03:04:05.678'"],
  ["big DOUBLE", "1e20"],
  ["nan DOUBLE", "'NaN'"],
  ["small DOUBLE", "1e-5"],
];

function typed(pairs: readonly (readonly [string, string])[]) {
  const ddl = pairs.map(([column]) => column).join(", ");
  const schema = parseSchema(ddl);
  return {
    ddl,
    sql: `SELECT ${pairs.map(([, value], i) => `CAST(${value} AS ${duckdbType(schema.fields[i]!.dataType)})`).join(", ")}`,
  };
}

test("csv and json print values as Spark does", async () => {
  await save("csvt", { format: "csv", ...typed(TYPES) });
  expect((await contents("csvt"))["part-00000-ID-c000.csv"]).toBe(
    "1.5,1.10,true,2020-01-02,2020-01-02T03:04:05.678Z,2020-01-02T03:04:05.678,1.0E20,NaN,1.0E-5\n",
  );
  await save("jsont", {
    format: "json",
    ...typed([
      ...TYPES.slice(0, 6),
      ["bin BINARY", "'ab'"],
      ["arr ARRAY<INT>", "[1, NULL]"],
      ["m MAP<STRING, INT>", "MAP {'k': 1}"],
      ["st STRUCT<x: INT, y: STRING>", "row(1, NULL)"],
      ["none STRING", "NULL"],
      ["itv INTERVAL DAY", "INTERVAL 1 DAY"],
    ]),
  });
  expect((await contents("jsont"))["part-00000-ID-c000.json"]).toBe(
    '{"d":1.5,"dec":1.10,"b":true,"dt":"2020-01-02","ts":"2020-01-02T03:04:05.678Z","tn":"2020-01-02T03:04:05.678","bin":"YWI=","arr":[1,null],"m":{"k":1},"st":{"x":1},"itv":"INTERVAL \'1\' DAY"}\n',
  );
});

test("text: one column, a line each, null is empty; packed when asked", async () => {
  const sql = "VALUES ('a' || chr(10) || 'b'), (NULL), (''), ('\x02 \"q\" ''x'' é')";
  await save("text", { format: "text", ddl: "v STRING", sql, options: { compression: "gzip" } });
  const [name] = (await readdir(fixture.path("text"))).filter((file) => file.endsWith(".txt.gz"));
  expect(gunzipSync(await readFile(fixture.path(`text/${name}`))).toString()).toBe("a\nb\n\n\n\x02 \"q\" 'x' é\n");
  await expect(save("text2", { format: "text", ddl: ROWS_DDL, sql: ROWS })).rejects.toMatchObject({
    code: "UNSUPPORTED_TEXT_COLUMNS",
  });
  await expect(save("text2", { format: "text", ddl: "i INT", sql: "SELECT 1" })).rejects.toMatchObject({
    code: "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
  });
});

test("an empty result writes one empty file", async () => {
  expect(await save("none", { format: "csv", ddl: "i INT", sql: "SELECT 1 WHERE false" })).toEqual({
    rows: 0,
    bytes: 0,
    files: 1,
  });
  expect(await contents("none")).toEqual({ _SUCCESS: "", "part-00000-ID-c000.csv": "" });
});

test("partitionBy: folders with Spark's escapes, null and empty in Hive's own", async () => {
  const sql = "VALUES (1, 'x'), (2, 'a/b=c d:é%'), (3, ''), (4, NULL)";
  await save("parts", { format: "csv", ddl: "a INT, p STRING", sql, partitionBy: ["P"] });
  expect(await contents("parts")).toEqual({
    _SUCCESS: "",
    "p=__HIVE_DEFAULT_PARTITION__/part-00000-ID.c000.csv": "3\n4\n",
    "p=a%2Fb%3Dc d%3Aé%25/part-00000-ID.c000.csv": "2\n",
    "p=x/part-00000-ID.c000.csv": "1\n",
  });
  const dates = {
    ...typed([
      ["a INT", "1"],
      ["dt DATE", "'2020-01-02'"],
      ["ts TIMESTAMP", "'2020-01-02 03:04:05+00'"],
      ["x DOUBLE", "1.5"],
    ]),
  };
  await save("dates", { format: "json", ...dates, partitionBy: ["dt", "ts", "x"] });
  expect(await contents("dates")).toEqual({
    _SUCCESS: "",
    "dt=2020-01-02/ts=2020-01-02 03%3A04%3A05/x=1.5/part-00000-ID.c000.json": '{"a":1}\n',
  });
  const read = await fixture.read("csv", fixture.path("parts"));
  expect(read.sort()).toEqual([
    ["1", "x"],
    ["2", "a/b=c d:é%"],
    ["3", null],
    ["4", null],
  ]);
  await expect(save("all", { format: "csv", ddl: "a INT", sql: "SELECT 1", partitionBy: ["a"] })).rejects.toMatchObject(
    {
      code: "ALL_PARTITION_COLUMNS_NOT_ALLOWED",
    },
  );
  await expect(save("all", { format: "csv", ddl: "a INT", sql: "SELECT 1", partitionBy: ["b"] })).rejects.toThrow(
    "not found in schema",
  );
});

test("parquet: real names, intervals and nested values come back as they went", async () => {
  const pairs = [
    ...TYPES,
    [
      "nested ARRAY<STRUCT<`A b`: INT, m: MAP<STRING, STRUCT<x: DATE>>>>",
      "[row(1, MAP {'k': row(DATE '2020-01-02')}), NULL]",
    ],
    ["dayTime INTERVAL DAY TO SECOND", "INTERVAL '1 day 2 seconds'"],
    ["yearMonth INTERVAL YEAR TO MONTH", "INTERVAL '-14 months'"],
  ] as const;
  const { ddl, sql } = typed(pairs);
  await save("pq", { format: "parquet", ddl, sql });
  const [name = ""] = (await readdir(fixture.path("pq"))).filter((file) => file.startsWith("part"));
  expect(name).toMatch(/^part-00000-[0-9a-f-]{36}-c000\.snappy\.parquet$/);
  const source = await fixture.resolve("parquet", fixture.path("pq"));
  expect(source.schema).toEqual(parseSchema(ddl));
  const expected = await fixture.inOperation((operation) => operation.rows(`SELECT COLUMNS(*)::VARCHAR FROM (${sql})`));
  expect(
    (await fixture.rows(source)).map((row) => row.map((x) => x?.toString().replace("24:00:02", "1 day 00:00:02"))),
  ).toEqual(expected);
  const schema = await fixture.inOperation((operation) =>
    operation.rows(`SELECT name FROM parquet_schema('${fixture.path(`pq/${name}`)}')`),
  );
  expect(schema.flat()).toContain("A b");
});

test("modes: error, ignore, append, overwrite", async () => {
  const one = (value: number, mode: WriteRequest["mode"]) =>
    save("modes", { format: "csv", ddl: "i INT", sql: `SELECT ${value}`, mode });
  await one(1, "error");
  await expect(one(2, "error")).rejects.toMatchObject({
    message: `[PATH_ALREADY_EXISTS] Path file:${fixture.path("modes")} already exists. Set mode as "overwrite" to overwrite the existing path. SQLSTATE: 42K04`,
  });
  expect(await one(2, "ignore")).toEqual({ rows: 0, bytes: 0, files: 0 });
  await one(3, "append");
  expect((await fixture.read("csv", fixture.path("modes"))).flat().sort()).toEqual(["1", "3"]);
  await one(4, "overwrite");
  expect(await fixture.read("csv", fixture.path("modes"))).toEqual([["4"]]);
  expect(await leftovers()).toEqual([]);
});

test("a write that fails or is canceled leaves the old data and nothing else", async () => {
  await save("kept", { format: "json", ddl: "i BIGINT", sql: "SELECT 1::BIGINT" });
  const failing = `SELECT CASE WHEN range > 900000 THEN ${raiseSql("DIVIDE_BY_ZERO", "22012", "'no'")} ELSE range END FROM range(1000000)`;
  for (const mode of ["overwrite", "append"] as const) {
    await expect(save("kept", { format: "json", ddl: "i BIGINT", sql: failing, mode })).rejects.toMatchObject({
      code: "DIVIDE_BY_ZERO",
    });
  }
  await expect(save("never", { format: "parquet", ddl: "i BIGINT", sql: failing })).rejects.toMatchObject({
    code: "DIVIDE_BY_ZERO",
  });
  const abort = new AbortController();
  const operation = await fixture.driver.begin({ timeZone: "UTC", signal: abort.signal });
  setTimeout(() => abort.abort(), 100);
  const schema = parseSchema("i BIGINT");
  const request = {
    operation,
    schema,
    natives: [],
    options: {},
    partitionBy: [],
    semantics,
    format: "csv",
    mode: "overwrite",
  } as const;
  const endless = "SELECT a.range FROM range(1000000) a, range(1000000) b";
  await expect(write({ ...request, sql: endless, path: fixture.path("kept") })).rejects.toMatchObject({
    code: "OPERATION_CANCELED",
  });
  await operation.end();
  expect(await fixture.read("text", fixture.path("kept"))).toEqual([['{"i":1}']]);
  expect(await leftovers()).toEqual([]);
  expect(await readdir(fixture.folder)).not.toContain("never");
});

test("sorted rows stay in order, and large outputs can be cut into files", async () => {
  const sql = "SELECT range FROM range(500000) ORDER BY range DESC";
  await save("sorted", { format: "csv", ddl: "i BIGINT", sql });
  const text = (await contents("sorted"))["part-00000-ID-c000.csv"] as string;
  expect(text.split("\n").slice(0, 2)).toEqual(["499999", "499998"]);
  expect(text.trimEnd().split("\n").at(-1)).toBe("0");
  const result = await save("cut", {
    format: "csv",
    ddl: "i BIGINT",
    sql,
    options: { "sluice.maxFileBytes": "500KB" },
  });
  expect(result.rows).toBe(500_000);
  expect(result.files).toBeGreaterThan(2);
  expect(Object.keys(await contents("cut"))[1]).toBe("part-00000-ID-c000.csv");
});

test("noop runs the query and writes nothing; progress is told", async () => {
  const told: number[] = [];
  const sql = "SELECT count(*) FROM range(30000000) r(i) WHERE hash(i) % 7 = 3 GROUP BY i % 1000";
  const result = await save("slow", {
    format: "csv",
    ddl: "n BIGINT",
    sql,
    onProgress: ({ fraction }) => told.push(fraction),
  });
  expect(result.rows).toBe(1000);
  expect(told.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
  expect(await save("noop", { format: "noop", ddl: "n BIGINT", sql: "SELECT range FROM range(10)" })).toEqual({
    rows: 10,
    bytes: 0,
    files: 0,
  });
  const failing = `SELECT ${raiseSql("DIVIDE_BY_ZERO", "22012", "'no'")}::BIGINT`;
  await expect(save("noop", { format: "noop", ddl: "n BIGINT", sql: failing })).rejects.toMatchObject({
    code: "DIVIDE_BY_ZERO",
  });
});

test("what a format has no place for is refused before anything runs", async () => {
  await expect(save("no", { format: "csv", ddl: "a ARRAY<INT>", sql: "SELECT [1]" })).rejects.toThrow(
    `The CSV datasource doesn't support the column \`a\` of the type "ARRAY<INT>".`,
  );
  await expect(save("no", { format: "json", ddl: "a INT, A INT", sql: "SELECT 1, 2" })).rejects.toMatchObject({
    code: "COLUMN_ALREADY_EXISTS",
  });
  await expect(save("no", { format: "orc", ddl: "a INT", sql: "SELECT 1" })).rejects.toMatchObject({
    code: "DATA_SOURCE_NOT_FOUND",
  });
  await mkdir(fixture.path("parent"));
  await writeFile(fixture.path("parent/file"), "");
  await expect(save("parent/file/below", { format: "csv", ddl: "a INT", sql: "SELECT 1" })).rejects.toMatchObject({
    code: "ALREADY_EXISTS",
  });
  expect(await readdir(fixture.folder)).not.toContain("no");
});
