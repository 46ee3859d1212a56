// The type that PySpark would infer for values of the program.
import type { DataType, StructField as Field, StructType as Struct } from "../types/data-type.ts";
import { SparkError } from "../errors.ts";
import { isPlainObject } from "../plan/literals.ts";
import { RowBase } from "../row.ts";
import * as make from "../types/factories.ts";
import { typeName } from "../types/text.ts";
import { LocalDate, LocalDateTime, Timestamp } from "../values/calendar.ts";
import { Decimal } from "../values/decimal.ts";
import { DayTimeInterval, YearMonthInterval } from "../values/interval.ts";

/** A record given to `createDataFrame`: an object by column name, an array by position, or a row read before. */
export type Record_ = readonly unknown[] | object;

/** Column names and values of one record. */
export function entriesOf(record: Record_, names?: readonly string[]): [string, unknown][] {
  if (record instanceof RowBase) return Object.entries(record.asDict());
  if (Array.isArray(record)) return record.map((value: unknown, index) => [names?.[index] ?? `_${index + 1}`, value]);
  return Object.entries(record);
}

/**
 * The schema that all records have together, as PySpark infers it: whole numbers are BIGINT, other numbers DOUBLE.
 *
 * @throws SparkError `CANNOT_INFER_EMPTY_SCHEMA`, `CANNOT_MERGE_TYPE` or `CANNOT_DETERMINE_TYPE`
 */
export function inferSchema(records: readonly Record_[], names?: readonly string[]): Struct {
  if (records.length === 0) {
    throw new SparkError(
      "CANNOT_INFER_EMPTY_SCHEMA",
      "Can not infer schema from an empty dataset. Give the schema as the second argument.",
    );
  }
  const fields = records.every((record) => Array.isArray(record)) ? byPlace(records, names) : byName(records, names);
  for (const [name, type] of fields) {
    if (hasUnknown(type)) {
      throw new SparkError(
        "CANNOT_DETERMINE_TYPE",
        `Some of the types of \`${name}\` cannot be determined: all its values are null or empty. Give the schema as the second argument.`,
      );
    }
  }
  return make.StructType(fields.map(([name, type]) => make.StructField(name, type)));
}

/** Types and data of more levels would not fit the stack. */
const MOST_LEVELS = 100;

type NamedType = [name: string, type: DataType];

function byName(records: readonly Record_[], names?: readonly string[]): NamedType[] {
  const types = new Map<string, DataType>();
  for (const record of records) {
    const within = [record];
    for (const [name, value] of entriesOf(record, names))
      types.set(name, merge(types.get(name) ?? make.NullType(), inferType(value, within), name));
  }
  return [...types];
}

/** Rows without names of their own, so that two columns may have one name. */
function byPlace(records: readonly (readonly unknown[])[], names?: readonly string[]): NamedType[] {
  const fields: NamedType[] = [];
  for (const record of records) {
    const within = [record];
    for (const [place, [name, value]] of entriesOf(record, names).entries())
      fields[place] = [name, merge(fields[place]?.[1] ?? make.NullType(), inferType(value, within), name)];
  }
  return fields;
}

/** @param within - the objects that the value is a part of */
function inferType(value: unknown, within: readonly object[]): DataType {
  switch (typeof value) {
    case "boolean":
      return make.BooleanType();
    case "string":
      return make.StringType();
    case "bigint":
      return make.LongType();
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? make.LongType() : make.DoubleType();
    case "undefined":
      return make.NullType();
    case "object":
      return value === null ? make.NullType() : inferObject(value, within);
    default:
      throw notSupported(typeof value);
  }
}

function inferObject(value: object, within: readonly object[]): DataType {
  if (within.includes(value)) throw notFinite("A value contains itself");
  if (within.length > MOST_LEVELS) throw notFinite(`A value is nested deeper than ${MOST_LEVELS} levels`);
  if (value instanceof Date || value instanceof Timestamp) return make.TimestampType();
  if (value instanceof LocalDate) return make.DateType();
  if (value instanceof LocalDateTime) return make.TimestampNTZType();
  if (value instanceof Decimal) return make.DecimalType(38, 18);
  if (value instanceof Uint8Array) return make.BinaryType();
  if (value instanceof DayTimeInterval) return make.DayTimeIntervalType();
  if (value instanceof YearMonthInterval) return make.YearMonthIntervalType();
  const inside = [...within, value];
  if (Array.isArray(value)) return make.ArrayType(inferAll(value, inside));
  if (value instanceof Map)
    return make.MapType(inferAll([...value.keys()], inside), inferAll([...value.values()], inside));
  if (value instanceof RowBase || isPlainObject(value)) {
    return make.StructType(entriesOf(value).map(([name, member]) => make.StructField(name, inferType(member, inside))));
  }
  throw notSupported(value.constructor.name);
}

function inferAll(values: readonly unknown[], within: readonly object[]): DataType {
  return values.reduce<DataType>((type, value) => merge(type, inferType(value, within), "element"), make.NullType());
}

function merge(left: DataType, right: DataType, name: string): DataType {
  if (left.kind === "null") return right;
  if (right.kind === "null") return left;
  if (left.kind === "array" && right.kind === "array")
    return make.ArrayType(merge(left.elementType, right.elementType, name));
  if (left.kind === "map" && right.kind === "map")
    return make.MapType(merge(left.keyType, right.keyType, name), merge(left.valueType, right.valueType, name));
  if (left.kind === "struct" && right.kind === "struct") return mergeStructs(left.fields, right.fields);
  if (left.kind === right.kind) return left;
  const kinds = new Set([left.kind, right.kind]);
  if (kinds.has("long") && kinds.has("double")) return make.DoubleType();
  throw new SparkError(
    "CANNOT_MERGE_TYPE",
    `Can not merge type \`${typeName(left)}\` and \`${typeName(right)}\` of \`${name}\`.`,
  );
}

function mergeStructs(left: readonly Field[], right: readonly Field[]): DataType {
  const fields = new Map(left.map((field) => [field.name, field.dataType]));
  for (const { name, dataType } of right) fields.set(name, merge(fields.get(name) ?? make.NullType(), dataType, name));
  return make.StructType([...fields].map(([name, type]) => make.StructField(name, type)));
}

function hasUnknown(type: DataType): boolean {
  switch (type.kind) {
    case "null":
      return true;
    case "array":
      return hasUnknown(type.elementType);
    case "map":
      return hasUnknown(type.keyType) || hasUnknown(type.valueType);
    case "struct":
      return type.fields.some((field) => hasUnknown(field.dataType));
    default:
      return false;
  }
}

function notFinite(what: string): SparkError {
  return new SparkError(
    "UNSUPPORTED_DATA_TYPE",
    `${what}, which no type of Spark describes. Give what is needed of it as plain values, or as JSON text.`,
  );
}

function notSupported(name: string): SparkError {
  return new SparkError(
    "UNSUPPORTED_DATA_TYPE",
    `Unsupported data type \`${name}\`. Give plain values, Date, Decimal, bytes, arrays, Maps or plain objects.`,
  );
}
