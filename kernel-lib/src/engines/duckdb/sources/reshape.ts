// Values of DuckDB's own types, as files hold them, in the types of `duckdbType`: structs renamed, nothing lost.
import type { DuckDBStructType, DuckDBType } from "@duckdb/node-api";
import { DuckDBTypeId } from "@duckdb/node-api";

import type { DataType, StructField } from "../../../sql/types/data-type.ts";
import { duckdbType } from "../types.ts";

/** SQL of a leaf's value in the wanted type, or undefined when the one cannot be the other. */
export type ReshapeLeaf = (sql: string, from: DuckDBType, to: DataType) => string | undefined;

/**
 * SQL of a value of DuckDB type `from` as `duckdbType(to)`.
 *
 * Struct fields are found by name, whatever the case; missing ones are null.
 *
 * @returns undefined when a part cannot be read as its wanted type.
 */
export function reshape(sql: string, from: DuckDBType, to: DataType, leaf: ReshapeLeaf, depth = 0): string | undefined {
  if (to.kind === "struct") {
    if (from.typeId !== DuckDBTypeId.STRUCT) return undefined;
    return reshapeStruct(sql, from, to.fields, leaf, depth);
  }
  if (to.kind === "array") {
    if (from.typeId !== DuckDBTypeId.LIST) return undefined;
    return reshapeList(sql, from.valueType, to.elementType, leaf, depth);
  }
  if (to.kind === "map") {
    if (from.typeId !== DuckDBTypeId.MAP) return undefined;
    const { keyType, valueType } = from;
    const keys = reshapeList(`map_keys(${sql})`, keyType, to.keyType, leaf, depth);
    const values = reshapeList(`map_values(${sql})`, valueType, to.valueType, leaf, depth);
    if (keys === undefined || values === undefined) return undefined;
    if (keys === `map_keys(${sql})` && values === `map_values(${sql})`) return sql;
    return `CASE WHEN ${sql} IS NULL THEN NULL ELSE map(${keys}, ${values}) END`;
  }
  return leaf(sql, from, to);
}

function reshapeList(
  sql: string,
  from: DuckDBType,
  to: DataType,
  leaf: ReshapeLeaf,
  depth: number,
): string | undefined {
  const name = `reshaped${depth}`;
  const element = reshape(name, from, to, leaf, depth + 1);
  if (element === undefined || element === name) return element && sql;
  return `list_transform(${sql}, lambda ${name}: ${element})`;
}

function reshapeStruct(
  sql: string,
  from: DuckDBStructType,
  fields: readonly StructField[],
  leaf: ReshapeLeaf,
  depth: number,
): string | undefined {
  const values: string[] = [];
  for (const [i, field] of fields.entries()) {
    const at = fieldPosition(from.entryNames, fields, i);
    const type = from.entryTypes[at];
    if (!type) {
      values.push(`NULL::${duckdbType(field.dataType)}`);
      continue;
    }
    const value = reshape(`struct_extract_at(${sql}, ${at + 1})`, type, field.dataType, leaf, depth);
    if (value === undefined) return undefined;
    values.push(value);
  }
  const type = duckdbType({ kind: "struct", fields });
  return `CASE WHEN ${sql} IS NULL THEN NULL ELSE row(${values.join(", ") || "NULL"})::${type} END`;
}

/** DuckDB renames names that repeat but for their case; where all others agree it is the position that counts. */
function fieldPosition(names: readonly string[], fields: readonly StructField[], i: number): number {
  const name = fields[i]?.name ?? "";
  const exact = names.indexOf(name);
  if (exact >= 0) return exact;
  if (names.length === fields.length && names[i]?.toLowerCase().startsWith(name.toLowerCase())) return i;
  return names.findIndex((candidate) => candidate.toLowerCase() === name.toLowerCase());
}
