// Intervals to and from numbers and text.
import type { DataType, DayTimeIntervalType, YearMonthIntervalType } from "../../../sql/types/data-type.ts";
import { LONG, decimal, isIntegral } from "../functions/kinds.ts";
import type { NativeFunction } from "../functions/definition.ts";

type IntervalType = DayTimeIntervalType | YearMonthIntervalType;

/** Whether a type is one of the two with fields. */
export const isIntervalType = (type: DataType): type is IntervalType =>
  type.kind === "dayTimeInterval" || type.kind === "yearMonthInterval";

const FIELD_SIZES = {
  dayTimeInterval: [86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000],
  yearMonthInterval: [12, 1],
} as const;

/** How many microseconds or months the last field of an interval's type counts. */
const lastField = (type: IntervalType): number => FIELD_SIZES[type.kind][type.endField] ?? 1;

/** SQL of an interval's length in microseconds or months. */
const lengthOf = (sql: string, type: IntervalType): string =>
  type.kind === "yearMonthInterval" ? intervalMonths(sql) : intervalMicros(sql);

/** SQL of a number of the last field of the interval's type as an interval. */
export function numberToInterval(sql: string, from: DataType, to: IntervalType): string {
  const exact = isIntegral(from) ? `CAST(${sql} AS BIGINT)` : sql;
  const size = isIntegral(from) ? `${exact} * ${lastField(to)}` : `round(${exact} * ${lastField(to)})`;
  return to.kind === "yearMonthInterval"
    ? `to_months(CAST(${size} AS INTEGER))`
    : `to_microseconds(CAST(${size} AS BIGINT))`;
}

/** SQL of how many of its last field an interval has, and the type of that SQL: a fraction is left of seconds only. */
export function intervalToNumber(sql: string, from: IntervalType, to: DataType): { sql: string; type: DataType } {
  const length = lengthOf(sql, from);
  if (from.kind === "dayTimeInterval" && from.endField === 3 && !isIntegral(to))
    return {
      sql: `CAST(CAST(${length} AS DECIMAL(24,0)) * CAST(0.000001 AS DECIMAL(6,6)) AS DECIMAL(24,6))`,
      type: decimal(24, 6),
    };
  return { sql: `CAST(${length} // ${lastField(from)} AS BIGINT)`, type: LONG };
}

/** SQL of an interval without what is smaller than the last field of another type. */
export function narrowed(sql: string, from: DataType, to: IntervalType): string {
  if (from.kind !== to.kind || from.endField <= to.endField) return sql;
  const size = lastField(to);
  const whole = `(${lengthOf(sql, to)} // ${size} * ${size})`;
  return to.kind === "yearMonthInterval" ? `to_months(CAST(${whole} AS INTEGER))` : `to_microseconds(${whole})`;
}

/** SQL of a day-time interval's length in microseconds. */
export const intervalMicros = (sql: string): string => `CAST(epoch_us(${sql}) AS BIGINT)`;

/** SQL of a year-month interval's length in months. */
export const intervalMonths = (sql: string): string =>
  `CAST(datepart('year', ${sql}) * 12 + datepart('month', ${sql}) AS INTEGER)`;

const DAY_TIME = ["DAY", "HOUR", "MINUTE", "SECOND"];
const YEAR_MONTH = ["YEAR", "MONTH"];

/** `INTERVAL '1 02:03:04.5' DAY TO SECOND`, as Spark prints it. */
export function dayTimeText(micros: bigint, startField: number, endField: number): string {
  const sign = micros < 0n ? "-" : "";
  const all = micros < 0n ? -micros : micros;
  const sizes = [86_400_000_000n, 3_600_000_000n, 60_000_000n, 1_000_000n];
  let rest = all;
  let text = "";
  for (let field = startField; field <= endField; field += 1) {
    const size = sizes[field] as bigint;
    const digits = (rest / size).toString();
    rest %= size;
    if (field > startField) text += field === 1 ? " " : ":";
    text += field === 0 ? digits : digits.padStart(2, "0");
  }
  if (endField === 3 && rest > 0n) text += `.${rest.toString().padStart(6, "0").replace(/0+$/, "")}`;
  return `INTERVAL '${sign}${text}' ${unitNames(DAY_TIME, startField, endField)}`;
}

/** `INTERVAL '1-2' YEAR TO MONTH`, as Spark prints it. */
export function yearMonthText(months: number, startField: number, endField: number): string {
  const sign = months < 0 ? "-" : "";
  const all = Math.abs(months);
  const years = Math.floor(all / 12);
  const text = startField === 1 ? `${all}` : endField === 0 ? `${years}` : `${years}-${all % 12}`;
  return `INTERVAL '${sign}${text}' ${unitNames(YEAR_MONTH, startField, endField)}`;
}

function unitNames(names: readonly string[], start: number, end: number): string {
  return start === end ? `${names[start]}` : `${names[start]} TO ${names[end]}`;
}

export const dayTimeTextFunction: NativeFunction = {
  name: "spark_day_time_text",
  parameters: ["BIGINT", "INTEGER", "INTEGER"],
  result: "VARCHAR",
  evaluate: (micros: bigint, start: number, end: number) => dayTimeText(micros, start, end),
};

export const yearMonthTextFunction: NativeFunction = {
  name: "spark_year_month_text",
  parameters: ["INTEGER", "INTEGER", "INTEGER"],
  result: "VARCHAR",
  evaluate: (months: number, start: number, end: number) => yearMonthText(months, start, end),
};
