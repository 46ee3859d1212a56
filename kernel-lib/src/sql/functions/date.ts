// Dates and times.
import type { Column, ColumnOrName } from "../column.ts";
import { Decimal } from "../values/decimal.ts";
import {
  binary,
  column,
  columnOrNumber,
  invoke,
  nullary,
  optional,
  optionalValue,
  ternary,
  unary,
  value,
  withText,
  withValue,
} from "./make.ts";

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

/**
 * The time at which the query started.
 *
 * @example
 * ```ts
 * accounts.withColumn("now", F.current_timestamp());
 * ```
 */
export const current_timestamp = nullary("current_timestamp");

/** The session's time zone. */
export const current_timezone = nullary("current_timezone");

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

/** The time at which the query started, without zone. */
export const localtimestamp = nullary("localtimestamp");

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

/** The time at which the query started. */
export const now = nullary("now");

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

/** The time so many microseconds after 1970-01-01T00:00:00Z. */
export const timestamp_micros = unary("timestamp_micros");

/** The time so many milliseconds after 1970-01-01T00:00:00Z. */
export const timestamp_millis = unary("timestamp_millis");

/** The time so many seconds after 1970-01-01T00:00:00Z. */
export const timestamp_seconds = unary("timestamp_seconds");

/**
 * Days since 1970-01-01.
 *
 * @example
 * ```ts
 * F.unix_date(F.to_date(lit("1970-01-02"))); // 1
 * ```
 */
export const unix_date = unary("unix_date");

/** Microseconds since 1970-01-01T00:00:00Z. */
export const unix_micros = unary("unix_micros");

/** Milliseconds since 1970-01-01T00:00:00Z. */
export const unix_millis = unary("unix_millis");

/** Seconds since 1970-01-01T00:00:00Z. */
export const unix_seconds = unary("unix_seconds");

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

/** A time read as UTC, shown in a time zone. */
export const from_utc_timestamp = withValue("from_utc_timestamp");

/** A time read as in a time zone, shown in UTC. */
export const to_utc_timestamp = withValue("to_utc_timestamp");

/** A field of a date or time: `extract(lit("YEAR"), "at")`. */
export const extract = binary("extract");

/** A field of a date or time: the same as `extract`. */
export const date_part = binary("date_part");

/** A field of a date or time: the same as `extract`. */
export const datepart = binary("datepart");

/** The time that a window of `window()` stands for. */
export const window_time = unary("window_time");

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

const parsed =
  (name: string) =>
  (col: ColumnOrName, format?: string): Column =>
    invoke(name, column(col), ...optionalValue(format));

/**
 * Text as DATE, by a Java pattern or else as a cast does.
 *
 * @example
 * ```ts
 * F.to_date(lit("29/02/2024"), "dd/MM/yyyy"); // "2024-02-29"
 * ```
 */
export const to_date = parsed("to_date");

/**
 * Text as TIMESTAMP, by a Java pattern or else as a cast does.
 *
 * @example
 * ```ts
 * F.year(F.to_timestamp(lit("29.02.2024 12:34"), "dd.MM.yyyy HH:mm")); // 2024
 * ```
 */
export const to_timestamp = parsed("to_timestamp");

const parsedBy =
  (name: string) =>
  (timestamp: ColumnOrName, format?: ColumnOrName): Column =>
    invoke(name, column(timestamp), ...optional(format));

/** Text as TIMESTAMP, null where it does not fit. The pattern is a column. */
export const try_to_timestamp = parsedBy("try_to_timestamp");

/** Text as TIMESTAMP. The pattern is a column. */
export const to_timestamp_ltz = parsedBy("to_timestamp_ltz");

/** Text as TIMESTAMP_NTZ. The pattern is a column. */
export const to_timestamp_ntz = parsedBy("to_timestamp_ntz");

/** Seconds since 1970 of a time or of text. The pattern is a column. */
export const to_unix_timestamp = parsedBy("to_unix_timestamp");

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

/**
 * The start of the `year`, `month`, `week`, `day`, `hour`, … of a time.
 *
 * @example
 * ```ts
 * F.hour(F.date_trunc("day", lit("2024-02-29 12:34:56"))); // 0
 * ```
 */
export function date_trunc(format: string, timestamp: ColumnOrName): Column {
  return invoke("date_trunc", value(format), column(timestamp));
}

/**
 * Seconds since 1970 as text in the session's time zone, by a Java pattern.
 *
 * @example
 * ```ts
 * F.from_unixtime(lit(0), "yyyy-MM-dd"); // "1970-01-01"
 * ```
 */
export function from_unixtime(timestamp: ColumnOrName, format = "yyyy-MM-dd HH:mm:ss"): Column {
  return invoke("from_unixtime", column(timestamp), value(format));
}

/**
 * Seconds since 1970: now, or of a time or a text in a Java pattern.
 *
 * @example
 * ```ts
 * F.unix_timestamp(lit("1970-01-02"), "yyyy-MM-dd"); // 86400
 * ```
 */
export function unix_timestamp(timestamp?: ColumnOrName, format = "yyyy-MM-dd HH:mm:ss"): Column {
  return timestamp === undefined
    ? invoke("unix_timestamp")
    : invoke("unix_timestamp", column(timestamp), value(format));
}

/** A time without zone moved from one time zone to another; from the session's when the first is null. */
export function convert_timezone(sourceTz: Column | null, targetTz: Column, sourceTs: ColumnOrName): Column {
  return invoke("convert_timezone", ...optional(sourceTz ?? undefined), targetTz, column(sourceTs));
}

const timestampOf =
  (name: string) =>
  (
    years: ColumnOrName,
    months: ColumnOrName,
    days: ColumnOrName,
    hours: ColumnOrName,
    mins: ColumnOrName,
    secs: ColumnOrName,
    timezone?: ColumnOrName,
  ): Column =>
    invoke(name, ...[years, months, days, hours, mins, secs].map(column), ...optional(timezone));

/** The TIMESTAMP of its parts, in a time zone or the session's. */
export const make_timestamp = timestampOf("make_timestamp");

/** The TIMESTAMP of its parts: the same as `make_timestamp`. */
export const make_timestamp_ltz = timestampOf("make_timestamp_ltz");

/** The TIMESTAMP_NTZ of its parts. */
export function make_timestamp_ntz(
  years: ColumnOrName,
  months: ColumnOrName,
  days: ColumnOrName,
  hours: ColumnOrName,
  mins: ColumnOrName,
  secs: ColumnOrName,
): Column {
  return invoke("make_timestamp_ntz", ...[years, months, days, hours, mins, secs].map(column));
}

const orZero = (col: ColumnOrName | undefined): Column => (col === undefined ? value(0) : column(col));

/** A span of years, months, weeks, days, hours, minutes and seconds; what is left out is 0. */
export function make_interval(
  years?: ColumnOrName,
  months?: ColumnOrName,
  weeks?: ColumnOrName,
  days?: ColumnOrName,
  hours?: ColumnOrName,
  mins?: ColumnOrName,
  secs?: ColumnOrName,
): Column {
  return invoke("make_interval", ...[years, months, weeks, days, hours, mins].map(orZero), orZeroSeconds(secs));
}

/** A span of days to seconds; what is left out is 0. */
export function make_dt_interval(
  days?: ColumnOrName,
  hours?: ColumnOrName,
  mins?: ColumnOrName,
  secs?: ColumnOrName,
): Column {
  return invoke("make_dt_interval", orZero(days), orZero(hours), orZero(mins), orZeroSeconds(secs));
}

/** A span of years and months; what is left out is 0. */
export function make_ym_interval(years?: ColumnOrName, months?: ColumnOrName): Column {
  return invoke("make_ym_interval", orZero(years), orZero(months));
}

const orZeroSeconds = (secs: ColumnOrName | undefined): Column =>
  secs === undefined ? value(Decimal.from(0)) : column(secs);

/**
 * Groups times into windows: a struct with `start` and `end`, to group by.
 *
 * @param windowDuration - such as `10 minutes`
 * @param slideDuration - how far apart windows start; as far as they are long unless told
 * @param startTime - where the first one starts, after 1970-01-01T00:00:00Z
 */
export function window(
  timeColumn: ColumnOrName,
  windowDuration: string,
  slideDuration?: string,
  startTime?: string,
): Column {
  const slide = slideDuration ?? (startTime === undefined ? undefined : windowDuration);
  return invoke(
    "window",
    column(timeColumn),
    value(windowDuration),
    ...optionalValue(slide),
    ...optionalValue(startTime),
  );
}

/** Groups times into sessions that end after a gap. */
export function session_window(timeColumn: ColumnOrName, gapDuration: Column | string): Column {
  return invoke("session_window", column(timeColumn), value(gapDuration));
}
