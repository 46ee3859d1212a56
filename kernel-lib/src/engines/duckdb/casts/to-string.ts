// Casts to text, as Spark prints values.
import type { DuckDBBlobValue } from "@duckdb/node-api";
import type { DataType } from "../../../sql/types/data-type.ts";
import type { NativeFunction } from "../functions/definition.ts";
import type { CastMode } from "../resolved/expression.ts";
import { STRING } from "../functions/kinds.ts";
import { instantToLocal } from "./time.ts";
import { bind, cast } from "../functions/sql-text.ts";
import { structField } from "../types.ts";
import type { CastContext } from "./context.ts";
import { dayTimeTextFunction, intervalMicros, intervalMonths, yearMonthTextFunction } from "./interval.ts";
import { bigDecimalFunction, javaNumberFunction } from "./java-number.ts";

export function toText(sql: string, from: DataType, mode: CastMode, context: CastContext): string {
  switch (from.kind) {
    case "float":
    case "double":
      return floatingText(sql, context);
    case "decimal":
      return decimalText(sql, from.precision, from.scale, mode, context);
    case "binary":
      return `coalesce(TRY(decode(${sql})), ${context.native(utf8TextFunction)}(${sql}))`;
    case "date":
      return dateText(sql, context);
    case "timestamp":
      return timestampText(instantToLocal(sql, context), context);
    case "timestampNtz":
      return timestampText(sql, context);
    case "dayTimeInterval":
      return `${context.native(dayTimeTextFunction)}(${intervalMicros(sql)}, ${from.startField}, ${from.endField})`;
    case "yearMonthInterval":
      return `${context.native(yearMonthTextFunction)}(${intervalMonths(sql)}, ${from.startField}, ${from.endField})`;
    case "array":
      return `'[' || ${joined(sql, (x) => elementText(x, from.elementType, mode, context), context)} || ']'`;
    case "map":
      return `'{' || ${joined(`map_entries(${sql})`, (x) => `${elementText(`${x}.key`, from.keyType, mode, context)} || ' -> ' || ${elementText(`${x}.value`, from.valueType, mode, context)}`, context)} || '}'`;
    case "struct":
      return bind(context, [sql], (x) => {
        const fields = from.fields.map((field, i) =>
          elementText(`${x}.${structField(i)}`, field.dataType, mode, context),
        );
        return `CASE WHEN ${x} IS NULL THEN NULL ELSE '{' || ${fields.length ? fields.join(" || ', ' || ") : "''"} || '}' END`;
      });
    default:
      return cast(sql, STRING);
  }
}

const joined = (list: string, text: (x: string) => string, context: CastContext): string => {
  const name = context.fresh("x");
  return `array_to_string(list_transform(${list}, lambda ${name}: ${text(name)}), ', ')`;
};

const elementText = (sql: string, type: DataType, mode: CastMode, context: CastContext): string =>
  type.kind === "null"
    ? "'null'"
    : `coalesce(${type.kind === "string" ? sql : toText(sql, type, mode, context)}, 'null')`;

/** Java's `Double.toString`: DuckDB prints the same digits, but large and small numbers in another form. */
export function floatingText(sql: string, context: CastContext): string {
  return bind(context, [sql], (x) => {
    const plain = `abs(${x}) >= 0.001 AND abs(${x}) < 10000000`;
    return `CASE WHEN ${plain} THEN ${cast(x, STRING)} ELSE ${context.native(javaNumberFunction)}(${cast(x, STRING)}) END`;
  });
}

function decimalText(sql: string, precision: number, scale: number, mode: CastMode, context: CastContext): string {
  // Without ANSI mode Spark prints very small numbers with an exponent.
  return mode === "legacy" && !context.ansi
    ? bigDecimalText(sql, precision, scale, context)
    : plainDecimal(sql, precision, scale);
}

/** DuckDB leaves out the zero before the point when there are no other digits. */
const plainDecimal = (sql: string, precision: number, scale: number): string =>
  precision === scale ? `regexp_replace(${cast(sql, STRING)}, '^(-?)[.]', '\\10.')` : cast(sql, STRING);

/** Java's `BigDecimal.toString`. */
export function bigDecimalText(sql: string, precision: number, scale: number, context: CastContext): string {
  const text = plainDecimal(sql, precision, scale);
  return scale > 6 ? `${context.native(bigDecimalFunction)}(${text})` : text;
}

/** Years of four digits print alike; others have a sign in Spark. */
export function dateText(sql: string, context: CastContext): string {
  return bind(context, [sql], (x) => {
    return `CASE WHEN ${x} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN ${cast(x, STRING)} ELSE ${context.native(farDateFunction)}(${cast(x, STRING)}) END`;
  });
}

function timestampText(sql: string, context: CastContext): string {
  return bind(context, [sql], (x) => {
    return `CASE WHEN ${x} BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN ${cast(x, STRING)} ELSE ${context.native(farDateFunction)}(${cast(x, STRING)}) END`;
  });
}

/** `0044-03-15 (BC)` is the year -43: printed `-0043-03-15`; `10000-01-01` is printed `+10000-01-01`. */
export function farDate(text: string): string {
  const match = /^(\d+)-(\d\d-\d\d)( \(BC\))?(.*)$/.exec(text);
  if (!match) return text;
  const [, digits = "", day = "", before, rest = ""] = match;
  const year = before ? 1 - Number(digits) : Number(digits);
  const shown = `${Math.abs(year)}`.padStart(4, "0");
  return `${year < 0 ? "-" : year > 9999 ? "+" : ""}${shown}-${day}${rest}`;
}

const farDateFunction: NativeFunction = {
  name: "spark_far_date",
  parameters: ["VARCHAR"],
  result: "VARCHAR",
  evaluate: farDate,
};

const utf8TextFunction: NativeFunction = {
  name: "spark_utf8_text",
  parameters: ["BLOB"],
  result: "VARCHAR",
  evaluate: (blob: DuckDBBlobValue) => Buffer.from(blob.bytes).toString("utf8"),
};
