// Casts from numbers and booleans to numbers and booleans.
import type { DataType, DecimalType } from "../../../sql/types/data-type.ts";
import { sqlName } from "../../../sql/types/index.ts";
import type { CastMode } from "../resolved/expression.ts";
import { DOUBLE, INT, STRING, integralRank, isFloating, isIntegral } from "../functions/kinds.ts";
import { bind, cast, tryCast } from "../functions/sql-text.ts";
import type { CastContext } from "./context.ts";
import { decimalOfText } from "./java-number.ts";

export const numberToBoolean = (sql: string): string => `(${sql} <> 0)`;

/** From a number or boolean to a number. */
export function toNumber(sql: string, from: DataType, to: DataType, mode: CastMode, context: CastContext): string {
  if (to.kind === "decimal") return toDecimal(sql, from, to, mode, context);
  if (isIntegral(to)) return toIntegral(sql, from, to, mode, context);
  return toFloating(sql, from, to, context);
}

/** Half of the values an integral type has, as SQL text: the type goes from minus that to that less one. */
const HALF: Readonly<Record<string, string>> = {
  byte: "128",
  short: "32768",
  integer: "2147483648",
  long: "9223372036854775808",
};
const ALL_BITS: Readonly<Record<string, string>> = {
  byte: "255",
  short: "65535",
  integer: "4294967295",
  long: "18446744073709551615",
};

/** Cuts a whole number to the low bits of an integral type, as Java does. `wide` holds the number and half of the type. */
export function wrapped(sql: string, to: DataType, wide: "BIGINT" | "HUGEINT"): string {
  const half = `CAST(${HALF[to.kind]} AS ${wide})`;
  const bits = `CAST(${ALL_BITS[to.kind]} AS ${wide})`;
  return cast(`(((${sql} + ${half}) & ${bits}) - ${half})`, to);
}

function toIntegral(sql: string, from: DataType, to: DataType, mode: CastMode, context: CastContext): string {
  if (from.kind === "boolean") return cast(sql, to);
  if (isIntegral(from)) {
    if (integralRank(from) <= integralRank(to)) return cast(sql, to);
    if (mode === "legacy") return wrapped(cast(sql, from.kind === "long" ? { kind: "long" } : INT), to, wideFor(from));
    return mode === "try" ? tryCast(sql, to) : checked(sql, from, to, sql, context);
  }
  const whole = `trunc(${sql})`;
  if (mode === "try") return tryCast(whole, to);
  if (mode === "ansi") return checked(whole, from, to, sql, context);
  if (from.kind === "decimal") return wrapped(`CAST(${whole} AS HUGEINT)`, to, "HUGEINT");
  const limit = to.kind === "long" ? to : INT;
  const half = HALF[limit.kind];
  const saturated = bind(context, [cast(sql, DOUBLE)], (x) =>
    cast(
      `CASE WHEN isnan(${x}) THEN 0 WHEN ${x} >= ${half} THEN ${maximum(limit)} WHEN ${x} <= -${half} THEN ${minimum(limit)} ELSE CAST(trunc(${x}) AS BIGINT) END`,
      limit,
    ),
  );
  return limit.kind === to.kind ? saturated : wrapped(saturated, to, "BIGINT");
}

const wideFor = (from: DataType): "BIGINT" | "HUGEINT" => (from.kind === "long" ? "HUGEINT" : "BIGINT");
const maximum = (to: DataType): string => `CAST(${BigInt(HALF[to.kind] ?? 0) - 1n} AS BIGINT)`;
const minimum = (to: DataType): string =>
  to.kind === "long" ? "CAST('-9223372036854775808' AS BIGINT)" : `-${HALF[to.kind]}`;

/** An ANSI cast to an integral type: a value outside of it throws CAST_OVERFLOW. */
function checked(whole: string, from: DataType, to: DataType, original: string, context: CastContext): string {
  return bind(context, [original], (x) => {
    const value = original === whole ? x : `trunc(${x})`;
    const overflow = context.raise(
      "CAST_OVERFLOW",
      "22003",
      `'The value ' || ${valueText(x, from)} || ' of the type "${sqlName(from)}" cannot be cast to "${sqlName(to)}" due to an overflow. Use \`try_cast\` to tolerate overflow and return NULL instead.'`,
    );
    return `CASE WHEN ${x} IS NULL THEN NULL ELSE coalesce(${tryCast(value, to)}, ${overflow}) END`;
  });
}

const SUFFIX: Readonly<Record<string, string>> = { byte: "Y", short: "S", long: "L", double: "D", decimal: "BD" };

/** The value as a literal, as Spark's messages print it. */
function valueText(sql: string, from: DataType): string {
  return `${cast(sql, STRING)} || '${SUFFIX[from.kind] ?? ""}'`;
}

function toFloating(sql: string, from: DataType, to: DataType, context: CastContext): string {
  if (from.kind === "decimal")
    return from.precision <= 15 && to.kind === "double" ? cast(sql, to) : cast(cast(sql, STRING), to);
  if (from.kind === "double" && to.kind === "float") {
    return bind(
      context,
      [sql],
      (x) => `coalesce(${tryCast(x, to)}, CAST(CASE WHEN ${x} > 0 THEN 'inf' WHEN ${x} < 0 THEN '-inf' END AS FLOAT))`,
    );
  }
  return cast(sql, to);
}

function toDecimal(sql: string, from: DataType, to: DecimalType, mode: CastMode, context: CastContext): string {
  if (from.kind === "boolean") return toDecimal(cast(sql, INT), INT, to, mode, context);
  if (alwaysHolds(from, to)) return cast(sql, to);
  // Through text, because Spark rounds the digits that the double prints as, not its exact binary value.
  const exact = isFloating(from) ? cast(cast(sql, DOUBLE), STRING) : sql;
  const attempt = (x: string) => (isFloating(from) ? decimalOfText(x, to, context) : tryCast(x, to));
  if (mode !== "ansi") return attempt(exact);
  return bind(context, [exact], (x) => {
    const skip = isFloating(from) ? ` OR ${x} IN ('nan', 'inf', '-inf')` : "";
    return `CASE WHEN ${x} IS NULL${skip} THEN NULL ELSE coalesce(${attempt(x)}, ${outOfRange(cast(x, STRING), to, context)}) END`;
  });
}

function alwaysHolds(from: DataType, to: DecimalType): boolean {
  const digits: Readonly<Record<string, number>> = { byte: 3, short: 5, integer: 10, long: 19 };
  if (from.kind === "decimal")
    return (
      from.precision - from.scale < to.precision - to.scale ||
      (from.precision - from.scale === to.precision - to.scale && from.scale <= to.scale)
    );
  return (digits[from.kind] ?? 99) <= to.precision - to.scale;
}

/** SQL that throws because a number has more digits than a decimal. */
export function outOfRange(textSql: string, to: DecimalType, context: CastContext): string {
  return context.raise(
    "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
    "22003",
    `${textSql} || ' cannot be represented as Decimal(${to.precision}, ${to.scale}). If necessary set "spark.sql.ansi.enabled" to "false" to bypass this error, and return NULL instead.'`,
  );
}
