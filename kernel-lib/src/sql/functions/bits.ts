// Bits, and numbers as text of another base.
import type { Column, ColumnOrName } from "../column.ts";
import { binary, column, invoke, unary, value, withValue } from "./make.ts";

/**
 * A whole number in binary digits, as text.
 *
 * @example
 * ```ts
 * F.bin(lit(5)); // "101"
 * ```
 */
export const bin = unary("bin");

/** The number of bits that are set. */
export const bit_count = unary("bit_count");

/** The bit at a position, counted from the right and from 0. */
export const bit_get = binary("bit_get");

/** The bit at a position: the same as `bit_get`. */
export const getbit = binary("getbit");

/** Every bit turned. */
export const bitwise_not = unary("~");

/**
 * A number, text or bytes in hexadecimal digits, as text.
 *
 * @example
 * ```ts
 * F.hex(lit(255)); // "FF"
 * ```
 */
export const hex = unary("hex");

/** Hexadecimal digits as bytes; null where there are other characters. */
export const unhex = unary("unhex");

/**
 * Bits moved left by a number of places.
 *
 * @example
 * ```ts
 * F.shiftleft(lit(1), 4); // 16
 * ```
 */
export const shiftleft = withValue("shiftleft");

/** Bits moved right, keeping the sign. */
export const shiftright = withValue("shiftright");

/** Bits moved right, filling with zeros. */
export const shiftrightunsigned = withValue("shiftrightunsigned");

/**
 * A number written in one base, given as text, written in another.
 *
 * @example
 * ```ts
 * F.conv(lit("ff"), 16, 10); // "255"
 * ```
 */
export function conv(col: ColumnOrName, fromBase: number, toBase: number): Column {
  return invoke("conv", column(col), value(fromBase), value(toBase));
}
