// Text and bytes.
import type { Column, ColumnOrName } from "../column.ts";
import {
  binary,
  column,
  columnOrNumber,
  invoke,
  optional,
  optionalValue,
  unary,
  value,
  variadic,
  withValue,
} from "./make.ts";

/**
 * The code of the first character.
 *
 * @example
 * ```ts
 * F.ascii(lit("A")); // 65
 * ```
 */
export const ascii = unary("ascii");

/** Length in bits. */
export const bit_length = unary("bit_length");

/** The character with a code. */
export const char = unary("char");

/**
 * Length in characters.
 *
 * @example
 * ```ts
 * F.char_length(lit("año")); // 3
 * ```
 */
export const char_length = unary("char_length");

/** Length in characters: the same as `char_length`. */
export const character_length = unary("character_length");

/**
 * Texts, bytes or arrays one after the other; null when one is null.
 *
 * @example
 * ```ts
 * F.concat(lit("a"), lit("b")); // "ab"
 * ```
 */
export const concat = variadic("concat");

/**
 * The first letter of each word in capitals, the others small.
 *
 * @example
 * ```ts
 * F.initcap(lit("ada lovelace")); // "Ada Lovelace"
 * ```
 */
export const initcap = unary("initcap");

/** In small letters: the same as `lower`. */
export const lcase = unary("lcase");

/**
 * The first so many characters.
 *
 * @example
 * ```ts
 * F.left(lit("Spark"), lit(2)); // "Sp"
 * ```
 */
export const left = binary("left");

/**
 * Length in characters, or in bytes for BINARY.
 *
 * @example
 * ```ts
 * F.length(lit("Spark")); // 5
 * ```
 */
export const length = unary("length");

/**
 * In small letters.
 *
 * @example
 * ```ts
 * F.lower(lit("Spark")); // "spark"
 * ```
 */
export const lower = unary("lower");

/**
 * Length in bytes.
 *
 * @example
 * ```ts
 * F.octet_length(lit("ñ")); // 2
 * ```
 */
export const octet_length = unary("octet_length");

/**
 * The last so many characters.
 *
 * @example
 * ```ts
 * F.right(lit("Spark"), lit(2)); // "rk"
 * ```
 */
export const right = binary("right");

/**
 * How an English word sounds: a letter and three digits.
 *
 * @example
 * ```ts
 * F.soundex(lit("Miller")); // "M460"
 * ```
 */
export const soundex = unary("soundex");

/** A number as text, by a pattern such as `999.99`. */
export const to_char = binary("to_char");

/** A number as text, by a pattern: the same as `to_char`. */
export const to_varchar = binary("to_varchar");

/** Text as DECIMAL, by a pattern such as `999.99`. */
export const to_number = binary("to_number");

/** Text as DECIMAL, by a pattern; null where it does not fit. */
export const try_to_number = binary("try_to_number");

/** In capitals: the same as `upper`. */
export const ucase = unary("ucase");

/**
 * In capitals.
 *
 * @example
 * ```ts
 * F.upper(lit("Spark")); // "SPARK"
 * ```
 */
export const upper = unary("upper");

/**
 * A number with commas and so many places after the point, as text.
 *
 * @example
 * ```ts
 * F.format_number(lit(1234567.891), 2); // "1,234,567.89"
 * ```
 */
export const format_number = withValue("format_number");

/** The text with the number that the first argument gives. */
export const elt = variadic("elt");

const trimmed =
  (name: string) =>
  (col: ColumnOrName, trim?: ColumnOrName): Column =>
    trim === undefined ? invoke(name, column(col)) : invoke(name, column(trim), column(col));

/**
 * Without spaces (or the characters of `trim`) at both ends.
 *
 * @example
 * ```ts
 * F.trim(lit("  a ")); // "a"
 * ```
 */
export const trim = trimmed("trim");

/**
 * Without spaces (or the characters of `trim`) at the start.
 *
 * @example
 * ```ts
 * F.ltrim(lit("  a ")); // "a "
 * ```
 */
export const ltrim = trimmed("ltrim");

/**
 * Without spaces (or the characters of `trim`) at the end.
 *
 * @example
 * ```ts
 * F.rtrim(lit(" a ")); // " a"
 * ```
 */
export const rtrim = trimmed("rtrim");

/** Without spaces (or the characters of `trim`) at both ends. */
export function btrim(str: ColumnOrName, trimText?: ColumnOrName): Column {
  return invoke("btrim", column(str), ...optional(trimText));
}

/**
 * Texts with a separator between them; nulls are passed over, arrays of text are taken apart.
 *
 * @example
 * ```ts
 * F.concat_ws("-", lit("a"), lit(null), lit("b")); // "a-b"
 * ```
 */
export function concat_ws(sep: string, ...cols: readonly ColumnOrName[]): Column {
  return invoke("concat_ws", value(sep), ...cols.map(column));
}

/**
 * Text by a pattern of Java's `String.format`, such as `%s has %d`.
 *
 * @example
 * ```ts
 * F.format_string("%05d %s", lit(42), lit("a")); // "00042 a"
 * ```
 */
export function format_string(format: string, ...cols: readonly ColumnOrName[]): Column {
  return invoke("format_string", value(format), ...cols.map(column));
}

/** Text by a pattern of Java's `String.format` that is itself a column. */
export function printf(format: ColumnOrName, ...cols: readonly ColumnOrName[]): Column {
  return invoke("printf", column(format), ...cols.map(column));
}

/**
 * The part from `pos` (counted from 1; negative from the end), `len` characters long.
 *
 * @example
 * ```ts
 * F.substring(lit("Spark"), 2, 3); // "par"
 * ```
 */
export function substring(str: ColumnOrName, pos: ColumnOrName | number, len: ColumnOrName | number): Column {
  return invoke("substring", column(str), columnOrNumber(pos), columnOrNumber(len));
}

/** The part from a position, of a length, both columns. */
export function substr(str: ColumnOrName, pos: ColumnOrName, len?: ColumnOrName): Column {
  return invoke("substr", column(str), column(pos), ...optional(len));
}

/**
 * The number of changes that make one text of another; -1 beyond a threshold.
 *
 * @example
 * ```ts
 * F.levenshtein(lit("kitten"), lit("sitting")); // 3
 * ```
 */
export function levenshtein(left: ColumnOrName, right: ColumnOrName, threshold?: number): Column {
  return invoke("levenshtein", column(left), column(right), ...optionalValue(threshold));
}

/**
 * Filled on the left, or cut, to a length.
 *
 * @example
 * ```ts
 * F.lpad(lit("7"), 3, "0"); // "007"
 * ```
 */
export function lpad(col: ColumnOrName, len: Column | number, pad: Column | string): Column {
  return invoke("lpad", column(col), value(len), value(pad));
}

/**
 * Filled on the right, or cut, to a length.
 *
 * @example
 * ```ts
 * F.rpad(lit("7"), 3, "."); // "7.."
 * ```
 */
export function rpad(col: ColumnOrName, len: Column | number, pad: Column | string): Column {
  return invoke("rpad", column(col), value(len), value(pad));
}

/**
 * The text so many times.
 *
 * @example
 * ```ts
 * F.repeat(lit("ab"), 2); // "abab"
 * ```
 */
export function repeat(col: ColumnOrName, n: ColumnOrName | number): Column {
  return invoke("repeat", column(col), columnOrNumber(n));
}
