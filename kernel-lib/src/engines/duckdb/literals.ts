// Constants as SQL text of exactly their type.
import type { DataType } from "../../sql/types/data-type.ts";
import type { Literal, LiteralValue } from "./resolved/expression.ts";
import { quoteText } from "./errors.ts";
import { duckdbType, structField } from "./types.ts";

/**
 * SQL text of a constant, of exactly `duckdbType(literal.dataType)`.
 *
 * @example
 * ```ts
 * literalSql({ kind: "literal", value: 1n, dataType: { kind: "long" }, nullable: false }); // CAST(1 AS BIGINT)
 * ```
 */
export function literalSql(literal: Literal): string {
  return valueSql(literal.value, literal.dataType);
}

/** SQL text of a value of a type: see {@link Literal} for the JavaScript form of each type. */
export function valueSql(value: LiteralValue, type: DataType): string {
  if (value === null) return `CAST(NULL AS ${duckdbType(type)})`;
  switch (type.kind) {
    case "boolean":
      return value ? "true" : "false";
    case "string":
      return textSql(String(value));
    case "binary":
      return `unhex('${Buffer.from(value as Uint8Array).toString("hex")}')`;
    case "float":
    case "double":
      return `CAST('${numberText(value as number)}' AS ${duckdbType(type)})`;
    case "decimal":
      return `CAST('${value as string}' AS ${duckdbType(type)})`;
    case "date":
      return `(DATE '1970-01-01' + CAST(${value as number} AS INTEGER))`;
    case "timestamp":
      return `make_timestamptz(CAST('${value as bigint}' AS BIGINT))`;
    case "timestampNtz":
      return `make_timestamp(CAST('${value as bigint}' AS BIGINT))`;
    case "dayTimeInterval":
      return `to_microseconds(CAST('${value as bigint}' AS BIGINT))`;
    case "yearMonthInterval":
      return `to_months(CAST('${value as number}' AS INTEGER))`;
    case "array":
      return `CAST([${(value as readonly LiteralValue[]).map((item) => valueSql(item, type.elementType)).join(", ")}] AS ${duckdbType(type)})`;
    case "map": {
      const pairs = value as readonly (readonly [LiteralValue, LiteralValue])[];
      const keys = pairs.map(([key]) => valueSql(key, type.keyType)).join(", ");
      const values = pairs.map(([, item]) => valueSql(item, type.valueType)).join(", ");
      return `CAST(MAP([${keys}], [${values}]) AS ${duckdbType(type)})`;
    }
    case "struct": {
      const values = value as readonly LiteralValue[];
      if (values.length === 0) return `CAST(struct_pack(f0 := NULL) AS ${duckdbType(type)})`;
      const fields = type.fields.map(
        (field, i) => `${structField(i)} := ${valueSql(values[i] ?? null, field.dataType)}`,
      );
      return `struct_pack(${fields.join(", ")})`;
    }
    default:
      return `CAST('${String(value)}' AS ${duckdbType(type)})`;
  }
}

/** Text with a NUL character must not end DuckDB's statement. */
function textSql(text: string): string {
  if (!text.includes("\0")) return quoteText(text);
  return `(${text.split("\0").map(quoteText).join(" || chr(0) || ")})`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  return Object.is(value, -0) ? "-0.0" : String(value);
}
