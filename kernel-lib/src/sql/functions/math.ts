// Numbers.
import type { Column, ColumnOrName } from "../column.ts";
import { binary, column, columnOrNumber, invoke, nullary, randomSeed, unary, value, withValue } from "./make.ts";

/** Absolute value. */
export const abs = unary("abs");

/** Inverse cosine, in radians. */
export const acos = unary("acos");

/** Inverse hyperbolic cosine. */
export const acosh = unary("acosh");

/** Inverse sine, in radians. */
export const asin = unary("asin");

/** Inverse hyperbolic sine. */
export const asinh = unary("asinh");

/** Inverse tangent, in radians. */
export const atan = unary("atan");

/** The angle of the point (second, first), in radians. */
export const atan2 = binary("atan2");

/** Inverse hyperbolic tangent. */
export const atanh = unary("atanh");

/** A whole number in binary digits, as text. */
export const bin = unary("bin");

/** The number of bits that are set. */
export const bit_count = unary("bit_count");

/** The bit at a position, counted from the right and from 0. */
export const bit_get = binary("bit_get");

/** The bit at a position: the same as `bit_get`. */
export const getbit = binary("getbit");

/** Every bit turned. */
export const bitwise_not = unary("~");

/** Cube root. */
export const cbrt = unary("cbrt");

/** Cosine of an angle in radians. */
export const cos = unary("cos");

/** Hyperbolic cosine. */
export const cosh = unary("cosh");

/** Cotangent of an angle in radians. */
export const cot = unary("cot");

/** Cosecant of an angle in radians. */
export const csc = unary("csc");

/** Radians as degrees. */
export const degrees = unary("degrees");

/** Euler's number. */
export const e = nullary("e");

/** e to the power of a number. */
export const exp = unary("exp");

/** e to the power of a number, less one; exact for small numbers. */
export const expm1 = unary("expm1");

/** The product of the whole numbers up to this one; null outside 0 to 20. */
export const factorial = unary("factorial");

/** A number, text or bytes in hexadecimal digits, as text. */
export const hex = unary("hex");

/** The square root of the sum of two squares. */
export const hypot = binary("hypot");

/** Natural logarithm; null for numbers that have none. */
export const ln = unary("ln");

/** Logarithm to base 10; null for numbers that have none. */
export const log10 = unary("log10");

/** Natural logarithm of one more than the number; exact for small numbers. */
export const log1p = unary("log1p");

/** Logarithm to base 2; null for numbers that have none. */
export const log2 = unary("log2");

/** The number with its sign turned. */
export const negative = unary("negative");

/** The number with its sign turned: `negative` by its other name. */
export const negate = unary("negative");

/** The number pi. */
export const pi = nullary("pi");

/** The remainder that is never negative for a positive divisor. */
export const pmod = binary("pmod");

/** The number itself. */
export const positive = unary("positive");

/** A number to the power of another. */
export const pow = binary("power");

/** A number to the power of another. */
export const power = binary("power");

/** Degrees as radians. */
export const radians = unary("radians");

/** The nearest whole number as DOUBLE; halves go to the even one. */
export const rint = unary("rint");

/** Secant of an angle in radians. */
export const sec = unary("sec");

/** -1, 0 or 1 by the sign, as DOUBLE. */
export const sign = unary("sign");

/** -1, 0 or 1 by the sign, as DOUBLE. */
export const signum = unary("signum");

/** Sine of an angle in radians. */
export const sin = unary("sin");

/** Hyperbolic sine. */
export const sinh = unary("sinh");

/** Square root. */
export const sqrt = unary("sqrt");

/** Tangent of an angle in radians. */
export const tan = unary("tan");

/** Hyperbolic tangent. */
export const tanh = unary("tanh");

/** The sum, null on overflow. */
export const try_add = binary("try_add");

/** The quotient, null for division by zero. */
export const try_divide = binary("try_divide");

/** The product, null on overflow. */
export const try_multiply = binary("try_multiply");

/** The difference, null on overflow. */
export const try_subtract = binary("try_subtract");

/** Hexadecimal digits as bytes; null where there are other characters. */
export const unhex = unary("unhex");

/** Bits moved left by a number of places. */
export const shiftleft = withValue("shiftleft");

/** Bits moved right, keeping the sign. */
export const shiftright = withValue("shiftright");

/** Bits moved right, filling with zeros. */
export const shiftrightunsigned = withValue("shiftrightunsigned");

const scaled =
  (name: string) =>
  (col: ColumnOrName, scale?: Column | number): Column =>
    scale === undefined ? invoke(name, column(col)) : invoke(name, column(col), value(scale));

/** Rounded to `scale` places after the point (0 unless told; negative for tens), halves away from zero. */
export const round = scaled("round");

/** Rounded to `scale` places after the point, halves to the even neighbour. */
export const bround = scaled("bround");

/** The least whole number (or number of `scale` places) that is not below. */
export const ceil = scaled("ceil");

/** The least number that is not below: the same as `ceil`. */
export const ceiling = scaled("ceiling");

/** The greatest whole number (or number of `scale` places) that is not above. */
export const floor = scaled("floor");

/** The natural logarithm of a column, or the logarithm to a base: `log(2, "n")`. */
export function log(base: ColumnOrName | number, col?: ColumnOrName): Column {
  if (col !== undefined) return invoke("log", value(base), column(col));
  return invoke("ln", typeof base === "number" ? value(base) : column(base));
}

/** A number written in one base, given as text, written in another. */
export function conv(col: ColumnOrName, fromBase: number, toBase: number): Column {
  return invoke("conv", column(col), value(fromBase), value(toBase));
}

/** The number of the bucket, of equal width between two bounds, that a value falls in. */
export function width_bucket(
  v: ColumnOrName,
  min: ColumnOrName,
  max: ColumnOrName,
  numBucket: ColumnOrName | number,
): Column {
  return invoke("width_bucket", column(v), column(min), column(max), columnOrNumber(numBucket));
}

/** A random number from 0 to 1 (left out) for each row; the same seed gives the same numbers on the same engine. */
export function rand(seed: number | bigint = randomSeed()): Column {
  return invoke("rand", value(seed));
}

/** A random number of the standard normal distribution for each row. */
export function randn(seed: number | bigint = randomSeed()): Column {
  return invoke("randn", value(seed));
}
