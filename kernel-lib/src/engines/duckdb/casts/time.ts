// Casts between instants, local times and numbers.
import type { DataType } from "../../../sql/types/data-type.ts";
import type { CastMode } from "../resolved/expression.ts";
import { DOUBLE, LONG, TIMESTAMP, TIMESTAMP_NTZ, isFloating, isIntegral } from "../functions/kinds.ts";
import { bind, cast } from "../functions/sql-text.ts";
import type { CastContext } from "./context.ts";
import { toNumber } from "./number.ts";

/** Whether a zone has one offset for all time, as `UTC` and `+05:30` have. */
export function isFixedZone(timeZone: string): boolean {
  return /^(UTC|GMT|Z|Etc\/.*|UCT|Zulu|((UTC|GMT|UT)?[+-]\d.*))$/i.test(timeZone);
}

/** Whether a zone is UTC by any of its names. */
export const isUtc = (timeZone: string): boolean =>
  /^(UTC|GMT|Z|Etc\/UTC|Etc\/GMT|Zulu|UCT|Etc\/UCT|UT)$/i.test(timeZone);

/** SQL of an instant's local TIMESTAMP in the session's time zone. In UTC the zones' tables, which are slow, are not asked. */
export function instantToLocal(sql: string, context: Pick<CastContext, "timeZone">): string {
  return isUtc(context.timeZone) ? `make_timestamp(epoch_us(${sql}))` : cast(sql, TIMESTAMP_NTZ);
}

/** SQL of a day's or local time's TIMESTAMP, or an instant's in the session's time zone. */
export function localTime(sql: string, type: DataType, context: Pick<CastContext, "timeZone">): string {
  return type.kind === "timestamp" ? instantToLocal(sql, context) : cast(sql, TIMESTAMP_NTZ);
}

/**
 * SQL of the instant at which a local TIMESTAMP is in the session's time zone.
 *
 * Where clocks go back an hour is there twice: Spark takes the earlier instant, DuckDB the later one.
 */
export function localToInstant(sql: string, context: Pick<CastContext, "timeZone" | "fresh">): string {
  if (isUtc(context.timeZone)) return `make_timestamptz(epoch_us(${sql}))`;
  if (isFixedZone(context.timeZone)) return cast(sql, TIMESTAMP);
  return bind(context, [sql], (local) => {
    const later = cast(local, TIMESTAMP);
    const earlier = `make_timestamptz(epoch_us(${later}) - 3600000000)`;
    return `CASE WHEN ${cast(earlier, TIMESTAMP_NTZ)} = ${local} THEN ${earlier} ELSE ${later} END`;
  });
}

export function timestampToNumber(sql: string, to: DataType, mode: CastMode, context: CastContext): string {
  if (to.kind === "boolean") return `(epoch_us(${sql}) <> 0)`;
  // Without ANSI mode too many seconds are null here, where other numbers wrap.
  if (isIntegral(to)) return toNumber(floorSeconds(sql), LONG, to, mode === "legacy" ? "try" : mode, context);
  const exact = `CAST(CAST(epoch_us(${sql}) AS DECIMAL(19,0)) * CAST(0.000001 AS DECIMAL(6,6)) AS DECIMAL(25,6))`;
  if (isFloating(to)) return cast(`(CAST(epoch_us(${sql}) AS DOUBLE) / 1000000.0::DOUBLE)`, to);
  return toNumber(exact, { kind: "decimal", precision: 25, scale: 6 }, to, mode, context);
}

/** DuckDB's `//` cuts towards zero; seconds before 1970 need the floor. */
function floorSeconds(sql: string): string {
  return `CAST((epoch_us(${sql}) - (epoch_us(${sql}) % 1000000 + 1000000) % 1000000) // 1000000 AS BIGINT)`;
}

export function numberToTimestamp(sql: string, from: DataType, mode: CastMode, context: CastContext): string {
  if (from.kind === "boolean") return `make_timestamptz(CAST(${sql} AS BIGINT))`;
  if (isIntegral(from)) return `make_timestamptz(${cast(sql, LONG)} * 1000000)`;
  if (from.kind === "decimal") return `make_timestamptz(CAST(trunc(${sql} * CAST(1000000 AS DECIMAL(7,0))) AS BIGINT))`;
  return bind(context, [cast(sql, DOUBLE)], (x) => {
    const bad =
      mode === "ansi"
        ? context.raise(
            "CAST_INVALID_INPUT",
            "22018",
            `'The value ' || ${x} || ' of the type "DOUBLE" cannot be cast to "TIMESTAMP" because it is malformed. Correct the value as per the syntax, or change its target type. Use \`try_cast\` to tolerate malformed input and return NULL instead.'`,
          )
        : "NULL";
    return `CASE WHEN isfinite(${x}) THEN make_timestamptz(CAST(trunc(${x} * 1000000) AS BIGINT)) WHEN ${x} IS NULL THEN NULL ELSE ${bad} END`;
  });
}
