// Numbers.
import type { Column, ColumnOrName } from "../column.ts";
import { binary, column, columnOrNumber, invoke, nullary, randomSeed, unary, value } from "./make.ts";

/**
 * Absolute value.
 *
 * @example
 * ```ts
 * F.abs(lit(-2)); // 2
 * ```
 */
export const abs = unary("abs");

/**
 * Cube root.
 *
 * @example
 * ```ts
 * F.cbrt(lit(27)); // 3
 * ```
 */
export const cbrt = unary("cbrt");

/** Euler's number. */
export const e = nullary("e");

/**
 * e to the power of a number.
 *
 * @example
 * ```ts
 * F.exp(lit(0)); // 1
 * ```
 */
export const exp = unary("exp");

/** e to the power of a number, less one; exact for small numbers. */
export const expm1 = unary("expm1");

/**
 * The product of the whole numbers up to this one; null outside 0 to 20.
 *
 * @example
 * ```ts
 * F.factorial(lit(5)); // 120
 * ```
 */
export const factorial = unary("factorial");

/**
 * Natural logarithm; null for numbers that have none.
 *
 * @example
 * ```ts
 * F.ln(lit(1)); // 0
 * ```
 */
export const ln = unary("ln");

/**
 * Logarithm to base 10; null for numbers that have none.
 *
 * @example
 * ```ts
 * F.log10(lit(1000)); // 3
 * ```
 */
export const log10 = unary("log10");

/** Natural logarithm of one more than the number; exact for small numbers. */
export const log1p = unary("log1p");

/**
 * Logarithm to base 2; null for numbers that have none.
 *
 * @example
 * ```ts
 * F.log2(lit(8)); // 3
 * ```
 */
export const log2 = unary("log2");

/** The number with its sign turned. */
export const negative = unary("negative");

/**
 * The number with its sign turned: `negative` by its other name.
 *
 * @example
 * ```ts
 * F.negate(lit(1)); // -1
 * ```
 */
export const negate = unary("negative");

/**
 * The remainder that is never negative for a positive divisor.
 *
 * @example
 * ```ts
 * F.pmod(lit(-7), lit(3)); // 2
 * ```
 */
export const pmod = binary("pmod");

/** The number itself. */
export const positive = unary("positive");

/**
 * A number to the power of another.
 *
 * @example
 * ```ts
 * F.pow(lit(2), lit(10)); // 1024
 * ```
 */
export const pow = binary("power");

/**
 * A number to the power of another.
 *
 * @example
 * ```ts
 * F.power(lit(2), lit(10)); // 1024
 * ```
 */
export const power = binary("power");

/** The nearest whole number as DOUBLE; halves go to the even one. */
export const rint = unary("rint");

/** -1, 0 or 1 by the sign, as DOUBLE. */
export const sign = unary("sign");

/**
 * -1, 0 or 1 by the sign, as DOUBLE.
 *
 * @example
 * ```ts
 * F.signum(lit(-5)); // -1
 * ```
 */
export const signum = unary("signum");

/**
 * Square root.
 *
 * @example
 * ```ts
 * F.sqrt(lit(9)); // 3
 * ```
 */
export const sqrt = unary("sqrt");

/**
 * The sum, null on overflow.
 *
 * @example
 * ```ts
 * F.try_add(lit(1), lit(2)); // 3
 * ```
 */
export const try_add = binary("try_add");

/**
 * The quotient, null for division by zero.
 *
 * @example
 * ```ts
 * F.try_divide(lit(1), lit(0)); // null
 * ```
 */
export const try_divide = binary("try_divide");

/** The product, null on overflow. */
export const try_multiply = binary("try_multiply");

/** The difference, null on overflow. */
export const try_subtract = binary("try_subtract");

const scaled =
  (name: string) =>
  (col: ColumnOrName, scale?: Column | number): Column =>
    scale === undefined ? invoke(name, column(col)) : invoke(name, column(col), value(scale));

/**
 * Rounded to `scale` places after the point (0 unless told; negative for tens), halves away from zero.
 *
 * @example
 * ```ts
 * F.round(lit(2.5), 0); // 3
 * ```
 */
export const round = scaled("round");

/**
 * Rounded to `scale` places after the point, halves to the even neighbour.
 *
 * @example
 * ```ts
 * F.bround(lit(2.5), 0); // 2
 * ```
 */
export const bround = scaled("bround");

/**
 * The least whole number (or number of `scale` places) that is not below.
 *
 * @example
 * ```ts
 * F.ceil(lit(1.2)); // 2
 * ```
 */
export const ceil = scaled("ceil");

/** The least number that is not below: the same as `ceil`. */
export const ceiling = scaled("ceiling");

/**
 * The greatest whole number (or number of `scale` places) that is not above.
 *
 * @example
 * ```ts
 * F.floor(lit(-1.2)); // -2
 * ```
 */
export const floor = scaled("floor");

/** The natural logarithm of a column, or the logarithm to a base: `log(2, "n")`. */
export function log(base: ColumnOrName | number, col?: ColumnOrName): Column {
  if (col !== undefined) return invoke("log", value(base), column(col));
  return invoke("ln", typeof base === "number" ? value(base) : column(base));
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

/**
 * A random number from 0 to 1 (left out) for each row; the same seed gives the same numbers on the same engine.
 *
 * @example
 * ```ts
 * spark.range(3).withColumn("x", F.rand(42));
 * ```
 */
export function rand(seed: number | bigint = randomSeed()): Column {
  return invoke("rand", value(seed));
}

/**
 * A random number of the standard normal distribution for each row.
 *
 * @example
 * ```ts
 * spark.range(3).withColumn("x", F.randn(42));
 * ```
 */
export function randn(seed: number | bigint = randomSeed()): Column {
  return invoke("randn", value(seed));
}
