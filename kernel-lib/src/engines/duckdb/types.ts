// Spark's types in DuckDB and in Arrow, and Arrow's types in Spark.
import * as arrow from "apache-arrow";

import type { AtomicType, DataType, StructField, StructType } from "../../sql/types/data-type.ts";
import { SparkError } from "../../sql/errors.ts";
import { toArrowField } from "../../sql/types/arrow.ts";

const ATOMIC: Readonly<Record<AtomicType["kind"], string>> = {
  // A column of nothing needs some type to be stored in.
  null: "INTEGER",
  boolean: "BOOLEAN",
  byte: "TINYINT",
  short: "SMALLINT",
  integer: "INTEGER",
  long: "BIGINT",
  float: "FLOAT",
  double: "DOUBLE",
  string: "VARCHAR",
  binary: "BLOB",
  date: "DATE",
  timestamp: "TIMESTAMPTZ",
  timestampNtz: "TIMESTAMP",
  calendarInterval: "INTERVAL",
};

/**
 * The DuckDB type that holds values of a Spark type, as SQL text.
 *
 * Struct fields are named f1…fn, because Spark allows names that repeat or differ only in case. Day-time intervals
 * keep all their time in the microseconds or days of an INTERVAL, never in its months.
 *
 * @example
 * ```ts
 * duckdbType({ kind: "array", elementType: { kind: "timestampNtz" }, containsNull: true }); // TIMESTAMP[]
 * ```
 */
export function duckdbType(dataType: DataType): string {
  switch (dataType.kind) {
    case "decimal":
      return `DECIMAL(${dataType.precision},${dataType.scale})`;
    case "dayTimeInterval":
    case "yearMonthInterval":
      return "INTERVAL";
    case "array":
      return `${duckdbType(dataType.elementType)}[]`;
    case "map":
      return `MAP(${duckdbType(dataType.keyType)}, ${duckdbType(dataType.valueType)})`;
    case "struct":
      // DuckDB has no struct without fields; Spark has.
      if (dataType.fields.length === 0) return "STRUCT(f0 INTEGER)";
      return `STRUCT(${dataType.fields.map((field, i) => `${structField(i)} ${duckdbType(field.dataType)}`).join(", ")})`;
    default:
      return ATOMIC[dataType.kind];
  }
}

/** The name inside DuckDB of the struct field at a position, counted from 0. */
export function structField(ordinal: number): string {
  return `f${ordinal + 1}`;
}

/** The Arrow schema of a result, with the real names and declared nullability. */
export function arrowSchema(schema: StructType, timeZone: string): arrow.Schema {
  return new arrow.Schema(schema.fields.map((field) => toArrowField(field, timeZone)));
}

/**
 * The Spark schema of Arrow data, such as the rows of createDataFrame.
 *
 * @throws SparkError UNSUPPORTED_ARROWTYPE for a type Spark has no equal of.
 */
export function structTypeOfArrow(schema: arrow.Schema): StructType {
  return { kind: "struct", fields: schema.fields.map(fieldOfArrow) };
}

function fieldOfArrow(field: arrow.Field): StructField {
  return { name: field.name, dataType: dataTypeOfArrow(field.type as arrow.DataType), nullable: field.nullable };
}

/** The Spark type of an Arrow type; a dictionary has the type of its values. */
export function dataTypeOfArrow(type: arrow.DataType): DataType {
  if (arrow.DataType.isDictionary(type)) return dataTypeOfArrow(type.dictionary as arrow.DataType);
  if (arrow.DataType.isNull(type)) return { kind: "null" };
  if (arrow.DataType.isBool(type)) return { kind: "boolean" };
  if (arrow.DataType.isInt(type) && type.isSigned) return { kind: INTEGERS[type.bitWidth] };
  if (arrow.DataType.isFloat(type) && type.precision !== arrow.Precision.HALF)
    return { kind: type.precision === arrow.Precision.SINGLE ? "float" : "double" };
  if (arrow.DataType.isUtf8(type) || arrow.DataType.isLargeUtf8(type)) return { kind: "string" };
  if (arrow.DataType.isBinary(type) || arrow.DataType.isLargeBinary(type)) return { kind: "binary" };
  if (arrow.DataType.isDate(type)) return { kind: "date" };
  if (arrow.DataType.isTimestamp(type)) return { kind: type.timezone ? "timestamp" : "timestampNtz" };
  if (arrow.DataType.isDecimal(type)) return { kind: "decimal", precision: type.precision, scale: type.scale };
  if (arrow.DataType.isDuration(type)) return { kind: "dayTimeInterval", startField: 0, endField: 3 };
  if (arrow.DataType.isInterval(type)) {
    if (type.unit === arrow.IntervalUnit.YEAR_MONTH) return { kind: "yearMonthInterval", startField: 0, endField: 1 };
    if (type.unit === arrow.IntervalUnit.MONTH_DAY_NANO) return { kind: "calendarInterval" };
  }
  if (arrow.DataType.isList(type)) {
    const element = type.children[0] as arrow.Field;
    return {
      kind: "array",
      elementType: dataTypeOfArrow(element.type as arrow.DataType),
      containsNull: element.nullable,
    };
  }
  if (arrow.DataType.isMap(type)) {
    const [key, value] = (type.children[0]?.type as unknown as arrow.Struct).children as [arrow.Field, arrow.Field];
    return {
      kind: "map",
      keyType: dataTypeOfArrow(key.type as arrow.DataType),
      valueType: dataTypeOfArrow(value.type as arrow.DataType),
      valueContainsNull: value.nullable,
    };
  }
  if (arrow.DataType.isStruct(type)) return { kind: "struct", fields: type.children.map(fieldOfArrow) };
  const typeName = arrow.Type[type.typeId] ?? "unknown";
  throw new SparkError("UNSUPPORTED_ARROWTYPE", `Unsupported arrow type ${typeName}.`, {
    sqlState: "0A000",
    messageParameters: { typeName },
  });
}

const INTEGERS = { 8: "byte", 16: "short", 32: "integer", 64: "long" } as const;
