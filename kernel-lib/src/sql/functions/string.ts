// Text and bytes.
import type { Column, ColumnOrName } from "../column.ts";
import {
  binary,
  column,
  columnOrNumber,
  invoke,
  optional,
  optionalValue,
  ternary,
  unary,
  value,
  variadic,
  withText,
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

/**
 * Bytes in base64, as text.
 *
 * @example
 * ```ts
 * F.base64(lit("Spark")); // "U3Bhcms="
 * ```
 */
export const base64 = unary("base64");

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
 * The last so many characters.
 *
 * @example
 * ```ts
 * F.right(lit("Spark"), lit(2)); // "rk"
 * ```
 */
export const right = binary("right");

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
 * How an English word sounds: a letter and three digits.
 *
 * @example
 * ```ts
 * F.soundex(lit("Miller")); // "M460"
 * ```
 */
export const soundex = unary("soundex");

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

/** Base64 text as bytes. */
export const unbase64 = unary("unbase64");

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
 * Text with its percent signs decoded.
 *
 * @example
 * ```ts
 * F.url_decode(lit("a+b%26c")); // "a b&c"
 * ```
 */
export const url_decode = unary("url_decode");

/**
 * Text encoded for a URL's query.
 *
 * @example
 * ```ts
 * F.url_encode(lit("a b&c")); // "a+b%26c"
 * ```
 */
export const url_encode = unary("url_encode");

/** Bytes in a character set, as text. */
export const decode = withText("decode");

/** Text as bytes in a character set, such as `UTF-8`. */
export const encode = withText("encode");

/**
 * A number with commas and so many places after the point, as text.
 *
 * @example
 * ```ts
 * F.format_number(lit(1234567.891), 2); // "1,234,567.89"
 * ```
 */
export const format_number = withValue("format_number");

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
 * The cyclic redundancy check of bytes, as BIGINT.
 *
 * @example
 * ```ts
 * F.crc32(lit("Spark")); // 1557323817
 * ```
 */
export const crc32 = unary("crc32");

/**
 * The MD5 digest, in hexadecimal digits.
 *
 * @example
 * ```ts
 * F.md5(lit("Spark")); // "8cde774d6f7333752ed72cacddb05126"
 * ```
 */
export const md5 = unary("md5");

/** The SHA-1 digest, in hexadecimal digits. */
export const sha = unary("sha");

/** The SHA-1 digest, in hexadecimal digits. */
export const sha1 = unary("sha1");

/** The text with the number that the first argument gives. */
export const elt = variadic("elt");

/**
 * A 32-bit hash (Murmur3) of the columns, as Spark computes it.
 *
 * @example
 * ```ts
 * F.hash(lit("Spark")); // 228093765
 * ```
 */
export const hash = variadic("hash");

/**
 * A 64-bit hash (xxHash) of the columns, as Spark computes it.
 *
 * @example
 * ```ts
 * accounts.select(F.xxhash64("account_id"));
 * ```
 */
export const xxhash64 = variadic("xxhash64");

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

/** Text as bytes, by a format column: `hex` (unless told), `utf-8` or `base64`. */
export function to_binary(col: ColumnOrName, format?: ColumnOrName): Column {
  return invoke("to_binary", column(col), ...optional(format));
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

/**
 * The SHA-2 digest of 224, 256, 384 or 512 bits (0 means 256), in hexadecimal digits.
 *
 * @example
 * ```ts
 * F.sha2(lit("Spark"), 256); // "529bc3b07127ecb7e53a4dcf1991d9152c24537d919178022b2c42657f79a26b"
 * ```
 */
export function sha2(col: ColumnOrName, numBits: 0 | 224 | 256 | 384 | 512): Column {
  return invoke("sha2", column(col), value(numBits));
}

/** A part of a URL: `lit("HOST")`, `lit("PATH")`, `lit("QUERY")` with a key, … */
export function parse_url(url: ColumnOrName, partToExtract: ColumnOrName, key?: ColumnOrName): Column {
  return invoke("parse_url", column(url), column(partToExtract), ...optional(key));
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
