// Casts between arrays, maps and structs: their parts are cast one by one.
import type { ArrayType, DataType, MapType, StructType } from "../../../sql/types/data-type.ts";
import type { CastMode } from "../resolved/expression.ts";
import { bind, nullOf } from "../functions/sql-text.ts";
import { duckdbType, structField } from "../types.ts";
import type { CastContext } from "./context.ts";

type CastSql = (sql: string, from: DataType, to: DataType, mode: CastMode, context: CastContext) => string;

export function nestedCast(
  sql: string,
  from: ArrayType | MapType | StructType,
  to: ArrayType | MapType | StructType,
  mode: CastMode,
  context: CastContext,
  castSql: CastSql,
): string {
  // Fields are named by position, so types that differ in names only are the same to DuckDB.
  if (duckdbType(from) === duckdbType(to) && from.kind !== "array") return sql;
  if (from.kind === "array" && to.kind === "array") {
    if (duckdbType(from) === duckdbType(to) && from.elementType.kind !== "null") return sql;
    const name = context.fresh("x");
    return `list_transform(${sql}, lambda ${name}: ${castSql(name, from.elementType, to.elementType, mode, context)})`;
  }
  if (from.kind === "map" && to.kind === "map") {
    const name = context.fresh("e");
    const key = castSql(`${name}.key`, from.keyType, to.keyType, mode, context);
    const value = castSql(`${name}.value`, from.valueType, to.valueType, mode, context);
    return `map_from_entries(list_transform(map_entries(${sql}), lambda ${name}: struct_pack(key := ${key}, value := ${value})))`;
  }
  if (from.kind === "struct" && to.kind === "struct") {
    return bind(context, [sql], (x) => {
      const fields = from.fields.map((field, i) => {
        const target = to.fields[i]?.dataType ?? field.dataType;
        return `${structField(i)} := ${castSql(`${x}.${structField(i)}`, field.dataType, target, mode, context)}`;
      });
      return `CASE WHEN ${x} IS NULL THEN NULL ELSE struct_pack(${fields.join(", ")}) END`;
    });
  }
  return nullOf(to);
}
