// Numeric functions in JavaScript, for what DuckDB has no exact equal of.
import { decimalText } from "./decimal-math.ts";
import { native } from "./text-natives.ts";

/** Digits and scale of a number's text, which may have an exponent. */
function parts(text: string): { digits: bigint; scale: number } | undefined {
  const match = /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text);
  if (!match) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = BigInt(`${whole}${fraction}` || "0");
  return { digits: sign ? -digits : digits, scale: fraction.length - Number(exponent) };
}

/**
 * A number's text rounded to `scale` digits after the point, half up or half to even.
 * Spark rounds the digits a double prints as, not its binary value.
 */
export function roundedText(text: string, scale: number, toEven: boolean): string {
  const number = parts(text);
  if (!number || scale >= number.scale) return text;
  const divisor = 10n ** BigInt(number.scale - scale);
  const size = number.digits < 0n ? -number.digits : number.digits;
  const [quotient, rest] = [size / divisor, 2n * (size % divisor)];
  const up = rest > divisor || (rest === divisor && (!toEven || quotient % 2n === 1n));
  const rounded = quotient + (up ? 1n : 0n);
  const signed = number.digits < 0n ? -rounded : rounded;
  if (scale <= 0) return (signed * 10n ** BigInt(-scale)).toString();
  return decimalText(signed, scale);
}

export const roundText = native("round", ["VARCHAR", "INTEGER", "BOOLEAN"], "VARCHAR", roundedText);

export const cbrt = native("cbrt", ["DOUBLE"], "DOUBLE", Math.cbrt);
export const log1p = native("log1p", ["DOUBLE"], "DOUBLE", Math.log1p);
export const expm1 = native("expm1", ["DOUBLE"], "DOUBLE", Math.expm1);
export const hypot = native("hypot", ["DOUBLE", "DOUBLE"], "DOUBLE", Math.hypot);
export const sinh = native("sinh", ["DOUBLE"], "DOUBLE", Math.sinh);
export const cosh = native("cosh", ["DOUBLE"], "DOUBLE", Math.cosh);
export const tanh = native("tanh", ["DOUBLE"], "DOUBLE", Math.tanh);

export const asinh = native("asinh", ["DOUBLE"], "DOUBLE", (x: number) =>
  x === -Infinity ? x : Math.log(x + Math.sqrt(x * x + 1)),
);
export const acosh = native("acosh", ["DOUBLE"], "DOUBLE", (x: number) => Math.log(x + Math.sqrt(x * x - 1)));
export const atanh = native("atanh", ["DOUBLE"], "DOUBLE", (x: number) => 0.5 * (Math.log1p(x) - Math.log1p(-x)));

export const shiftInt = native(
  "shift_int",
  ["INTEGER", "INTEGER", "VARCHAR"],
  "INTEGER",
  (value: number, by: number, direction: string) =>
    direction === "<<" ? value << by : direction === ">>" ? value >> by : (value >>> by) | 0,
);

export const shiftLong = native(
  "shift_long",
  ["BIGINT", "INTEGER", "VARCHAR"],
  "BIGINT",
  (value: bigint, by: number, direction: string) => {
    const bits = BigInt(by & 63);
    if (direction === "<<") return BigInt.asIntN(64, value << bits);
    return direction === ">>" ? value >> bits : BigInt.asIntN(64, BigInt.asUintN(64, value) >> bits);
  },
);
