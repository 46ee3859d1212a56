// Arrays, and what arrays and maps have in common.
import type { Column, ColumnOrName } from "../column.ts";
import {
  binary,
  column,
  columnOrNumber,
  invoke,
  optional,
  optionalValue,
  randomSeed,
  unary,
  value,
  variadic,
  withValue,
  listed,
} from "./make.ts";

/** An array of structs: the elements of the arrays side by side. */
export const arrays_zip = variadic("arrays_zip");

/**
 * The array without nulls.
 *
 * @example
 * ```ts
 * F.array_compact(F.array(lit(1), lit(null))); // [1]
 * ```
 */
export const array_compact = unary("array_compact");

/**
 * The array without duplicates.
 *
 * @example
 * ```ts
 * F.array_distinct(F.array(lit(1), lit(2), lit(2))); // [1,2]
 * ```
 */
export const array_distinct = unary("array_distinct");

/**
 * The distinct elements of the first array that the second does not have.
 *
 * @example
 * ```ts
 * F.array_except(F.array(lit(1), lit(2), lit(2)), F.array(lit(2))); // [1]
 * ```
 */
export const array_except = binary("array_except");

/**
 * The distinct elements that both arrays have.
 *
 * @example
 * ```ts
 * F.array_intersect(F.array(lit(1), lit(2), lit(2)), F.array(lit(2))); // [2]
 * ```
 */
export const array_intersect = binary("array_intersect");

/**
 * The greatest element.
 *
 * @example
 * ```ts
 * F.array_max(F.array(lit(1), lit(2), lit(2))); // 2
 * ```
 */
export const array_max = unary("array_max");

/**
 * The least element.
 *
 * @example
 * ```ts
 * F.array_min(F.array(lit(1), lit(2), lit(2))); // 1
 * ```
 */
export const array_min = unary("array_min");

/**
 * The number of elements; null for null.
 *
 * @example
 * ```ts
 * F.array_size(F.array(lit(1), lit(2), lit(2))); // 3
 * ```
 */
export const array_size = unary("array_size");

/**
 * The distinct elements of both arrays.
 *
 * @example
 * ```ts
 * F.array_union(F.array(lit(1), lit(2), lit(2)), F.array(lit(3))); // [1,2,3]
 * ```
 */
export const array_union = binary("array_union");

/**
 * Whether two arrays have an element in common.
 *
 * @example
 * ```ts
 * F.arrays_overlap(F.array(lit(1), lit(2), lit(2)), F.array(lit(2))); // true
 * ```
 */
export const arrays_overlap = binary("arrays_overlap");

/**
 * The number of elements of an array or entries of a map.
 *
 * @example
 * ```ts
 * F.cardinality(F.array(lit(1), lit(2), lit(2))); // 3
 * ```
 */
export const cardinality = unary("cardinality");

/**
 * An array of arrays as one array.
 *
 * @example
 * ```ts
 * F.flatten(F.array(F.array(lit(1)), F.array(lit(2)))); // [1,2]
 * ```
 */
export const flatten = unary("flatten");

/**
 * The text or array from its end.
 *
 * @example
 * ```ts
 * F.reverse(F.array(lit(1), lit(2), lit(2))); // [2,2,1]
 * ```
 */
export const reverse = unary("reverse");

/**
 * The number of elements of an array or entries of a map.
 *
 * @example
 * ```ts
 * F.size(F.array(lit(1), lit(2), lit(2))); // 3
 * ```
 */
export const size = unary("size");

/** The element counted from 1 (from the end when negative), or the value of a key; null when there is none. */
export const try_element_at = binary("try_element_at");

/**
 * The array with a value at its end.
 *
 * @example
 * ```ts
 * F.array_append(F.array(lit(1), lit(2), lit(2)), 3); // [1,2,2,3]
 * ```
 */
export const array_append = withValue("array_append");

/**
 * Whether an array has a value; null when it does not but has nulls.
 *
 * @example
 * ```ts
 * F.array_contains(F.array(lit(1), lit(2), lit(2)), 2); // true
 * ```
 */
export const array_contains = withValue("array_contains");

/**
 * The position of a value, counted from 1; 0 when it is not there.
 *
 * @example
 * ```ts
 * F.array_position(F.array(lit(1), lit(2), lit(2)), 2); // 2
 * ```
 */
export const array_position = withValue("array_position");

/** The array with a value at its start. */
export const array_prepend = withValue("array_prepend");

/**
 * The array without a value.
 *
 * @example
 * ```ts
 * F.array_remove(F.array(lit(1), lit(2), lit(2)), 2); // [1]
 * ```
 */
export const array_remove = withValue("array_remove");

/**
 * The element counted from 1 (from the end when negative), or the value of a key.
 *
 * @example
 * ```ts
 * F.element_at(F.array(lit(1), lit(2), lit(2)), -1); // 2
 * ```
 */
export const element_at = withValue("element_at");

/**
 * An array of columns.
 *
 * @example
 * ```ts
 * F.array(lit(1), lit(2)); // [1,2]
 * ```
 */
export const array = listed("array");

/** The array with a value at a position, counted from 1, or from the end when negative. */
export function array_insert(arr: ColumnOrName, pos: ColumnOrName | number, item: unknown): Column {
  return invoke("array_insert", column(arr), columnOrNumber(pos), value(item));
}

/**
 * The elements as one text, with a delimiter; nulls are left out unless a replacement is given.
 *
 * @example
 * ```ts
 * F.array_join(F.array(lit("a"), lit("b")), "-"); // "a-b"
 * ```
 */
export function array_join(col: ColumnOrName, delimiter: string, nullReplacement?: string): Column {
  return invoke("array_join", column(col), value(delimiter), ...optionalValue(nullReplacement));
}

/**
 * An array of one value, so many times.
 *
 * @example
 * ```ts
 * F.array_repeat(lit("a"), 2); // ["a","a"]
 * ```
 */
export function array_repeat(col: ColumnOrName, count: ColumnOrName | number): Column {
  return invoke("array_repeat", column(col), columnOrNumber(count));
}

/**
 * The element at a position, counted from 0; null outside the array.
 *
 * @example
 * ```ts
 * F.get(F.array(lit(1), lit(2), lit(2)), 0); // 1
 * ```
 */
export function get(col: ColumnOrName, index: ColumnOrName | number): Column {
  return invoke("get", column(col), columnOrNumber(index));
}

/**
 * The numbers or dates from one to another, both included, in steps.
 *
 * @example
 * ```ts
 * F.sequence(lit(1), lit(7), lit(3)); // [1,4,7]
 * ```
 */
export function sequence(start: ColumnOrName, stop: ColumnOrName, step?: ColumnOrName): Column {
  return invoke("sequence", column(start), column(stop), ...optional(step));
}

/** The array in random order. */
export function shuffle(col: ColumnOrName, seed: number | bigint = randomSeed()): Column {
  return invoke("shuffle", column(col), value(seed));
}

/**
 * The part of an array from a position (counted from 1, from the end when negative), of a length.
 *
 * @example
 * ```ts
 * F.slice(F.array(lit(1), lit(2), lit(2)), 2, 2); // [2,2]
 * ```
 */
export function slice(x: ColumnOrName, start: ColumnOrName | number, length: ColumnOrName | number): Column {
  return invoke("slice", column(x), columnOrNumber(start), columnOrNumber(length));
}

/**
 * The array in order: upwards with nulls first, or downwards with nulls last.
 *
 * @example
 * ```ts
 * F.sort_array(F.array(lit(1), lit(2), lit(2)), false); // [2,2,1]
 * ```
 */
export function sort_array(col: ColumnOrName, asc = true): Column {
  return invoke("sort_array", column(col), value(asc));
}
