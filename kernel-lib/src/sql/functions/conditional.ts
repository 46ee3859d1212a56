// Choices between values, and nulls.
import type { ColumnOrName } from "../column.ts";
import { Column } from "../column.ts";
import { SparkError } from "../errors.ts";
import { binary, column, invoke, optionalValue, ternary, unary, value, variadic } from "./make.ts";

/**
 * The first value that is not null.
 *
 * @example
 * ```ts
 * F.coalesce(lit(null), lit(2)); // 2
 * ```
 */
export const coalesce = variadic("coalesce");

/**
 * Equal, where two nulls are equal.
 *
 * @example
 * ```ts
 * F.equal_null(lit(null), lit(null)); // true
 * ```
 */
export const equal_null = binary("equal_null");

/**
 * The first value, or the second where that is null.
 *
 * @example
 * ```ts
 * F.ifnull(lit(null), lit(2)); // 2
 * ```
 */
export const ifnull = binary("ifnull");

/**
 * Whether the value is NaN.
 *
 * @example
 * ```ts
 * F.isnan(lit(NaN)); // true
 * ```
 */
export const isnan = unary("isnan");

/**
 * Whether the value is not null.
 *
 * @example
 * ```ts
 * F.isnotnull(lit(1)); // true
 * ```
 */
export const isnotnull = unary("isnotnull");

/**
 * Whether the value is null.
 *
 * @example
 * ```ts
 * F.isnull(lit(null)); // true
 * ```
 */
export const isnull = unary("isnull");

/**
 * The first value, or the second where that is NaN.
 *
 * @example
 * ```ts
 * F.nanvl(lit(NaN), lit(1.5)); // 1.5
 * ```
 */
export const nanvl = binary("nanvl");

/**
 * Null where both values are equal, else the first.
 *
 * @example
 * ```ts
 * F.nullif(lit(1), lit(1)); // null
 * ```
 */
export const nullif = binary("nullif");

/**
 * The first value, or the second where that is null.
 *
 * @example
 * ```ts
 * F.nvl(lit(null), lit(2)); // 2
 * ```
 */
export const nvl = binary("nvl");

/**
 * The second value where the first is not null, else the third.
 *
 * @example
 * ```ts
 * F.nvl2(lit(null), lit(1), lit(2)); // 2
 * ```
 */
export const nvl2 = ternary("nvl2");

/**
 * The value where a condition is true; more branches and a default may follow.
 *
 * @example
 * ```ts
 * F.when(col("age").lt(18), "minor").otherwise("adult");
 * ```
 */
export function when(condition: Column, result: unknown): Column {
  return invoke("when", condition, value(result));
}

const extreme =
  (name: string) =>
  (...cols: readonly ColumnOrName[]): Column => {
    if (cols.length < 2)
      throw new SparkError("WRONG_NUM_COLUMNS", `Function \`${name}\` should take at least 2 columns.`);
    return invoke(name, ...cols.map(column));
  };

/**
 * The greatest of two or more columns; nulls are passed over.
 *
 * @example
 * ```ts
 * F.greatest(lit(1), lit(3), lit(2)); // 3
 * ```
 */
export const greatest = extreme("greatest");

/**
 * The least of two or more columns; nulls are passed over.
 *
 * @example
 * ```ts
 * F.least(lit(1), lit(3), lit(2)); // 1
 * ```
 */
export const least = extreme("least");

/** Fails where a condition is not true, with a message; null otherwise. */
export function assert_true(col: ColumnOrName, errMsg?: Column | string): Column {
  return invoke("assert_true", column(col), ...optionalValue(errMsg));
}

/** Fails with a message when it is computed. */
export function raise_error(errMsg: Column | string): Column {
  return invoke("raise_error", errMsg instanceof Column ? errMsg : value(errMsg));
}
