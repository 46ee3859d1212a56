// Times: made, read from text, moved between zones, cut into windows.
import type { Column, ColumnOrName } from "../column.ts";
import { Decimal } from "../values/decimal.ts";
import { column, invoke, nullary, optional, optionalValue, unary, value, withValue } from "./make.ts";

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

/** The time at which the query started, without zone. */
export const localtimestamp = nullary("localtimestamp");

/** The time at which the query started. */
export const now = nullary("now");

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

/** A time read as UTC, shown in a time zone. */
export const from_utc_timestamp = withValue("from_utc_timestamp");

/** A time read as in a time zone, shown in UTC. */
export const to_utc_timestamp = withValue("to_utc_timestamp");

/** The time that a window of `window()` stands for. */
export const window_time = unary("window_time");

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

const orZeroSeconds = (secs: ColumnOrName | undefined): Column =>
  secs === undefined ? value(Decimal.from(0)) : column(secs);

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

const orZero = (col: ColumnOrName | undefined): Column => (col === undefined ? value(0) : column(col));

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
