// Spark's types as constants, and the questions functions ask of a type.
import type {
  AtomicType,
  DataType,
  DecimalType,
  MapType,
  ArrayType,
  StructType,
} from "../../../sql/types/data-type.ts";
import { simpleString } from "../../../sql/types/index.ts";

const atomic = (kind: AtomicType["kind"]): AtomicType => Object.freeze({ kind });

export const NULL = atomic("null");
export const BOOLEAN = atomic("boolean");
export const BYTE = atomic("byte");
export const SHORT = atomic("short");
export const INT = atomic("integer");
export const LONG = atomic("long");
export const FLOAT = atomic("float");
export const DOUBLE = atomic("double");
export const STRING = atomic("string");
export const BINARY = atomic("binary");
export const DATE = atomic("date");
export const TIMESTAMP = atomic("timestamp");
export const TIMESTAMP_NTZ = atomic("timestampNtz");
export const DAY_TIME: DataType = Object.freeze({ kind: "dayTimeInterval", startField: 0, endField: 3 });
export const YEAR_MONTH: DataType = Object.freeze({ kind: "yearMonthInterval", startField: 0, endField: 1 });

export const decimal = (precision: number, scale: number): DecimalType => ({ kind: "decimal", precision, scale });
export const arrayOf = (elementType: DataType, containsNull = true): ArrayType => ({
  kind: "array",
  elementType,
  containsNull,
});
export const mapOf = (keyType: DataType, valueType: DataType, valueContainsNull = true): MapType => ({
  kind: "map",
  keyType,
  valueType,
  valueContainsNull,
});
export const structOf = (...fields: readonly (readonly [string, DataType, boolean?])[]): StructType => ({
  kind: "struct",
  fields: fields.map(([name, dataType, nullable = true]) => ({ name, dataType, nullable })),
});

const INTEGRALS: readonly string[] = ["byte", "short", "integer", "long"];

export const isIntegral = (type: DataType): boolean => INTEGRALS.includes(type.kind);
export const isFloating = (type: DataType): boolean => type.kind === "float" || type.kind === "double";
export const isNumeric = (type: DataType): boolean => isIntegral(type) || isFloating(type) || type.kind === "decimal";
export const isDayOrTime = (type: DataType): boolean =>
  type.kind === "date" || type.kind === "timestamp" || type.kind === "timestampNtz";
export const isInterval = (type: DataType): boolean =>
  type.kind === "dayTimeInterval" || type.kind === "yearMonthInterval";
export const isNested = (type: DataType): type is ArrayType | MapType | StructType =>
  type.kind === "array" || type.kind === "map" || type.kind === "struct";
export const isAtomic = (type: DataType): boolean =>
  !isNested(type) && type.kind !== "null" && type.kind !== "calendarInterval";

/** Integers by width: 0 for byte to 3 for long; -1 for other types. */
export const integralRank = (type: DataType): number => INTEGRALS.indexOf(type.kind);

/** Whether values of the two types are stored alike and named alike: nullability does not count. */
export function sameType(a: DataType, b: DataType): boolean {
  return a === b || simpleString(a) === simpleString(b);
}

/** Whether values can be put in an order: all but maps and intervals of the calendar. */
export function isOrderable(type: DataType): boolean {
  switch (type.kind) {
    case "map":
    case "calendarInterval":
      return false;
    case "array":
      return isOrderable(type.elementType);
    case "struct":
      return type.fields.every((field) => isOrderable(field.dataType));
    default:
      return true;
  }
}

/** Whether a map is anywhere in the type; such values cannot be compared in Spark. */
export function hasMap(type: DataType): boolean {
  if (type.kind === "map") return true;
  if (type.kind === "array") return hasMap(type.elementType);
  return type.kind === "struct" && type.fields.some((field) => hasMap(field.dataType));
}
