// Aggregates: one value for a group of rows.
import type { ColumnOrName } from "../column.ts";
import { call, literal } from "../plan/expressions.ts";
import { Column } from "../column.ts";
import { binary, column, invoke, optionalValue, unary, value, variadic } from "./make.ts";

/**
 * The values as an array, without nulls.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.array_agg("account_id"));
 * ```
 */
export const array_agg = unary("array_agg");

/**
 * The mean.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.avg("balance"));
 * ```
 */
export const avg = unary("avg");

/** The bitwise and of all values. */
export const bit_and = unary("bit_and");

/** The bitwise or of all values. */
export const bit_or = unary("bit_or");

/** The bitwise exclusive or of all values. */
export const bit_xor = unary("bit_xor");

/**
 * Whether all values are true.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.bool_and(col("active_ind").eq(1)));
 * ```
 */
export const bool_and = unary("bool_and");

/**
 * Whether a value is true.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.bool_or(col("active_ind").eq(1)));
 * ```
 */
export const bool_or = unary("bool_or");

/**
 * The values as an array, without nulls; the order is not fixed.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.collect_list("account_id"));
 * ```
 */
export const collect_list = unary("collect_list");

/**
 * The distinct values as an array, without nulls.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.collect_set("active_ind"));
 * ```
 */
export const collect_set = unary("collect_set");

/**
 * The number of rows for which a condition is true.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.count_if(col("active_ind").eq(1)));
 * ```
 */
export const count_if = unary("count_if");

/**
 * Whether all values are true.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.every(col("active_ind").eq(1)));
 * ```
 */
export const every = unary("every");

/** 1 where a column of `rollup` or `cube` is aggregated away, else 0. */
export const grouping = unary("grouping");

/** The `grouping` bits of all grouping columns as one number. */
export const grouping_id = variadic("grouping_id");

/**
 * The greatest value.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.max("balance"));
 * ```
 */
export const max = unary("max");

/**
 * The value of the first column where the second is greatest.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.max_by("account_id", "balance"));
 * ```
 */
export const max_by = binary("max_by");

/**
 * The mean.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.mean("balance"));
 * ```
 */
export const mean = unary("avg");

/**
 * The least value.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.min("balance"));
 * ```
 */
export const min = unary("min");

/**
 * The value of the first column where the second is least.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.min_by("account_id", "balance"));
 * ```
 */
export const min_by = binary("min_by");

/**
 * The product of all values, as DOUBLE.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.product("active_ind"));
 * ```
 */
export const product = unary("product");

/**
 * Whether a value is true.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.some(col("active_ind").eq(1)));
 * ```
 */
export const some = unary("some");

/**
 * The sum.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.sum("balance"));
 * ```
 */
export const sum = unary("sum");

/** The mean, null on overflow. */
export const try_avg = unary("try_avg");

/** The sum, null on overflow. */
export const try_sum = unary("try_sum");

/**
 * The number of rows where the column is not null; of all rows with `"*"`.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.count("*"), F.count("balance"));
 * ```
 */
export function count(col: ColumnOrName): Column {
  const counted = column(col);
  return invoke("count", counted.expression.exprType.case === "unresolvedStar" ? new Column(literal(1)) : counted);
}

/**
 * The number of distinct combinations of the columns, those with a null left out.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.count_distinct("active_ind"));
 * ```
 */
export function count_distinct(col: ColumnOrName, ...cols: readonly ColumnOrName[]): Column {
  return new Column(
    call(
      "count",
      [col, ...cols].map((name) => column(name).expression),
      true,
    ),
  );
}

/** The number of distinct combinations: `count_distinct` by its other name. */
export const countDistinct = count_distinct;

/**
 * The sum of the distinct values.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.sum_distinct("active_ind"));
 * ```
 */
export function sum_distinct(col: ColumnOrName): Column {
  return new Column(call("sum", [column(col).expression], true));
}

/** The sum of the distinct values: `sum_distinct` by its other name. */
export const sumDistinct = sum_distinct;

/**
 * About how many distinct values there are; `rsd` is the relative error wanted, 0.05 unless told.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.approx_count_distinct("account_id"));
 * ```
 */
export function approx_count_distinct(col: ColumnOrName, rsd?: number): Column {
  return invoke("approx_count_distinct", column(col), ...optionalValue(rsd));
}

const oneOf =
  (name: string) =>
  (col: ColumnOrName, ignorenulls = false): Column =>
    invoke(name, column(col), value(ignorenulls));

/**
 * The first value of the group, or the first that is not null.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.first("account_id"));
 * ```
 */
export const first = oneOf("first");

/**
 * The last value of the group, or the last that is not null.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.last("account_id"));
 * ```
 */
export const last = oneOf("last");

const oneOfColumn =
  (name: string) =>
  (col: ColumnOrName, ignoreNulls?: boolean | Column): Column =>
    invoke(name, column(col), ...optionalValue(ignoreNulls));

/**
 * Some value of the group.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.any_value("country"));
 * ```
 */
export const any_value = oneOfColumn("any_value");

/** The first value of the group or window. */
export const first_value = oneOfColumn("first_value");

/** The last value of the group or window. */
export const last_value = oneOfColumn("last_value");
