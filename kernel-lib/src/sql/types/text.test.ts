import { expect, test } from "vitest";
import { parseSchema } from "./ddl.ts";
import { fromJson, toJson } from "./json.ts";
import { fromProto, toProto } from "./proto.ts";
import { sqlName, treeString } from "./text.ts";

const everything = parseSchema(
  "z BOOLEAN NOT NULL, a TINYINT, b SMALLINT, c INT COMMENT 'x', d BIGINT, e FLOAT, f DOUBLE, g DECIMAL(12,2), h STRING, i BINARY, " +
    "j DATE, k TIMESTAMP, l TIMESTAMP_NTZ, m INTERVAL DAY TO SECOND, n INTERVAL YEAR TO MONTH, o VOID, p INTERVAL, " +
    "q ARRAY<STRUCT<x: INT NOT NULL>>, r MAP<STRING, ARRAY<INT>>, s STRUCT<`t u`: STRUCT<v: DATE>>",
);

test("every type survives JSON, SQL text and Connect's message", () => {
  expect(fromJson(toJson(everything))).toEqual(everything);
  expect(parseSchema(sqlName(everything))).toEqual(everything);
  expect(fromProto(toProto(everything))).toEqual(everything);
});

test("JSON is Spark's", () => {
  expect(toJson(parseSchema("a struct<x int>, b map<string,bigint> not null"))).toBe(
    '{"type":"struct","fields":[{"name":"a","type":{"type":"struct","fields":[{"name":"x","type":"integer","nullable":true,"metadata":{}}]},"nullable":true,"metadata":{}},' +
      '{"name":"b","type":{"type":"map","keyType":"string","valueType":"long","valueContainsNull":true},"nullable":false,"metadata":{}}]}',
  );
  expect(() => fromJson("{")).toThrow("INVALID_JSON_DATA_TYPE");
  expect(() => fromJson('{"type":"list"}')).toThrow("INVALID_JSON_DATA_TYPE");
});

const tree = `root
 |-- a\\nb: integer (nullable = true)
 |-- a.b: map (nullable = true)
 |    |-- key: struct
 |    |    |-- x: integer (nullable = true)
 |    |-- value: array (valueContainsNull = true)
 |    |    |-- element: array (containsNull = true)
 |    |    |    |-- element: integer (containsNull = true)
`;

test("the tree is printSchema's, at any level", () => {
  const schema = parseSchema("`a\nb` int, `a.b` map<struct<x:int>,array<array<int>>>");
  expect(treeString(schema)).toBe(tree);
  expect(treeString(schema, 2)).toBe(`root
 |-- a\\nb: integer (nullable = true)
 |-- a.b: map (nullable = true)
 |    |-- key: struct
 |    |-- value: array (valueContainsNull = true)
`);
});
