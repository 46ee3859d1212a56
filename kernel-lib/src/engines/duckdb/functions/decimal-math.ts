// SQL for + - * / % on decimals: in DuckDB's decimals and 128-bit integers where they are wide enough, else exactly in
// JavaScript. Rounding is half up, as Spark's.
import type { DecimalType } from "../../../sql/types/data-type.ts";
import { adjusted, exactResult } from "./decimal-rules.ts";
import type { EmitContext, NativeFunction } from "./definition.ts";
import { STRING, decimal } from "./kinds.ts";
import { bind, cast, tryCast } from "./sql-text.ts";
import { outOfRange } from "../casts/number.ts";

export type DecimalOperator = "+" | "-" | "*" | "/" | "%";
export type Overflow = "throw" | "null";

/** SQL of `left operator right`, of the type Spark gives it unless `type` says another. The divisor is not zero. */
export function decimalSql(
  operator: DecimalOperator,
  [left, right]: readonly [string, string],
  [a, b]: readonly [DecimalType, DecimalType],
  overflow: Overflow,
  context: EmitContext,
  type?: DecimalType,
): string {
  const [precision, scale] = exactResult(operator, a, b);
  const result = type ?? adjusted(precision, scale);
  const fits = precision <= 37 && scale === result.scale;
  if (fits || operator === "%") {
    const exact = exactSql(operator, left, right, a, b, decimal(Math.min(precision, 38), scale), context);
    if (exact) return cast(exact, result);
  }
  const text = `${context.native(decimalFunction)}(${cast(left, STRING)}, ${cast(right, STRING)}, '${operator}', ${result.scale})`;
  if (overflow === "null") return tryCast(text, result);
  return bind(context, [text], (x) => {
    return `CASE WHEN ${x} IS NULL THEN NULL ELSE coalesce(${tryCast(x, result)}, ${outOfRange(x, result, context)}) END`;
  });
}

function exactSql(
  operator: DecimalOperator,
  left: string,
  right: string,
  a: DecimalType,
  b: DecimalType,
  result: DecimalType,
  context: EmitContext,
): string | undefined {
  switch (operator) {
    case "+":
    case "-":
      return `(${cast(left, result)} ${operator} ${cast(right, result)})`;
    case "*":
      return `(${wideFactor(left, a, b)} * ${right})`;
    case "%": {
      const scale = Math.max(a.scale, b.scale);
      const digits = Math.max(a.precision - a.scale, b.precision - b.scale) + scale;
      return digits > 38
        ? undefined
        : `(${cast(left, decimal(digits, scale))} % ${cast(right, decimal(digits, scale))})`;
    }
    case "/":
      return quotientSql(left, right, a, b, result, context);
  }
}

/** The left factor: DuckDB gives two of at most 18 digits a product of at most 18, so one has to be wider. */
function wideFactor(left: string, a: DecimalType, b: DecimalType): string {
  const short = Math.max(a.precision, b.precision) <= 18 && a.precision + b.precision > 18;
  return short ? cast(left, decimal(19, a.scale)) : left;
}

/** The decimal's digits as a whole number. */
const unscaled = (sql: string, type: DecimalType): string =>
  type.scale === 0
    ? `CAST(${sql} AS HUGEINT)`
    : `CAST(${cast(sql, decimal(38, type.scale))} * CAST('1${"0".repeat(type.scale)}' AS DECIMAL(${type.scale + 1},0)) AS HUGEINT)`;

function quotientSql(
  left: string,
  right: string,
  a: DecimalType,
  b: DecimalType,
  result: DecimalType,
  context: EmitContext,
) {
  const shift = result.scale - a.scale + b.scale;
  if (a.precision + a.scale > 37 || b.precision + b.scale > 37 || a.precision + shift > 37) return undefined;
  const dividend = `(${unscaled(left, a)} * CAST('1${"0".repeat(shift)}' AS HUGEINT))`;
  return bind(context, [dividend, unscaled(right, b)], (n, d) => {
    // Half up, away from zero: twice the rest against the divisor.
    const half = `CASE WHEN abs(${n} % ${d}) >= abs(${d}) - abs(${n} % ${d}) THEN CASE WHEN (${n} < 0) = (${d} < 0) THEN 1 ELSE -1 END ELSE 0 END`;
    const one = `CAST('0.${"0".repeat(result.scale - 1)}1' AS DECIMAL(${result.scale},${result.scale}))`;
    return `(CAST((${n} // ${d}) + ${half} AS DECIMAL(38,0)) * ${one})`;
  });
}

const pow10 = (exponent: number): bigint => 10n ** BigInt(exponent);

function parse(text: string): { readonly digits: bigint; readonly scale: number } {
  const [whole = "0", fraction = ""] = text.split(".");
  return { digits: BigInt(`${whole.replace(/^(-?)$/, "$10")}${fraction}`), scale: fraction.length };
}

function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const [n, d] = divisor < 0n ? [-dividend, -divisor] : [dividend, divisor];
  const twice = 2n * (n < 0n ? -n : n) + d;
  const size = twice / (2n * d);
  return n < 0n ? -size : size;
}

function rescaled(digits: bigint, from: number, to: number): bigint {
  return to >= from ? digits * pow10(to - from) : roundedQuotient(digits, pow10(from - to));
}

/** The digits of a decimal, with its point. */
export function decimalText(digits: bigint, scale: number): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
  const sign = digits < 0n ? "-" : "";
  return scale === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** `left operator right` of decimal texts, exact and then rounded half up to `scale` digits after the point. */
export function decimalMath(left: string, right: string, operator: string, scale: number): string {
  const a = parse(left);
  const b = parse(right);
  const common = Math.max(a.scale, b.scale);
  const [x, y] = [a.digits * pow10(common - a.scale), b.digits * pow10(common - b.scale)];
  switch (operator) {
    case "+":
      return decimalText(rescaled(x + y, common, scale), scale);
    case "-":
      return decimalText(rescaled(x - y, common, scale), scale);
    case "*":
      return decimalText(rescaled(a.digits * b.digits, a.scale + b.scale, scale), scale);
    case "%":
      return decimalText(rescaled(x % y, common, scale), scale);
    default:
      // Spark keeps 39 digits after the point before it rounds to the type.
      return decimalText(rescaled(roundedQuotient(x * pow10(39), y), 39, scale), scale);
  }
}

const decimalFunction: NativeFunction = {
  name: "spark_decimal_math",
  parameters: ["VARCHAR", "VARCHAR", "VARCHAR", "INTEGER"],
  result: "VARCHAR",
  evaluate: decimalMath,
};
