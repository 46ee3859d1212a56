// Dates and their parts.
import type { Column, ColumnOrName } from "../column.ts";
import { binary, column, columnOrNumber, invoke, nullary, ternary, unary, value, withText } from "./make.ts";

/** The day on which the query started, in the session's time zone. */
export const curdate = nullary("curdate");

/**
 * The day on which the query started, in the session's time zone.
 *
 * @example
 * ```ts
 * accounts.withColumn("today", F.current_date());
 * ```
 */
export const current_date = nullary("current_date");

/** The day so many days after 1970-01-01. */
export const date_from_unix_date = unary("date_from_unix_date");

/**
 * Days from the second date to the first.
 *
 * @example
 * ```ts
 * F.date_diff(F.to_date(lit("2024-03-01")), F.to_date(lit("2024-02-28"))); // 2
 * ```
 */
export const date_diff = binary("date_diff");

/**
 * Days from the second date to the first.
 *
 * @example
 * ```ts
 * F.datediff(F.to_date(lit("2024-03-01")), F.to_date(lit("2024-02-28"))); // 2
 * ```
 */
export const datediff = binary("datediff");

/**
 * The day of the month.
 *
 * @example
 * ```ts
 * F.day(lit("2024-02-29")); // 29
 * ```
 */
export const day = unary("day");

/**
 * The day of the month.
 *
 * @example
 * ```ts
 * F.dayofmonth(lit("2024-02-29")); // 29
 * ```
 */
export const dayofmonth = unary("dayofmonth");

/**
 * The day of the week: 1 for Sunday to 7 for Saturday.
 *
 * @example
 * ```ts
 * F.dayofweek(lit("2024-02-29")); // 5
 * ```
 */
export const dayofweek = unary("dayofweek");

/**
 * The day of the year.
 *
 * @example
 * ```ts
 * F.dayofyear(lit("2024-02-29")); // 60
 * ```
 */
export const dayofyear = unary("dayofyear");

/**
 * The hour of a time.
 *
 * @example
 * ```ts
 * F.hour(lit("2024-02-29 12:34:56")); // 12
 * ```
 */
export const hour = unary("hour");

/**
 * The last day of the month.
 *
 * @example
 * ```ts
 * F.last_day(lit("2024-02-01")); // "2024-02-29"
 * ```
 */
export const last_day = unary("last_day");

/**
 * The day of a year, month and day.
 *
 * @example
 * ```ts
 * F.make_date(lit(2024), lit(2), lit(29)); // "2024-02-29"
 * ```
 */
export const make_date = ternary("make_date");

/**
 * The minute of a time.
 *
 * @example
 * ```ts
 * F.minute(lit("2024-02-29 12:34:56")); // 34
 * ```
 */
export const minute = unary("minute");

/**
 * The month, 1 to 12.
 *
 * @example
 * ```ts
 * F.month(lit("2024-02-29")); // 2
 * ```
 */
export const month = unary("month");

/**
 * The quarter, 1 to 4.
 *
 * @example
 * ```ts
 * F.quarter(lit("2024-02-29")); // 1
 * ```
 */
export const quarter = unary("quarter");

/**
 * The second of a time.
 *
 * @example
 * ```ts
 * F.second(lit("2024-02-29 12:34:56")); // 56
 * ```
 */
export const second = unary("second");

/**
 * The day of the week: 0 for Monday to 6 for Sunday.
 *
 * @example
 * ```ts
 * F.weekday(lit("2024-02-29")); // 3
 * ```
 */
export const weekday = unary("weekday");

/**
 * The week of the year, as ISO 8601 counts.
 *
 * @example
 * ```ts
 * F.weekofyear(lit("2024-02-29")); // 9
 * ```
 */
export const weekofyear = unary("weekofyear");

/**
 * The year.
 *
 * @example
 * ```ts
 * F.year(lit("2024-02-29")); // 2024
 * ```
 */
export const year = unary("year");

/**
 * A date or time as text, by a Java pattern such as `yyyy-MM-dd HH:mm:ss`.
 *
 * @example
 * ```ts
 * F.date_format(lit("2024-02-29 12:34:56"), "dd/MM/yyyy HH:mm"); // "29/02/2024 12:34"
 * ```
 */
export const date_format = withText("date_format");

/**
 * The first later day that is the day of the week given, such as `Mon`.
 *
 * @example
 * ```ts
 * F.next_day(lit("2024-02-29"), "Mon"); // "2024-03-04"
 * ```
 */
export const next_day = withText("next_day");

/**
 * The first day of the `year`, `quarter`, `month` or `week` of a date.
 *
 * @example
 * ```ts
 * F.trunc(lit("2024-02-29"), "year"); // "2024-01-01"
 * ```
 */
export const trunc = withText("trunc");

/** A field of a date or time: `extract(lit("YEAR"), "at")`. */
export const extract = binary("extract");

/** A field of a date or time: the same as `extract`. */
export const date_part = binary("date_part");

/** A field of a date or time: the same as `extract`. */
export const datepart = binary("datepart");

const shifted =
  (name: string) =>
  (start: ColumnOrName, count: ColumnOrName | number): Column =>
    invoke(name, column(start), columnOrNumber(count));

/**
 * The day so many days later.
 *
 * @example
 * ```ts
 * F.date_add(F.to_date(lit("2024-02-28")), 2); // "2024-03-01"
 * ```
 */
export const date_add = shifted("date_add");

/** The day so many days later: the same as `date_add`. */
export const dateadd = shifted("dateadd");

/**
 * The day so many days earlier.
 *
 * @example
 * ```ts
 * F.date_sub(F.to_date(lit("2024-03-01")), 1); // "2024-02-29"
 * ```
 */
export const date_sub = shifted("date_sub");

/**
 * The day so many months later; the last day of a month stays within it.
 *
 * @example
 * ```ts
 * F.add_months(F.to_date(lit("2024-01-31")), 1); // "2024-02-29"
 * ```
 */
export const add_months = shifted("add_months");

/**
 * Months between two times, with the days as parts of 31; rounded to 8 places unless told.
 *
 * @example
 * ```ts
 * F.months_between(lit("2024-03-31"), lit("2024-02-29")); // 1
 * ```
 */
export function months_between(date1: ColumnOrName, date2: ColumnOrName, roundOff = true): Column {
  return invoke("months_between", column(date1), column(date2), value(roundOff));
}
