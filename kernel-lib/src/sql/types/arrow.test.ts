import { expect, test } from "vitest";
import * as arrow from "apache-arrow";
import { fromArrowSchema, fromArrowType, toArrowField } from "./arrow.ts";
import { parseSchema } from "./ddl.ts";

test("every type has an Arrow type that comes back as itself", () => {
  const schema = parseSchema(
    "z BOOLEAN NOT NULL, a TINYINT, b SMALLINT, c INT, d BIGINT, e FLOAT, f DOUBLE, g DECIMAL(12,2), h STRING, i BINARY, " +
      "j DATE, k TIMESTAMP, l TIMESTAMP_NTZ, m INTERVAL DAY TO SECOND, n INTERVAL YEAR TO MONTH, o VOID, p INTERVAL, " +
      "q ARRAY<STRUCT<x: INT NOT NULL>>, r MAP<STRING, ARRAY<INT>>, s STRUCT<`t u`: STRUCT<v: DATE>>",
  );
  expect(fromArrowSchema(new arrow.Schema(schema.fields.map((field) => toArrowField(field))))).toEqual(schema);
});

test("unsigned and dictionary columns get a type that holds every value", () => {
  expect(fromArrowType(new arrow.Uint32())).toEqual({ kind: "long" });
  expect(fromArrowType(new arrow.Uint64())).toEqual({ kind: "decimal", precision: 20, scale: 0 });
  expect(fromArrowType(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()))).toEqual({ kind: "string" });
  expect(() => fromArrowType(new arrow.TimeMicrosecond())).toThrow("UNSUPPORTED_FEATURE");
});
