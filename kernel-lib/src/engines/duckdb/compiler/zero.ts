// Spark makes one zero of 0.0 and -0.0 where rows are grouped or compared as a whole.
import type { DataType } from "../../../sql/types/data-type.ts";
import { duckdbType } from "../types.ts";

export function hasTwoZeros(type: DataType): boolean {
  return type.kind === "float" || type.kind === "double";
}

/** SQL of the value with 0.0 for -0.0. */
export function oneZero(sql: string, type: DataType): string {
  return hasTwoZeros(type) ? `(${sql} + CAST(0 AS ${duckdbType(type)}))` : sql;
}
