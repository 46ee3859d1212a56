// Functions that make rows of a value.
import { unary, variadic } from "./make.ts";

/**
 * A row for each element of an array or entry of a map; none for null or empty ones.
 *
 * @example
 * ```ts
 * accounts.select("account_id", F.explode("prices").alias("price"));
 * ```
 */
export const explode = unary("explode");

/**
 * A row for each element or entry; a row of null for null or empty ones.
 *
 * @example
 * ```ts
 * accounts.select("account_id", F.explode_outer("prices").alias("price"));
 * ```
 */
export const explode_outer = unary("explode_outer");

/** A row for each struct of an array, with its fields as columns. */
export const inline = unary("inline");

/** A row for each struct of an array; a row of nulls for null or empty ones. */
export const inline_outer = unary("inline_outer");

/**
 * A row for each element with its position, counted from 0.
 *
 * @example
 * ```ts
 * accounts.select("account_id", F.posexplode("prices"));
 * ```
 */
export const posexplode = unary("posexplode");

/** A row for each element with its position; a row of nulls for null or empty ones. */
export const posexplode_outer = unary("posexplode_outer");

/** Rows of columns: the first argument says how many. */
export const stack = variadic("stack");
