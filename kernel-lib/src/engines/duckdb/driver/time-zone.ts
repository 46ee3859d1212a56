// Spark's names of time zones in DuckDB, which knows names and whole hours only.
import { SparkError, unsupported } from "../../../sql/errors.ts";

const OFFSET = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/;

/**
 * The DuckDB name of a Spark session time zone.
 *
 * @throws SparkError UNSUPPORTED_FEATURE for an offset with minutes, which DuckDB has no zone for.
 */
export function duckdbTimeZone(timeZone: string): string {
  if (timeZone === "Z" || timeZone === "GMT" || timeZone === "UT") return "UTC";
  const offset = OFFSET.exec(timeZone);
  if (!offset) return timeZone;
  const [, sign, hours, minutes = "0", seconds = "0"] = offset;
  if (Number(minutes) !== 0 || Number(seconds) !== 0) {
    throw unsupported(`The time zone offset ${timeZone}`, "Use a region such as Asia/Kolkata instead.");
  }
  const hour = Number(hours);
  if (hour === 0) return "UTC";
  if (hour > (sign === "+" ? 14 : 12)) {
    throw unsupported(`The time zone offset ${timeZone}`, "Use an offset from -12:00 to +14:00, or a region.");
  }
  // The zones named Etc/GMT… count the other way round.
  return `Etc/GMT${sign === "+" ? "-" : "+"}${hour}`;
}

/** The error for a zone that DuckDB does not know. */
export function unknownTimeZone(timeZone: string, cause: unknown): SparkError {
  return new SparkError(
    "INVALID_CONF_VALUE.TIME_ZONE",
    `The value '${timeZone}' in the config "spark.sql.session.timeZone" is invalid. Cannot resolve the given timezone.`,
    { sqlState: "22022", messageParameters: { confValue: timeZone, confName: "spark.sql.session.timeZone" }, cause },
  );
}
