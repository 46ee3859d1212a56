import { afterAll, beforeAll, expect, test } from "vitest";

import { simpleString } from "../../../sql/types/index.ts";
import { SourceFixture } from "./source-fixture.ts";

// The expected rows and schemas are those of Spark 4.0.1 for the same files.
let fixture: SourceFixture;
beforeAll(async () => {
  fixture = await SourceFixture.open();
});
afterAll(() => fixture.close());

const DDL =
  "i INT, s STRING, d DOUBLE, b BOOLEAN, dt DATE, ts TIMESTAMP, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x: INT, y: STRING>, _corrupt_record STRING";

/** Reads one document, and gives the columns that are not null by name. */
async function read(text: string, options: Record<string, string> = {}): Promise<Record<string, unknown>[]> {
  const source = await fixture.resolve("json", await fixture.file("one.json", text), options, DDL);
  const rows = await fixture.rows(source);
  return rows.map((row): Record<string, unknown> =>
    Object.fromEntries<unknown>(
      row.flatMap((value, i) => (value === null ? [] : [[source.schema.fields[i]?.name ?? "", value] as const])),
    ),
  );
}

const bad = (text: string, values: Record<string, string> = {}) => [{ ...values, _corrupt_record: text }];

test("values of the right types are read, nested ones too", async () => {
  const good =
    '{"i":1,"s":"x","d":1.5,"b":true,"dt":"2020-01-02","ts":"2020-01-02T03:04:05.678Z","a":[1,null],"m":{"k":1},"st":{"x":1,"y":"z"}}';
  expect(await read(good)).toEqual([
    {
      i: "1",
      s: "x",
      d: "1.5",
      b: "true",
      dt: "2020-01-02",
      ts: "2020-01-02 03:04:05.678+00",
      a: "[1, NULL]",
      m: "{k=1}",
      st: "{'f1': 1, 'f2': z}",
    },
  ]);
});

test("values of other types are null and make the row corrupt", async () => {
  for (const [text, values] of [
    ['{"i":"1","s":2,"d":"1.5","b":"true","dt":"x"}', { s: "2" }],
    ['{"i":1.0,"s":{"z": 1},"d":"NaN","b":1}', { s: '{"z": 1}', d: "nan" }],
    ['{"i":99999999999,"s":[1, 2],"d":5}', { s: "[1, 2]", d: "5.0" }],
    ['{"s":1.50,"i":1e2}', { s: "1.50" }],
    ['{"st":{"x":"bad","y":"ok"},"a":[1,"x",3],"m":{"k":"bad"}}', { st: "{'f1': NULL, 'f2': ok}" }],
    ['{"st":5,"s":"after"}', { s: "after" }],
    ["not json", {}],
    ["null", {}],
    ["5", {}],
    ['"x"', {}],
  ] as const) {
    expect(await read(text), text).toEqual(bad(text, values));
  }
});

test("documents: arrays are rows, blank lines are none, what follows is not looked at", async () => {
  expect(await read('[{"i":7},{"i":8}]\n\n{"i":1} trailing\n[]\n{}\n')).toEqual([
    { i: "7" },
    { i: "8" },
    { i: "1" },
    {},
  ]);
  expect(await read('{"I":5,"unknown":1}')).toEqual([{}]);
  expect(await read('{"i":1,"i":2}')).toEqual([{ i: "2" }]);
  expect(await read("{'i':3, 's': 'it\\'s'}")).toEqual([{ i: "3", s: "it's" }]);
  expect(await read('{"s":"\\u00e9\\n\\"\\/ü"}')).toEqual([{ s: 'é\n"/ü' }]);
  expect(await read('[{"i":1,\n"s":"a\\nb"},{"i":3}]', { multiLine: "true" })).toEqual([
    { i: "1", s: "a\nb" },
    { i: "3" },
  ]);
});

test("modes: drop and fail", async () => {
  const text = '{"i":1}\nnot json\n{"i":"x"}\n{"i":2}\n';
  expect(await read(text, { mode: "DROPMALFORMED" })).toEqual([{ i: "1" }, { i: "2" }]);
  await expect(read(text, { mode: "FAILFAST" })).rejects.toMatchObject({ code: "FAILED_READ_FILE.NO_HINT" });
});

test("the schema is the union of all documents, sorted by name", async () => {
  const schema = async (text: string) =>
    simpleString((await fixture.resolve("json", await fixture.file("two.json", text))).schema);
  expect(
    await schema(
      '{"b":1,"a":{"y":1,"x":2.5},"c":[1,2.5],"d":"2020-01-01","e":null,"f":[],"g":true,"h":[{"q":1},{"r":"x"}]}\n{"b":99999999999999999999,"a":{"x":1},"g":"s"}\n',
    ),
  ).toBe(
    "struct<a:struct<x:double,y:bigint>,b:decimal(20,0),c:array<double>,d:string,e:string,f:array<string>,g:string,h:array<struct<q:bigint,r:string>>>",
  );
  expect(await schema('{"z":1}\nnot json\n')).toBe("struct<_corrupt_record:string,z:bigint>");
  await expect(schema('{"i":1,"i":2}')).rejects.toMatchObject({ code: "COLUMN_ALREADY_EXISTS" });
  await expect(schema("\n")).rejects.toMatchObject({ code: "UNABLE_TO_INFER_SCHEMA" });
});
