// Checks that values fit their Spark types and brings them to the form that arrow/write.ts takes.
import type { DataType, StructField } from "../types/data-type.ts";
import { SparkError } from "../errors.ts";
import { isPlainObject } from "../plan/literals.ts";
import { RowBase } from "../row.ts";
import { simpleString } from "../types/text.ts";
import { LocalDate, LocalDateTime, Timestamp } from "../values/calendar.ts";
import { Decimal } from "../values/decimal.ts";
import { CalendarInterval, DayTimeInterval, YearMonthInterval } from "../values/interval.ts";

const ranges = { byte: 2 ** 7, short: 2 ** 15, integer: 2 ** 31 };

/**
 * The value of a field, checked.
 *
 * @throws SparkError `FIELD_NOT_NULLABLE_WITH_NAME`, `FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME` or `VALUE_OUT_OF_BOUNDS`
 */
export function fieldValue(value: unknown, field: Pick<StructField, "name" | "dataType" | "nullable">): unknown {
  if (value === null || value === undefined) {
    if (field.nullable) return null;
    throw new SparkError(
      "FIELD_NOT_NULLABLE_WITH_NAME",
      `Field \`${field.name}\` is not nullable, but the value is null.`,
    );
  }
  return convert(value, field.dataType, field.name);
}

function convert(value: unknown, type: DataType, name: string): unknown {
  switch (type.kind) {
    case "boolean":
      return typeof value === "boolean" ? value : refuse(value, type, name);
    case "byte":
    case "short":
    case "integer":
      return whole(value, ranges[type.kind], type, name);
    case "long":
      return long(value, type, name);
    case "float":
    case "double":
      return typeof value === "number" ? value : refuse(value, type, name);
    case "string":
      return typeof value === "string" ? value : refuse(value, type, name);
    case "binary":
      return value instanceof Uint8Array ? value : refuse(value, type, name);
    case "decimal":
      return decimal(value, type, name);
    case "date":
      return date(value, type, name);
    case "timestamp":
      if (value instanceof Date) return Timestamp.from(value);
      return value instanceof Timestamp ? value : refuse(value, type, name);
    case "timestampNtz":
      return value instanceof LocalDateTime ? value : refuse(value, type, name);
    case "dayTimeInterval":
      return value instanceof DayTimeInterval ? value : refuse(value, type, name);
    case "yearMonthInterval":
      return value instanceof YearMonthInterval ? value : refuse(value, type, name);
    case "calendarInterval":
      return value instanceof CalendarInterval ? value : refuse(value, type, name);
    case "array":
      if (!Array.isArray(value)) return refuse(value, type, name);
      return value.map((item) =>
        fieldValue(item, { name: `${name}[]`, dataType: type.elementType, nullable: type.containsNull }),
      );
    case "map":
      return map(value, type, name);
    case "struct":
      return struct(value, type, name);
    case "null":
      return refuse(value, type, name);
  }
}

function whole(value: unknown, limit: number, type: DataType, name: string): number {
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number)) return refuse(value, type, name);
  if (number < -limit || number >= limit) return outOfBounds(value, type, name);
  return number;
}

function long(value: unknown, type: DataType, name: string): bigint | number {
  if (typeof value === "number" && Number.isInteger(value)) {
    if (Number.isSafeInteger(value)) return value;
    return outOfBounds(value, type, name);
  }
  if (typeof value !== "bigint") return refuse(value, type, name);
  return BigInt.asIntN(64, value) === value ? value : outOfBounds(value, type, name);
}

function decimal(value: unknown, type: Extract<DataType, { kind: "decimal" }>, name: string): Decimal {
  if (!(value instanceof Decimal) && typeof value !== "bigint" && typeof value !== "number") {
    return refuse(value, type, name);
  }
  const exact = Decimal.from(value);
  const scaled = exact.toScale(type.scale);
  const digits = (scaled.unscaled < 0n ? -scaled.unscaled : scaled.unscaled).toString().length;
  return digits <= type.precision && scaled.equals(exact) ? scaled : outOfBounds(value, type, name);
}

function date(value: unknown, type: DataType, name: string): LocalDate {
  if (value instanceof LocalDate) return value;
  const days = value instanceof Date ? value.getTime() / 86_400_000 : Number.NaN;
  return Number.isInteger(days) ? new LocalDate(days) : refuse(value, type, name);
}

function map(value: unknown, type: Extract<DataType, { kind: "map" }>, name: string): Map<unknown, unknown> {
  const entries: [unknown, unknown][] | undefined =
    value instanceof Map ? [...value] : isPlainObject(value) ? Object.entries(value) : undefined;
  if (!entries) return refuse(value, type, name);
  return new Map(
    entries.map(([key, item]) => [
      fieldValue(key, { name: `${name}.key`, dataType: type.keyType, nullable: false }),
      fieldValue(item, { name: `${name}.value`, dataType: type.valueType, nullable: type.valueContainsNull }),
    ]),
  );
}

/** A struct's values in the order of its fields, from an object by name or an array by position. */
function struct(value: unknown, type: Extract<DataType, { kind: "struct" }>, name: string): unknown[] {
  if (Array.isArray(value)) {
    if (value.length !== type.fields.length) return refuse(value, type, name);
    return type.fields.map((field, index) => fieldValue(value[index], { ...field, name: `${name}.${field.name}` }));
  }
  const members = value instanceof RowBase ? value.asDict() : isPlainObject(value) ? value : refuse(value, type, name);
  return type.fields.map((field) => fieldValue(members[field.name], { ...field, name: `${name}.${field.name}` }));
}

function refuse(value: unknown, type: DataType, name: string): never {
  const given = typeof value === "object" && value !== null ? value.constructor.name : typeof value;
  throw new SparkError(
    "FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME",
    `Field \`${name}\` can not accept a value of type \`${given}\` for \`${simpleString(type)}\`.${hint(value, type)}`,
  );
}

function hint(value: unknown, type: DataType): string {
  if (type.kind === "date") return " Use LocalDate.parse(text), or a Date at midnight UTC.";
  if (type.kind === "timestamp" && typeof value === "string") return " Use Timestamp.parse(text) or new Date(text).";
  if (type.kind === "timestampNtz") return " Use LocalDateTime.parse(text).";
  if (type.kind === "decimal" && typeof value === "string") return " Use Decimal.from(text).";
  return "";
}

function outOfBounds(value: unknown, type: DataType, name: string): never {
  throw new SparkError(
    "VALUE_OUT_OF_BOUNDS",
    `The value ${String(value)} of \`${name}\` does not fit \`${simpleString(type)}\` exactly.`,
  );
}
