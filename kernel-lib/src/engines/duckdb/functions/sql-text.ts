// Small pieces of SQL that many functions are made of.
import type { DataType } from "../../../sql/types/data-type.ts";
import { duckdbType } from "../types.ts";
import type { EmitContext } from "./definition.ts";

/** The position of a row among those of its SELECT, from 1; no part of a WHERE clause or an aggregate. */
export const ROW_POSITION = "row_number() OVER ()";

/** Whether a text may be repeated at no cost: a name, a field of a name or a literal. */
export function isCheap(sql: string): boolean {
  return (
    /^[\w".]+$/.test(sql) ||
    /^(CAST\()?'(?:[^']|'')*'( AS [\w(), ]+\))?$/.test(sql) ||
    /^CAST\([\w-]+ AS \w+\)$/.test(sql)
  );
}

/**
 * SQL that uses values more than once while computing them once.
 *
 * The values go through a list of one struct, because DuckDB has no `let`.
 */
export function bind(
  context: Pick<EmitContext, "fresh">,
  values: readonly string[],
  use: (...names: string[]) => string,
): string {
  if (values.every(isCheap)) return use(...values);
  const name = context.fresh("v");
  const [only] = values;
  if (values.length === 1 && only !== undefined) return `list_transform([${only}], lambda ${name}: ${use(name)})[1]`;
  const packed = values
    .map((value, i) => (isCheap(value) ? undefined : `b${i} := ${value}`))
    .filter((x) => x !== undefined);
  const uses = values.map((value, i) => (isCheap(value) ? value : `${name}.b${i}`));
  return `list_transform([struct_pack(${packed.join(", ")})], lambda ${name}: ${use(...uses)})[1]`;
}

export const cast = (sql: string, type: DataType): string => `CAST(${sql} AS ${duckdbType(type)})`;
export const tryCast = (sql: string, type: DataType): string => `TRY_CAST(${sql} AS ${duckdbType(type)})`;
export const nullOf = (type: DataType): string => cast("NULL", type);

/** Null when any of the texts is null, else the value. */
export function whenNone(ofThese: readonly string[], value: string): string {
  const tests = ofThese.map((sql) => `${sql} IS NULL`).join(" OR ");
  return tests === "" ? value : `CASE WHEN ${tests} THEN NULL ELSE ${value} END`;
}
