// Searching in texts, and what is done at the places found.
import type { Column, ColumnOrName } from "../column.ts";
import { binary, column, columnOrNumber, invoke, optional, optionalValue, ternary, value, withValue } from "./make.ts";

/**
 * Whether a text or bytes contain another.
 *
 * @example
 * ```ts
 * F.contains(lit("Spark"), lit("par")); // true
 * ```
 */
export const contains = binary("contains");

/**
 * Whether a text or bytes end so.
 *
 * @example
 * ```ts
 * F.endswith(lit("Spark"), lit("rk")); // true
 * ```
 */
export const endswith = binary("endswith");

/** The position, counted from 1, of a text in a list separated by commas; 0 when it is not there. */
export const find_in_set = binary("find_in_set");

/** Whether a text contains a match of a Java regular expression. */
export const regexp = binary("regexp");

/**
 * Whether a text contains a match of a Java regular expression.
 *
 * @example
 * ```ts
 * F.regexp_like(lit("Spark"), lit("a.k$")); // true
 * ```
 */
export const regexp_like = binary("regexp_like");

/** How often a Java regular expression matches. */
export const regexp_count = binary("regexp_count");

/** The first match of a Java regular expression; null when there is none. */
export const regexp_substr = binary("regexp_substr");

/**
 * Whether a text contains a match of a Java regular expression.
 *
 * @example
 * ```ts
 * F.rlike(lit("Spark"), lit("a.k$")); // true
 * ```
 */
export const rlike = binary("rlike");

/**
 * The part with a number, counted from 1, of a text cut at a separator.
 *
 * @example
 * ```ts
 * F.split_part(lit("a-b-c"), lit("-"), lit(2)); // "b"
 * ```
 */
export const split_part = ternary("split_part");

/**
 * Whether a text or bytes begin so.
 *
 * @example
 * ```ts
 * F.startswith(lit("Spark"), lit("Sp")); // true
 * ```
 */
export const startswith = binary("startswith");

/**
 * The position of a text in another, counted from 1; 0 when it is not there.
 *
 * @example
 * ```ts
 * F.instr(lit("Spark"), "ark"); // 3
 * ```
 */
export const instr = withValue("instr");

/**
 * What stands before the `count`th delimiter; after it, counted from the right, when `count` is negative.
 *
 * @example
 * ```ts
 * F.substring_index(lit("a.b.c"), ".", 2); // "a.b"
 * ```
 */
export function substring_index(str: ColumnOrName, delim: string, count: number): Column {
  return invoke("substring_index", column(str), value(delim), value(count));
}

/**
 * The position of a text in a column from `pos` on, counted from 1; 0 when it is not there.
 *
 * @example
 * ```ts
 * F.locate("ark", lit("Spark")); // 3
 * ```
 */
export function locate(substr: string, str: ColumnOrName, pos = 1): Column {
  return invoke("locate", value(substr), column(str), value(pos));
}

/** The position of one column's text in another's, counted from 1; 0 when it is not there. */
export function position(substr: ColumnOrName, str: ColumnOrName, start?: ColumnOrName): Column {
  return invoke("position", column(substr), column(str), ...optional(start));
}

/**
 * The parts of a text cut at matches of a Java regular expression, at most `limit` of them when that is positive.
 *
 * @example
 * ```ts
 * F.split(lit("a,b,c"), ","); // ["a","b","c"]
 * ```
 */
export function split(str: ColumnOrName, pattern: Column | string, limit: ColumnOrName | number = -1): Column {
  return invoke("split", column(str), value(pattern), columnOrNumber(limit));
}

/**
 * The group with number `idx` of the first match of a Java regular expression; empty when there is none.
 *
 * @example
 * ```ts
 * F.regexp_extract(lit("100-200"), "(\\d+)-(\\d+)", 2); // "200"
 * ```
 */
export function regexp_extract(str: ColumnOrName, pattern: string, idx: number): Column {
  return invoke("regexp_extract", column(str), value(pattern), value(idx));
}

/** The group with number `idx` (1 unless told) of every match. The pattern is a column: `lit("(\\d+)")`. */
export function regexp_extract_all(str: ColumnOrName, regexp: ColumnOrName, idx?: Column | number): Column {
  return invoke("regexp_extract_all", column(str), column(regexp), ...optionalValue(idx));
}

/** The position of the first match, counted from 1. The pattern is a column. */
export function regexp_instr(str: ColumnOrName, regexp: ColumnOrName, idx?: Column | number): Column {
  return invoke("regexp_instr", column(str), column(regexp), ...optionalValue(idx));
}

/**
 * Every match of a Java regular expression replaced; `$1` means the first group.
 *
 * @example
 * ```ts
 * F.regexp_replace(lit("a1b22"), "\\d+", "#"); // "a#b#"
 * ```
 */
export function regexp_replace(string: ColumnOrName, pattern: Column | string, replacement: Column | string): Column {
  return invoke("regexp_replace", column(string), value(pattern), value(replacement));
}

/**
 * One text replaced by another wherever it stands; removed when no other is given.
 *
 * @example
 * ```ts
 * F.replace(lit("banana"), lit("an"), lit("o")); // "booa"
 * ```
 */
export function replace(src: ColumnOrName, search: ColumnOrName, replacement?: ColumnOrName): Column {
  return invoke("replace", column(src), column(search), ...optional(replacement));
}

/**
 * Each character of `matching` replaced by the one at the same place in `replace`, or removed.
 *
 * @example
 * ```ts
 * F.translate(lit("translate"), "rnlt", "123"); // "1a2s3ae"
 * ```
 */
export function translate(srcCol: ColumnOrName, matching: string, replace: string): Column {
  return invoke("translate", column(srcCol), value(matching), value(replace));
}

/** A part of a text replaced by another, from `pos`, `len` characters long (as long as the new one unless told). */
export function overlay(
  src: ColumnOrName,
  replacement: ColumnOrName,
  pos: ColumnOrName | number,
  len: ColumnOrName | number = -1,
): Column {
  return invoke("overlay", column(src), column(replacement), columnOrNumber(pos), columnOrNumber(len));
}

/**
 * Matches an SQL pattern that is a column.
 *
 * @example
 * ```ts
 * F.like(lit("Spark"), lit("Sp%")); // true
 * ```
 */
export function like(str: ColumnOrName, pattern: ColumnOrName, escapeChar?: Column): Column {
  return invoke("like", column(str), column(pattern), ...optional(escapeChar));
}

/**
 * Matches an SQL pattern that is a column, without regard to case.
 *
 * @example
 * ```ts
 * F.ilike(lit("Spark"), lit("sp%")); // true
 * ```
 */
export function ilike(str: ColumnOrName, pattern: ColumnOrName, escapeChar?: Column): Column {
  return invoke("ilike", column(str), column(pattern), ...optional(escapeChar));
}

/** Letters and digits replaced by `X`, `x` and `n`, or by the characters given; null keeps a kind as it is. */
export function mask(
  col: ColumnOrName,
  upperChar: ColumnOrName = value("X"),
  lowerChar: ColumnOrName = value("x"),
  digitChar: ColumnOrName = value("n"),
  otherChar: ColumnOrName = value(null),
): Column {
  return invoke("mask", column(col), column(upperChar), column(lowerChar), column(digitChar), column(otherChar));
}
