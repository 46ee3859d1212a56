// Aggregates of statistics.
import type { ColumnOrName } from "../column.ts";
import { Column } from "../column.ts";
import { binary, column, doubleValue, invoke, unary, value } from "./make.ts";

/** The Pearson correlation of two columns. */
export const corr = binary("corr");

/** The population covariance of two columns. */
export const covar_pop = binary("covar_pop");

/** The sample covariance of two columns. */
export const covar_samp = binary("covar_samp");

/** The kurtosis. */
export const kurtosis = unary("kurtosis");

/**
 * The median, interpolated.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.median("balance"));
 * ```
 */
export const median = unary("median");

/** The mean of the second column, where both have values. */
export const regr_avgx = binary("regr_avgx");

/** The mean of the first column, where both have values. */
export const regr_avgy = binary("regr_avgy");

/** The number of rows where both columns have values. */
export const regr_count = binary("regr_count");

/** The intercept of the line that fits best. */
export const regr_intercept = binary("regr_intercept");

/** How well the best line fits, from 0 to 1. */
export const regr_r2 = binary("regr_r2");

/** The slope of the line that fits best. */
export const regr_slope = binary("regr_slope");

/** The sum of squares of the second column. */
export const regr_sxx = binary("regr_sxx");

/** The sum of products of both columns. */
export const regr_sxy = binary("regr_sxy");

/** The sum of squares of the first column. */
export const regr_syy = binary("regr_syy");

/** The skewness. */
export const skewness = unary("skewness");

/** The sample standard deviation. */
export const std = unary("std");

/**
 * The sample standard deviation.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.stddev("balance"));
 * ```
 */
export const stddev = unary("stddev");

/**
 * The population standard deviation.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.stddev_pop("balance"));
 * ```
 */
export const stddev_pop = unary("stddev_pop");

/** The sample standard deviation. */
export const stddev_samp = unary("stddev_samp");

/**
 * The population variance.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.var_pop("balance"));
 * ```
 */
export const var_pop = unary("var_pop");

/** The sample variance. */
export const var_samp = unary("var_samp");

/**
 * The sample variance.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.variance("balance"));
 * ```
 */
export const variance = unary("variance");

/**
 * The most frequent value; with `deterministic`, the least of those equally frequent.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.mode("active_ind"));
 * ```
 */
export function mode(col: ColumnOrName, deterministic = false): Column {
  return invoke("mode", column(col), ...(deterministic ? [value(true)] : []));
}

/** Shares as DOUBLE, also where they are whole: `lit(1)` would be INT. */
function shares(percentage: Column | number | readonly number[]): Column {
  if (percentage instanceof Column) return percentage;
  const list = typeof percentage === "number" ? [percentage] : percentage;
  const doubles = list.map((share) => doubleValue(share));
  return typeof percentage === "number" ? (doubles[0] ?? value(null)) : invoke("array", ...doubles);
}

/**
 * A share of the values lies at or below this one, interpolated; several shares give an array.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.percentile("balance", 0.9));
 * ```
 */
export function percentile(
  col: ColumnOrName,
  percentage: Column | number | readonly number[],
  frequency: Column | number = 1,
): Column {
  return invoke("percentile", column(col), shares(percentage), ...(frequency === 1 ? [] : [value(frequency)]));
}

const approximate =
  (name: string) =>
  (col: ColumnOrName, percentage: Column | number | readonly number[], accuracy: Column | number = 10_000): Column =>
    invoke(name, column(col), shares(percentage), value(accuracy));

/** One of the values, at or below which about a share of them lies; several shares give an array. */
export const percentile_approx = approximate("percentile_approx");

/** About a share of the values lies at or below this one: `percentile_approx` by its other name. */
export const approx_percentile = approximate("approx_percentile");
