// Structs.
import type { Column, ColumnOrName } from "../column.ts";
import { column, invoke, variadic } from "./make.ts";

/** A struct of names and values: `named_struct(lit("a"), "x", lit("b"), "y")`. */
export const named_struct = variadic("named_struct");

/** A struct of columns, named as they are: `struct("a", col("b").alias("c"))`. */
export function struct(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return invoke("struct", ...cols.flat().map(column));
}
