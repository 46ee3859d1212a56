// Doubles, floats and decimals as Java prints them.
import type { DecimalType } from "../../../sql/types/data-type.ts";
import type { NativeFunction } from "../functions/definition.ts";
import { bind, tryCast } from "../functions/sql-text.ts";
import type { CastContext } from "./context.ts";

/** Java's `Double.toString` of a number that DuckDB or JavaScript printed with its shortest digits. */
export function javaNumber(text: string): string {
  const lower = text.toLowerCase();
  if (lower.endsWith("nan")) return "NaN";
  if (lower.endsWith("inf") || lower.endsWith("infinity")) return lower.startsWith("-") ? "-Infinity" : "Infinity";
  const match = /^(-?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/.exec(lower);
  if (!match) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const all = whole + fraction;
  const leading = all.length - all.replace(/^0+/, "").length;
  const digits = all.slice(leading).replace(/0+$/, "");
  if (digits === "") return `${sign}0.0`;
  // Java shows at least two digits, and takes the nearest two of the least number there is.
  if (digits === "5" && exponent === "-324") return `${sign}4.9E-324`;
  // The number is 0.digits times ten to the power of `point`.
  const point = whole.length - leading + Number(exponent);
  if (point > 7 || point < -2) return `${sign}${digits[0]}.${digits.slice(1) || "0"}E${point - 1}`;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, "0")}.${digits.slice(point) || "0"}`;
}

export const javaNumberFunction: NativeFunction = {
  name: "spark_java_number",
  parameters: ["VARCHAR"],
  result: "VARCHAR",
  evaluate: javaNumber,
};

/** Java's `BigDecimal.toString`: with an exponent when the number is very small. */
export function bigDecimal(text: string): string {
  const negative = text.startsWith("-");
  const [whole = "0", fraction = ""] = text.replace("-", "").split(".");
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, "");
  const exponent = digits.length - 1 - fraction.length;
  if (fraction.length === 0 || exponent >= -6) return text;
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${negative ? "-" : ""}${mantissa}E${exponent}`;
}

export const bigDecimalFunction: NativeFunction = {
  name: "spark_big_decimal",
  parameters: ["VARCHAR"],
  result: "VARCHAR",
  evaluate: bigDecimal,
};

/** A number's text without an exponent. */
export function plainNumber(text: string): string {
  const match = /^([+-]?)(\d*)\.?(\d*)e([+-]?\d+)$/i.exec(text);
  if (!match) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return point >= digits.length
    ? `${sign}${digits.padEnd(point, "0")}`
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

const plainNumberFunction: NativeFunction = {
  name: "spark_plain_number",
  parameters: ["VARCHAR"],
  result: "VARCHAR",
  evaluate: plainNumber,
};

/** SQL of a number's text as a decimal, or null: DuckDB rounds a text such as 7e-20 by its first digit. */
export function decimalOfText(sql: string, to: DecimalType, context: CastContext): string {
  return bind(context, [sql], (x) =>
    tryCast(
      `CASE WHEN contains(lower(${x}), 'e-') THEN ${context.native(plainNumberFunction)}(${x}) ELSE ${x} END`,
      to,
    ),
  );
}
