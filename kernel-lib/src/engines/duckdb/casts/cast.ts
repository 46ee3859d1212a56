// SQL of a cast between any two types, with Spark's answers.
import type { DataType } from "../../../sql/types/data-type.ts";
import type { CastMode } from "../resolved/expression.ts";
import { DATE, TIMESTAMP_NTZ, isDayOrTime, isNested, isNumeric, sameType } from "../functions/kinds.ts";
import { cast, nullOf } from "../functions/sql-text.ts";
import { intervalToNumber, isIntervalType, narrowed, numberToInterval } from "./interval.ts";
import type { CastContext } from "./context.ts";
import { fromString } from "./from-string.ts";
import { nestedCast } from "./nested.ts";
import { numberToBoolean, toNumber } from "./number.ts";
import { localTime, localToInstant, numberToTimestamp, timestampToNumber } from "./time.ts";
import { toText } from "./to-string.ts";

/**
 * SQL of a value of type `from`, given as SQL text, cast to `to`; the result has exactly `duckdbType(to)`.
 *
 * In `ansi` mode bad values throw Spark's conditions (CAST_INVALID_INPUT, CAST_OVERFLOW,
 * NUMERIC_VALUE_OUT_OF_RANGE), in `try` mode they are null, in `legacy` mode they are null or wrap as in Spark 3.
 * The types must be castable: see {@link canCast}.
 *
 * @example
 * ```ts no-run its context comes from the analyzer
 * declare const context: Parameters<typeof castSql>[4];
 * castSql("c1", { kind: "string" }, { kind: "integer" }, "legacy", context); // SQL for which '1.9' gives 1
 * ```
 */
export function castSql(sql: string, from: DataType, to: DataType, mode: CastMode, context: CastContext): string {
  // What is not a plain null may throw, as raise_error does.
  if (from.kind === "null")
    return sql === "NULL" || sql.startsWith("CAST(NULL ")
      ? nullOf(to)
      : `CASE WHEN ${sql} IS NULL THEN ${nullOf(to)} END`;
  if (sameType(from, to)) return sql;
  if (isNested(from) && isNested(to)) return nestedCast(sql, from, to, mode, context, castSql);
  if (to.kind === "string") return toText(sql, from, mode, context);
  if (from.kind === "string") return fromString(sql, to, mode, context);
  if (to.kind === "boolean") return isNumeric(from) ? numberToBoolean(sql) : nullOf(to);
  if (to.kind === "binary") return nullOf(to);
  if (isDayOrTime(from) && isDayOrTime(to)) return betweenTimes(sql, from, to, context);
  if (isDayOrTime(from)) return from.kind === "timestamp" ? timestampToNumber(sql, to, mode, context) : nullOf(to);
  if (to.kind === "timestamp") return numberToTimestamp(sql, from, mode, context);
  if (isIntervalType(to)) return isNumeric(from) ? numberToInterval(sql, from, to) : narrowed(sql, from, to);
  if (isIntervalType(from)) {
    const number = intervalToNumber(sql, from, to);
    return toNumber(number.sql, number.type, to, mode, context);
  }
  return toNumber(sql, from, to, mode, context);
}

function betweenTimes(sql: string, from: DataType, to: DataType, context: CastContext): string {
  if (to.kind === "date") return cast(localTime(sql, from, context), DATE);
  if (to.kind === "timestampNtz") return localTime(sql, from, context);
  return localToInstant(cast(sql, TIMESTAMP_NTZ), context);
}
