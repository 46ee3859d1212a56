// Keys by which DuckDB orders nested values as Spark does: a null within a value comes first.
import type { DataType } from "../../../sql/types/data-type.ts";
import { structField } from "../types.ts";
import type { EmitContext } from "./definition.ts";
import { bind } from "./sql-text.ts";

/** Whether a null may be within values of the type: only then DuckDB's order is another. */
export function needsSortKey(type: DataType): boolean {
  if (type.kind === "array") return type.containsNull || needsSortKey(type.elementType);
  return type.kind === "struct" && type.fields.some((field) => field.nullable || needsSortKey(field.dataType));
}

/** SQL of a value to order by in place of one of the type. */
export function sortKeySql(sql: string, type: DataType, context: EmitContext): string {
  if (!needsSortKey(type)) return sql;
  return bind(context, [sql], (x) => {
    if (type.kind === "array") {
      const name = context.fresh("k");
      const element = partKey(name, type.elementType, type.containsNull, context);
      return `list_transform(${x}, lambda ${name}: ${element})`;
    }
    if (type.kind !== "struct") return x;
    const parts = type.fields.map(
      (field, i) =>
        `${structField(i)} := ${partKey(`${x}.${structField(i)}`, field.dataType, field.nullable, context)}`,
    );
    return `CASE WHEN ${x} IS NULL THEN NULL ELSE struct_pack(${parts.join(", ")}) END`;
  });
}

function partKey(sql: string, type: DataType, nullable: boolean, context: EmitContext): string {
  const key = sortKeySql(sql, type, context);
  return nullable ? `struct_pack(n := ${sql} IS NOT NULL, v := ${key})` : key;
}

/** SQL of the greatest or least element of a list that is not null. */
export function extremeOf(list: string, greatest: boolean, type: DataType, context: EmitContext): string {
  if (!needsSortKey(type)) return `list_${greatest ? "max" : "min"}(${list})`;
  const e = context.fresh("e");
  // Pairs are ordered by their key first; null elements have no pair.
  const pair = `CASE WHEN ${e} IS NULL THEN NULL ELSE struct_pack(k := ${sortKeySql(e, type, context)}, v := ${e}) END`;
  return `list_sort(list_transform(${list}, lambda ${e}: ${pair}), '${greatest ? "DESC" : "ASC"}', 'NULLS LAST')[1].v`;
}
