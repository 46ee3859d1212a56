// PySpark's spelling of the types: `StructType([StructField("a", IntegerType(), true)])`, with or without `new`-like calls.
import type * as data from "./data-type.ts";
import { SparkError } from "../errors.ts";

const atomic = (kind: data.AtomicType["kind"]): (() => data.AtomicType) => {
  const type: data.AtomicType = Object.freeze({ kind });
  return () => type;
};

/**
 * The type of a column that holds nothing but null; SQL calls it `VOID`.
 *
 * @example
 * ```ts
 * simpleString(NullType()); // "void"
 * ```
 */
export const NullType = atomic("null");
/**
 * `true` or `false`.
 *
 * @example
 * ```ts
 * simpleString(BooleanType()); // "boolean"
 * ```
 */
export const BooleanType = atomic("boolean");
/**
 * One byte, -128 to 127; SQL calls it `TINYINT`.
 *
 * @example
 * ```ts
 * simpleString(ByteType()); // "tinyint"
 * ```
 */
export const ByteType = atomic("byte");
/**
 * Two bytes, -32,768 to 32,767; SQL calls it `SMALLINT`.
 *
 * @example
 * ```ts
 * simpleString(ShortType()); // "smallint"
 * ```
 */
export const ShortType = atomic("short");
/**
 * Four bytes; SQL calls it `INT`.
 *
 * @example
 * ```ts
 * simpleString(IntegerType()); // "int"
 * ```
 */
export const IntegerType = atomic("integer");
/**
 * Eight bytes; SQL calls it `BIGINT`, JavaScript reads it as `bigint`.
 *
 * @example
 * ```ts
 * simpleString(LongType()); // "bigint"
 * ```
 */
export const LongType = atomic("long");
/**
 * Four-byte binary floating point.
 *
 * @example
 * ```ts
 * simpleString(FloatType()); // "float"
 * ```
 */
export const FloatType = atomic("float");
/**
 * Eight-byte binary floating point: JavaScript's `number`.
 *
 * @example
 * ```ts
 * simpleString(DoubleType()); // "double"
 * ```
 */
export const DoubleType = atomic("double");
/**
 * Text in UTF-8.
 *
 * @example
 * ```ts
 * simpleString(StringType()); // "string"
 * ```
 */
export const StringType = atomic("string");
/**
 * Bytes.
 *
 * @example
 * ```ts
 * simpleString(BinaryType()); // "binary"
 * ```
 */
export const BinaryType = atomic("binary");
/**
 * A day of the calendar, without time or zone.
 *
 * @example
 * ```ts
 * simpleString(DateType()); // "date"
 * ```
 */
export const DateType = atomic("date");
/**
 * An instant in microseconds; shown in the session's time zone.
 *
 * @example
 * ```ts
 * simpleString(TimestampType()); // "timestamp"
 * ```
 */
export const TimestampType = atomic("timestamp");
/**
 * A date and time of day in microseconds, without zone.
 *
 * @example
 * ```ts
 * simpleString(TimestampNTZType()); // "timestamp_ntz"
 * ```
 */
export const TimestampNTZType = atomic("timestampNtz");
/**
 * Months, days and microseconds together, as `make_interval` gives.
 *
 * @example
 * ```ts
 * simpleString(CalendarIntervalType()); // "interval"
 * ```
 */
export const CalendarIntervalType = atomic("calendarInterval");

/**
 * An exact number of `precision` digits of which `scale` stand after the point.
 *
 * @param precision - 1 to 38, 10 unless told
 * @param scale - 0 to `precision`, 0 unless told
 * @throws SparkError `DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION` or `INVALID_DECIMAL_SCALE`
 * @example
 * ```ts
 * DecimalType(12, 2);
 * ```
 */
export function DecimalType(precision = 10, scale = 0): data.DecimalType {
  if (!Number.isInteger(precision) || precision < 1 || precision > 38) {
    throw new SparkError(
      "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
      `Decimal precision ${precision} must be a whole number from 1 to 38.`,
      { sqlState: "22003" },
    );
  }
  if (!Number.isInteger(scale) || scale < 0 || scale > precision) {
    throw new SparkError(
      "INVALID_DECIMAL_SCALE",
      `Decimal scale ${scale} must be from 0 to the precision, ${precision}.`,
      {
        sqlState: "22003",
      },
    );
  }
  return Object.freeze({ kind: "decimal", precision, scale });
}

/** A span of days to seconds; fields are 0 day, 1 hour, 2 minute, 3 second. */
export function DayTimeIntervalType(
  startField = 0,
  endField = startField === 0 ? 3 : startField,
): data.DayTimeIntervalType {
  return Object.freeze({ kind: "dayTimeInterval", startField, endField });
}

/** A span of years and months; fields are 0 year, 1 month. */
export function YearMonthIntervalType(
  startField = 0,
  endField = startField === 0 ? 1 : startField,
): data.YearMonthIntervalType {
  return Object.freeze({ kind: "yearMonthInterval", startField, endField });
}

/** A list of values of one type. */
export function ArrayType(elementType: data.DataType, containsNull = true): data.ArrayType {
  return Object.freeze({ kind: "array", elementType, containsNull });
}

/** Pairs of key and value; keys are never null. */
export function MapType(keyType: data.DataType, valueType: data.DataType, valueContainsNull = true): data.MapType {
  return Object.freeze({ kind: "map", keyType, valueType, valueContainsNull });
}

/**
 * One column of a {@link StructType}.
 *
 * @param nullable - whether the column may hold nulls; true unless told, as in PySpark
 */
export function StructField(
  name: string,
  dataType: data.DataType,
  nullable = true,
  metadata?: Readonly<Record<string, unknown>>,
): data.StructField {
  return Object.freeze({ name, dataType, nullable, ...(metadata ? { metadata } : {}) });
}

/**
 * A row's columns, in order: the schema of a DataFrame.
 *
 * @example
 * ```ts
 * StructType([StructField("account_id", StringType(), false), StructField("balance", DecimalType(12, 2))]);
 * ```
 */
export function StructType(fields: readonly data.StructField[] = []): data.StructType {
  return Object.freeze({ kind: "struct", fields: Object.freeze([...fields]) });
}
