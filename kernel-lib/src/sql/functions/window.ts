// Functions over windows: `F.row_number().over(window)`.
import type { Column, ColumnOrName } from "../column.ts";
import { column, invoke, nullary, optionalValue, value } from "./make.ts";

/** The share of rows up to this one and its equals. */
export const cume_dist = nullary("cume_dist");

/** The rank, without gaps after equal rows. */
export const dense_rank = nullary("dense_rank");

/** The rank as a share, from 0 to 1. */
export const percent_rank = nullary("percent_rank");

/** The rank, with gaps after equal rows. */
export const rank = nullary("rank");

/** The number of the row, from 1. */
export const row_number = nullary("row_number");

const shifted =
  (name: string) =>
  (col: ColumnOrName, offset = 1, defaultValue?: unknown): Column =>
    invoke(name, column(col), value(offset), ...optionalValue(defaultValue ?? undefined));

/** The value so many rows before; the default, or null, where there is none. */
export const lag = shifted("lag");

/** The value so many rows after; the default, or null, where there is none. */
export const lead = shifted("lead");

/** The value of the row with a number, from 1, in the frame; null before it is reached. */
export function nth_value(col: ColumnOrName, offset: number, ignoreNulls = false): Column {
  return invoke("nth_value", column(col), value(offset), value(ignoreNulls));
}

/** The number, from 1, of the one of `n` even parts that the row is in. */
export function ntile(n: number): Column {
  return invoke("ntile", value(n));
}
