// Texts as bytes and back, checksums and addresses.
import type { Column, ColumnOrName } from "../column.ts";
import { column, invoke, optional, unary, value, variadic, withText } from "./make.ts";

/**
 * Bytes in base64, as text.
 *
 * @example
 * ```ts
 * F.base64(lit("Spark")); // "U3Bhcms="
 * ```
 */
export const base64 = unary("base64");

/** Base64 text as bytes. */
export const unbase64 = unary("unbase64");

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

/** Text as bytes, by a format column: `hex` (unless told), `utf-8` or `base64`. */
export function to_binary(col: ColumnOrName, format?: ColumnOrName): Column {
  return invoke("to_binary", column(col), ...optional(format));
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
