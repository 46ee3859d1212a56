// Functions over windows: `F.row_number().over(window)`.
import type { Column, ColumnOrName } from "../column.ts";
import { column, invoke, nullary, optionalValue, value } from "./make.ts";

/**
 * The share of rows up to this one and its equals.
 *
 * @example
 * ```ts
 * accounts.select("account_id", F.cume_dist().over(Window.partitionBy("country").orderBy("account_id")));
 * ```
 */
export const cume_dist = nullary("cume_dist");

/**
 * The rank, without gaps after equal rows.
 *
 * @example
 * ```ts
 * accounts.select("account_id", F.dense_rank().over(Window.partitionBy("country").orderBy("account_id")));
 * ```
 */
export const dense_rank = nullary("dense_rank");

/**
 * The rank as a share, from 0 to 1.
 *
 * @example
 * ```ts
 * accounts.select("account_id", F.percent_rank().over(Window.partitionBy("country").orderBy("account_id")));
 * ```
 */
export const percent_rank = nullary("percent_rank");

/**
 * The rank, with gaps after equal rows.
 *
 * @example
 * ```ts
 * accounts.select("account_id", F.rank().over(Window.partitionBy("country").orderBy("account_id")));
 * ```
 */
export const rank = nullary("rank");

/**
 * The number of the row, from 1.
 *
 * @example
 * ```ts
 * accounts.select("account_id", F.row_number().over(Window.partitionBy("country").orderBy("account_id")));
 * ```
 */
export const row_number = nullary("row_number");

const shifted =
  (name: string) =>
  (col: ColumnOrName, offset = 1, defaultValue?: unknown): Column =>
    invoke(name, column(col), value(offset), ...optionalValue(defaultValue ?? undefined));

/**
 * The value so many rows before; the default, or null, where there is none.
 *
 * @example
 * ```ts
 * accounts.select("account_id", F.lag("balance", 1).over(Window.partitionBy("country").orderBy("account_id")));
 * ```
 */
export const lag = shifted("lag");

/**
 * The value so many rows after; the default, or null, where there is none.
 *
 * @example
 * ```ts
 * accounts.select("account_id", F.lead("balance", 1).over(Window.partitionBy("country").orderBy("account_id")));
 * ```
 */
export const lead = shifted("lead");

/** The value of the row with a number, from 1, in the frame; null before it is reached. */
export function nth_value(col: ColumnOrName, offset: number, ignoreNulls = false): Column {
  return invoke("nth_value", column(col), value(offset), value(ignoreNulls));
}

/**
 * The number, from 1, of the one of `n` even parts that the row is in.
 *
 * @example
 * ```ts
 * accounts.select("account_id", F.ntile(2).over(Window.partitionBy("country").orderBy("account_id")));
 * ```
 */
export function ntile(n: number): Column {
  return invoke("ntile", value(n));
}
