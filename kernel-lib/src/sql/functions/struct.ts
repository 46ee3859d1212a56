// Structs.
import type { Column, ColumnOrName } from "../column.ts";
import { column, invoke, variadic } from "./make.ts";

/**
 * A struct of names and values: `named_struct(lit("a"), "x", lit("b"), "y")`.
 *
 * @example
 * ```ts
 * F.named_struct(lit("a"), lit(1)).getField("a"); // 1
 * ```
 */
export const named_struct = variadic("named_struct");

/**
 * A struct of columns, named as they are: `struct("a", col("b").alias("c"))`.
 *
 * @example
 * ```ts
 * accounts.select(F.struct("account_id", "country").alias("account"));
 * ```
 */
export function struct(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return invoke("struct", ...cols.flat().map(column));
}
