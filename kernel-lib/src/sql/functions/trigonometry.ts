// Angles and hyperbolic functions.
import { binary, nullary, unary } from "./make.ts";

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

/** Cosine of an angle in radians. */
export const cos = unary("cos");

/** Hyperbolic cosine. */
export const cosh = unary("cosh");

/** Cotangent of an angle in radians. */
export const cot = unary("cot");

/** Cosecant of an angle in radians. */
export const csc = unary("csc");

/**
 * Radians as degrees.
 *
 * @example
 * ```ts
 * F.degrees(F.pi()); // 180
 * ```
 */
export const degrees = unary("degrees");

/**
 * The square root of the sum of two squares.
 *
 * @example
 * ```ts
 * F.hypot(lit(3), lit(4)); // 5
 * ```
 */
export const hypot = binary("hypot");

/** The number pi. */
export const pi = nullary("pi");

/** Degrees as radians. */
export const radians = unary("radians");

/** Secant of an angle in radians. */
export const sec = unary("sec");

/** Sine of an angle in radians. */
export const sin = unary("sin");

/** Hyperbolic sine. */
export const sinh = unary("sinh");

/** Tangent of an angle in radians. */
export const tan = unary("tan");

/** Hyperbolic tangent. */
export const tanh = unary("tanh");
