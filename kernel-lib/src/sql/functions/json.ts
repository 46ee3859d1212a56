// JSON and CSV in text columns.
import type { Column, ColumnOrName } from "../column.ts";
import type { DataType } from "../types/data-type.ts";
import { SparkError } from "../errors.ts";
import { toJson } from "../types/json.ts";
import { column, invoke, unary, value, withText } from "./make.ts";

/**
 * The number of elements of a JSON array; null for other text.
 *
 * @example
 * ```ts
 * F.json_array_length(lit("[1,2,3]")); // 3
 * ```
 */
export const json_array_length = unary("json_array_length");

/** The keys of a JSON object as an array; null for other text. */
export const json_object_keys = unary("json_object_keys");

/**
 * The part of a JSON text at a path such as `$.a[0].b`.
 *
 * @example
 * ```ts
 * F.get_json_object(lit('{"a":{"b":2}}'), "$.a.b"); // "2"
 * ```
 */
export const get_json_object = withText("get_json_object");

/** Options of a format, such as `{ timestampFormat: "yyyy-MM-dd" }`. */
export type FormatOptions = Readonly<Record<string, string | number | boolean>>;

function optionsMap(options: FormatOptions | undefined): Column[] {
  if (options === undefined) return [];
  return [invoke("map", ...Object.entries(options).flatMap(([key, option]) => [value(key), value(String(option))]))];
}

function isType(schema: unknown): schema is DataType {
  return typeof schema === "object" && schema !== null && "kind" in schema;
}

/**
 * A struct, array or map as JSON text; null fields are left out unless `ignoreNullFields` is false.
 *
 * @example
 * ```ts
 * F.to_json(F.named_struct(lit("a"), lit(1))); // "{\"a\":1}"
 * ```
 */
export function to_json(col: ColumnOrName, options?: FormatOptions): Column {
  return invoke("to_json", column(col), ...optionsMap(options));
}

/**
 * JSON text as a struct, array or map of a schema: DDL text, a type, or a column; null where it does not fit.
 *
 * @example
 * ```ts
 * F.from_json(lit('{"a":1}'), "a INT").getField("a"); // 1
 * ```
 */
export function from_json(col: ColumnOrName, schema: DataType | Column | string, options?: FormatOptions): Column {
  return invoke("from_json", column(col), value(isType(schema) ? toJson(schema) : schema), ...optionsMap(options));
}

/** The schema of a JSON text, as DDL. */
export function schema_of_json(json: Column | string, options?: FormatOptions): Column {
  return invoke("schema_of_json", value(json), ...optionsMap(options));
}

/** A struct as a line of CSV. */
export function to_csv(col: ColumnOrName, options?: FormatOptions): Column {
  return invoke("to_csv", column(col), ...optionsMap(options));
}

/** A line of CSV as a struct of a schema: DDL text or a column. */
export function from_csv(col: ColumnOrName, schema: Column | string, options?: FormatOptions): Column {
  return invoke("from_csv", column(col), value(schema), ...optionsMap(options));
}

/** The schema of a line of CSV, as DDL. */
export function schema_of_csv(csv: Column | string, options?: FormatOptions): Column {
  return invoke("schema_of_csv", value(csv), ...optionsMap(options));
}

/** Fields of a JSON object as columns `c0`, `c1`, … of text. */
export function json_tuple(col: ColumnOrName, ...fields: readonly string[]): Column {
  if (fields.length === 0) throw new SparkError("CANNOT_BE_EMPTY", "At least one field must be specified.");
  return invoke("json_tuple", column(col), ...fields.map(value));
}
