// Maps.
import type { Column, ColumnOrName } from "../column.ts";
import { binary, column, invoke, unary, value, withValue, listed } from "./make.ts";

/** The entries of a map as an array of structs. */
export const map_entries = unary("map_entries");

/** A map of an array of keys and an array of values. */
export const map_from_arrays = binary("map_from_arrays");

/** A map of an array of structs of two fields. */
export const map_from_entries = unary("map_from_entries");

/**
 * The keys of a map.
 *
 * @example
 * ```ts
 * F.map_keys(F.create_map(lit("a"), lit(1), lit("b"), lit(2))); // ["a","b"]
 * ```
 */
export const map_keys = unary("map_keys");

/**
 * The values of a map.
 *
 * @example
 * ```ts
 * F.map_values(F.create_map(lit("a"), lit(1), lit("b"), lit(2))); // [1,2]
 * ```
 */
export const map_values = unary("map_values");

/**
 * Whether a map has a key.
 *
 * @example
 * ```ts
 * F.map_contains_key(F.create_map(lit("a"), lit(1)), "a"); // true
 * ```
 */
export const map_contains_key = withValue("map_contains_key");

/**
 * A map of columns: key, value, key, value, …
 *
 * @example
 * ```ts
 * F.map_keys(F.create_map(lit("a"), lit(1))); // ["a"]
 * ```
 */
export const create_map = listed("map");

/** The entries of several maps in one. */
export const map_concat = listed("map_concat");

/** Text such as `a:1,b:2` as a map. The delimiters are columns: regular expressions. */
export function str_to_map(
  text: ColumnOrName,
  pairDelim: ColumnOrName = value(","),
  keyValueDelim: ColumnOrName = value(":"),
): Column {
  return invoke("str_to_map", column(text), column(pairDelim), column(keyValueDelim));
}
