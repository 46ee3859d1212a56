import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as arrow from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";

import { SparkError } from "../../../sql/errors.ts";
import type { DataType, StructField, StructType } from "../../../sql/types/data-type.ts";
import { raiseSql } from "../errors.ts";
import type { NativeFunction } from "../functions/definition.ts";
import { arrowSchema, duckdbType, structTypeOfArrow } from "../types.ts";
import type { Driver } from "./driver.ts";
import { openDriver } from "./driver.ts";
import type { Operation } from "./operation.ts";

let driver: Driver;
beforeAll(async () => {
  driver = await openDriver();
});
afterAll(() => driver.close());

async function inOperation<T>(work: (operation: Operation) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const operation = await driver.begin({ timeZone: "America/Los_Angeles", ...(signal ? { signal } : {}) });
  try {
    return await work(operation);
  } finally {
    await operation.end();
  }
}

function structOf(...fields: readonly (readonly [string, DataType, boolean?])[]): StructType {
  return {
    kind: "struct",
    fields: fields.map(([name, dataType, nullable = true]): StructField => ({ name, dataType, nullable })),
  };
}

async function collect(operation: Operation, sql: string, schema: StructType, natives: NativeFunction[] = []) {
  const batches = [];
  for await (const batch of operation.query(sql, schema, natives)) batches.push(batch);
  return batches;
}

const long: DataType = { kind: "long" };
const string: DataType = { kind: "string" };

const EVERY_TYPE: readonly (readonly [string, DataType, string])[] = [
  ["bool", { kind: "boolean" }, "[true, NULL, false]"],
  ["byte", { kind: "byte" }, "[-128, NULL, 127]"],
  ["short", { kind: "short" }, "[-32768, NULL, 32767]"],
  ["int", { kind: "integer" }, "[-2147483648, NULL, 2147483647]"],
  ["long", long, "[-9223372036854775808, NULL, 9223372036854775807]"],
  ["float", { kind: "float" }, "['1.5', NULL, 'NaN']"],
  ["double", { kind: "double" }, "['1.5', NULL, '-Infinity']"],
  ["string", string, "['short', NULL, 'longer than twelve bytes, and with é']"],
  ["binary", { kind: "binary" }, "['\\x00\\xFF', NULL, 'longer than twelve bytes']"],
  ["date", { kind: "date" }, "['1582-10-15', NULL, '9999-12-31']"],
  ["timestamp", { kind: "timestamp" }, "['2020-07-01 12:00:00.123456+00', NULL, '1900-01-01 00:00:00+00']"],
  ["ntz", { kind: "timestampNtz" }, "['2020-07-01 12:00:00.123456', NULL, '0001-01-01 00:00:00']"],
  ["dec4", { kind: "decimal", precision: 4, scale: 2 }, "[12.34, NULL, -99.99]"],
  ["dec9", { kind: "decimal", precision: 9, scale: 0 }, "[123456789, NULL, -1]"],
  ["dec18", { kind: "decimal", precision: 18, scale: 3 }, "[123456789012345.678, NULL, -1]"],
  ["dec38", { kind: "decimal", precision: 38, scale: 10 }, "['1234567890123456789012345678.0123456789', NULL, '-1']"],
  [
    "dayTime",
    { kind: "dayTimeInterval", startField: 0, endField: 3 },
    "['1 day 2 hours', NULL, '-3 seconds -5 microseconds']",
  ],
  ["yearMonth", { kind: "yearMonthInterval", startField: 0, endField: 1 }, "['14 months', NULL, '-1 month']"],
  ["calendar", { kind: "calendarInterval" }, "['1 month 2 days 3 seconds', NULL, '0 days']"],
  ["array", { kind: "array", elementType: string, containsNull: true }, "[['a', NULL], NULL, []]"],
  [
    "map",
    { kind: "map", keyType: string, valueType: long, valueContainsNull: true },
    "[MAP {'a': 1, 'b': NULL}, NULL, MAP {}]",
  ],
  [
    "struct",
    structOf(["x", long], ["x", string], ["inner", structOf(["y", { kind: "date" }])]),
    "[{f1: 1, f2: 'twice named x', f3: {f1: DATE '2020-01-01'}}, NULL, {f1: NULL, f2: NULL, f3: NULL}]",
  ],
  [
    "deep",
    {
      kind: "array",
      elementType: structOf([
        "m",
        {
          kind: "map",
          keyType: { kind: "integer" },
          valueType: { kind: "array", elementType: long, containsNull: false },
          valueContainsNull: false,
        },
      ]),
      containsNull: true,
    },
    "[[{f1: MAP {1: [1, 2], 2: []}}, NULL], NULL, []]",
  ],
  ["nothing", { kind: "null" }, "[NULL, NULL, NULL]"],
];

test("every type goes out as Arrow with Spark's types and comes back as it was", async () => {
  const schema = structOf(...EVERY_TYPE.map(([name, dataType]) => [name, dataType] as const));
  const columns = EVERY_TYPE.map(
    ([name, dataType, values]) => `unnest(CAST(${values} AS ${duckdbType(dataType)}[])) AS "${name}"`,
  );
  const sql = `SELECT ${columns.join(", ")}`;
  await inOperation(async (operation) => {
    const [batch] = await collect(operation, sql, schema);
    expect(batch?.rowCount).toBe(3);
    const table = arrow.tableFromIPC(batch?.data as Uint8Array);
    expect(structTypeOfArrow(table.schema)).toEqual(schema);
    const column = (name: string) => Array.from({ length: 3 }, (_, row) => table.getChild(name)?.get(row) as unknown);
    expect(column("bool")).toEqual([true, null, false]);
    expect(column("long")).toEqual([-9223372036854775808n, null, 9223372036854775807n]);
    expect(column("string")).toEqual(["short", null, "longer than twelve bytes, and with é"]);
    expect(column("binary")[0]).toEqual(Uint8Array.of(0, 255));
    expect(column("double")).toEqual([1.5, null, -Infinity]);
    const raw = (name: string) => table.getChild(name)?.data[0]?.values as BigInt64Array;
    expect(raw("timestamp")[0]).toBe(1593604800123456n);
    expect(raw("timestamp")[2]).toBe(-2208988800000000n);
    expect(raw("ntz")[2]).toBe(-62135596800000000n);
    expect(raw("dayTime")[0]).toBe(93_600_000_000n);
    expect(raw("dayTime")[2]).toBe(-3_000_005n);
    const decimals = (name: string) => new BigInt64Array(raw(name).buffer, raw(name).byteOffset, 6);
    expect(decimals("dec4")[0]).toBe(1234n);
    expect([decimals("dec4")[4], decimals("dec4")[5]]).toEqual([-9999n, -1n]);
    expect(
      JSON.stringify(table.getChild("deep")?.get(0), (_, value: unknown) =>
        typeof value === "bigint" ? Number(value) : value,
      ),
    ).toBe('[{"m":{"1":[1,2],"2":[]}},null]');

    const ids = schema.fields.map((_, i) => `a${i}`);
    const local = await operation.localTable({ schema, arrow: batch?.data as Uint8Array }, ids);
    const same = ids.map((id, i) => `${id} IS NOT DISTINCT FROM "${EVERY_TYPE[i]?.[0]}"`).join(" AND ");
    expect(await operation.rows(`SELECT count(*) FROM (${sql}) POSITIONAL JOIN ${local} WHERE ${same}`)).toEqual([
      [3n],
    ]);
    const [again] = await collect(operation, `SELECT * FROM ${local}`, schema);
    const text = (data: Uint8Array | undefined) =>
      JSON.stringify(arrow.tableFromIPC(data as Uint8Array).toArray(), (_, value: unknown) =>
        typeof value === "bigint" ? String(value) : value,
      );
    expect(text(again?.data)).toBe(text(batch?.data));
  });
});

test("columns whose names repeat keep their own types and values, out and in", async () => {
  const schema = structOf(["a", long], ["a", string], ["a", { kind: "integer" }]);
  await inOperation(async (operation) => {
    const [batch] = await collect(operation, "SELECT 1::BIGINT AS c0, 'text' AS c1, 7 AS c2", schema);
    const local = await operation.localTable({ schema, arrow: batch?.data as Uint8Array }, ["x", "y", "z"]);
    expect(await operation.rows(`SELECT x, y, z FROM ${local}`)).toEqual([[1n, "text", 7]]);
  });
});

test("an empty result gives one empty batch with the whole schema", async () => {
  const schema = structOf(...EVERY_TYPE.map(([name, dataType]) => [name, dataType, true] as const), [
    "id",
    long,
    false,
  ]);
  const nulls = schema.fields.map((field) => `NULL::${duckdbType(field.dataType)}`).join(", ");
  const batches = await inOperation((operation) => collect(operation, `SELECT ${nulls} WHERE false`, schema));
  expect(batches.map((batch) => batch.rowCount)).toEqual([0]);
  const table = arrow.tableFromIPC(batches[0]?.data as Uint8Array);
  expect(table.numRows).toBe(0);
  expect(structTypeOfArrow(table.schema)).toEqual(schema);
});

test("Arrow data made elsewhere come in: dictionaries, other units, many chunks", async () => {
  const words = ["one", "two", "a word of more than twelve bytes", null];
  const rows = 5000;
  const table = new arrow.Table({
    word: arrow.vectorFromArray(
      Array.from({ length: rows }, (_, i) => words[i % 4]),
      new arrow.Dictionary(new arrow.Utf8(), new arrow.Int16()),
    ),
    id: arrow.vectorFromArray(
      Array.from({ length: rows }, (_, i) => BigInt(i)),
      new arrow.Int64(),
    ),
    flag: arrow.vectorFromArray(
      Array.from({ length: rows }, (_, i) => i % 3 === 0),
      new arrow.Bool(),
    ),
    list: arrow.vectorFromArray(
      Array.from({ length: rows }, (_, i) => (i % 5 === 0 ? null : Array.from({ length: i % 4 }, (_, k) => k))),
      new arrow.List(new arrow.Field("element", new arrow.Int32(), true)),
    ),
    moment: arrow.makeVector(
      arrow.makeData({
        type: new arrow.TimestampSecond("UTC"),
        length: rows,
        data: BigInt64Array.from({ length: rows }, (_, i) => BigInt(i)),
      }),
    ),
  });
  const data = arrow.tableToIPC(table, "stream");
  await inOperation(async (operation) => {
    const local = await operation.localTable({ schema: structTypeOfArrow(table.schema), arrow: data }, [
      "word",
      "id",
      "flag",
      "list",
      "moment",
    ]);
    const wrong = `word IS DISTINCT FROM (['one', 'two', 'a word of more than twelve bytes', NULL])[id % 4 + 1]
      OR flag <> (id % 3 = 0) OR epoch(moment) <> id
      OR list IS DISTINCT FROM CASE WHEN id % 5 = 0 THEN NULL ELSE range(id % 4)::INTEGER[] END`;
    expect(await operation.rows(`SELECT count(*), count(*) FILTER (${wrong}) FROM ${local}`)).toEqual([
      [BigInt(rows), 0n],
    ]);
  });
});

test("a million rows stream whole while other operations run, in batches of bounded size", async () => {
  const schema = structOf(["id", long, false], ["text", string]);
  const sql =
    "SELECT i AS id, CASE WHEN i % 10 = 0 THEN NULL ELSE 'a text of some length ' || i END AS text FROM range(1000000) r(i)";
  await inOperation(async (operation) => {
    let rows = 0;
    let sum = 0n;
    let nulls = 0;
    let largest = 0;
    for await (const batch of operation.query(sql, schema, [])) {
      await inOperation((other) => collect(other, "SELECT 1::BIGINT, 'x' FROM range(3000)", schema));
      const table = arrow.tableFromIPC(batch.data);
      for (const id of table.getChild("id")?.toArray() as BigInt64Array) sum += id;
      const text = table.getChild("text") as arrow.Vector<arrow.Utf8>;
      nulls += text.nullCount;
      const first = (table.getChild("id") as arrow.Vector<arrow.Int64>).get(0) as bigint;
      expect(text.get(0)).toBe(first % 10n === 0n ? null : `a text of some length ${first}`);
      rows += batch.rowCount;
      largest = Math.max(largest, batch.rowCount);
    }
    expect({ rows, sum, nulls }).toEqual({ rows: 1_000_000, sum: 499999500000n, nulls: 100_000 });
    expect(largest).toBeLessThanOrEqual(62_048);
  });
});

test("cancelling ends a running query at once and the driver goes on", async () => {
  const abort = new AbortController();
  const started = performance.now();
  setTimeout(() => abort.abort(), 50);
  const running = inOperation(
    (operation) =>
      collect(
        operation,
        "SELECT count(*) FROM range(100000000) a, range(100000) b WHERE hash(a.range + b.range) = 7",
        structOf(["n", long]),
      ),
    abort.signal,
  );
  await expect(running).rejects.toMatchObject({ code: "OPERATION_CANCELED" });
  expect(performance.now() - started).toBeLessThan(5000);
  expect(await inOperation((operation) => operation.rows("SELECT 1"))).toEqual([[1]]);
});

test("a consumer may stop early, and an operation may end while its consumer waits", async () => {
  const schema = structOf(["i", long]);
  const sql = "SELECT range FROM range(3000000)";
  await inOperation(async (operation) => {
    for await (const batch of operation.query(sql, schema, [])) {
      expect(batch.rowCount).toBeGreaterThan(0);
      break;
    }
  });
  const operation = await driver.begin({ timeZone: "UTC" });
  const stream = operation.query(sql, schema, []);
  await stream.next();
  await operation.end();
  await expect(stream.next()).rejects.toMatchObject({ code: "OPERATION_CANCELED" });
});

test("an operation runs one statement at a time, so that no result can be cut short", async () => {
  await inOperation(async (operation) => {
    const stream = operation.query("SELECT range FROM range(3000000)", structOf(["i", long]), []);
    await stream.next();
    await expect(operation.run("SELECT 1")).rejects.toThrow("one statement at a time");
    await stream.return(undefined);
  });
});

test("native functions run, give null for null, and their conditions come back whole", async () => {
  const double: NativeFunction = {
    name: "test_double",
    parameters: ["BIGINT"],
    result: "BIGINT",
    evaluate(value: bigint) {
      if (value === 13n) {
        throw new SparkError("TEST_CONDITION.SUB", "The value 13 isn't\nliked.", {
          sqlState: "22003",
          messageParameters: { value: "13" },
        });
      }
      return value * 2n;
    },
  };
  const schema = structOf(["x", long]);
  await inOperation(async (operation) => {
    const [batch] = await collect(operation, "SELECT test_double(x) FROM (VALUES (1), (NULL), (3)) t(x)", schema, [
      double,
    ]);
    const values = arrow.tableFromIPC(batch?.data as Uint8Array).getChild("x");
    expect([values?.get(0), values?.get(1), values?.get(2)]).toEqual([2n, null, 6n]);
    await expect(
      collect(operation, "SELECT test_double(range) FROM range(20)", schema, [double]),
    ).rejects.toMatchObject({
      code: "TEST_CONDITION.SUB",
      message: "[TEST_CONDITION.SUB] The value 13 isn't\nliked. SQLSTATE: 22003",
      messageParameters: { value: "13" },
    });
  });
});

test("a raised condition comes back as it was, and only when it is evaluated", async () => {
  const raise = raiseSql("DIVIDE_BY_ZERO", "22012", `'It''s "zero": ' || x`);
  await inOperation(async (operation) => {
    expect(await operation.rows(`SELECT CASE WHEN x > 5 THEN ${raise} ELSE x END FROM range(3) t(x)`)).toHaveLength(3);
    await expect(
      operation.rows(`SELECT CASE WHEN x > 1 THEN ${raise} ELSE x END FROM range(3) t(x)`),
    ).rejects.toMatchObject({
      code: "DIVIDE_BY_ZERO",
      sqlState: "22012",
      message: `[DIVIDE_BY_ZERO] It's "zero": 2 SQLSTATE: 22012`,
    });
  });
});

test("the session time zone is each operation's own", async () => {
  const hour = async (timeZone: string) => {
    const operation = await driver.begin({ timeZone });
    try {
      return (await operation.rows("SELECT hour(TIMESTAMPTZ '2020-07-01 12:00:00+00')"))[0]?.[0];
    } finally {
      await operation.end();
    }
  };
  expect(await hour("UTC")).toBe(12n);
  expect(await hour("America/Los_Angeles")).toBe(5n);
  expect(await hour("+02:00")).toBe(14n);
  expect(await hour("UTC")).toBe(12n);
  await expect(hour("Mars/Olympus")).rejects.toMatchObject({ code: "INVALID_CONF_VALUE.TIME_ZONE" });
  await expect(hour("+05:30")).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
});

test("too little memory and no space to spill are said in words, and the spill folder is removed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
  const small = await openDriver({ memoryLimit: "40MB", threads: 1, tempDirectory: folder });
  try {
    const operation = await small.begin({ timeZone: "UTC" });
    await operation.run("SET max_temp_directory_size = '1MB'");
    const heavy = "CREATE TEMP TABLE big AS SELECT i, repeat('x', 100) || i AS t FROM range(5000000) r(i)";
    await expect(operation.run(heavy)).rejects.toMatchObject({
      code: "STORAGE_FULL",
      message: expect.stringContaining(folder) as string,
    });
    await operation.end();
    expect(existsSync(small.tempDirectory)).toBe(true);
  } finally {
    await small.close();
  }
  expect(existsSync(small.tempDirectory)).toBe(false);
  await rm(folder, { recursive: true });
});

test("progress is told while a statement runs; clean-ups run once at the end, last first", async () => {
  const operation = await driver.begin({ timeZone: "UTC" });
  const order: string[] = [];
  operation.onEnd(() => void order.push("first"));
  operation.onEnd(() => void order.push("second"));
  expect(operation.progress()).toBeUndefined();
  await operation.run("CREATE TEMP TABLE t AS SELECT range FROM range(1000)");
  await Promise.all([operation.end(), operation.end()]);
  expect(order).toEqual(["second", "first"]);
  expect(arrowSchema(structOf(["a", long]), "UTC").fields[0]?.name).toBe("a");
});
