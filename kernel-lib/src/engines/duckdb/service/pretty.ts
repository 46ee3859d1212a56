// The text `show` prints for a value: like a cast to string, but nulls are NULL and bytes are hexadecimal.
import type { DataType } from "../../../sql/types/data-type.ts";
import { structField } from "../types.ts";
import type { EmitContext, FunctionDefinition } from "../functions/definition.ts";

export const pretty: FunctionDefinition = {
  name: "toprettystring",
  kind: "scalar",
  resolve: (args) => ({ args, dataType: { kind: "string" }, nullable: false }),
  emit([value = "NULL"], call, context) {
    const [argument] = call.args;
    return orNull(value, argument?.dataType ?? { kind: "null" }, context);
  },
};

function orNull(sql: string, type: DataType, context: EmitContext): string {
  return `coalesce(${text(sql, type, context)}, 'NULL')`;
}

function text(sql: string, type: DataType, context: EmitContext): string {
  switch (type.kind) {
    case "null":
      return "NULL::VARCHAR";
    case "string":
      return sql;
    case "decimal":
      return `CAST(${sql} AS VARCHAR)`;
    case "binary":
      return `'[' || trim(regexp_replace(hex(${sql}), '(..)', '\\1 ', 'g')) || ']'`;
    case "array": {
      const item = context.fresh("e");
      return whole(sql, "[", joined(sql, item, orNull(item, type.elementType, context)), "]");
    }
    case "map": {
      const item = context.fresh("e");
      const entry = `${orNull(`${item}.key`, type.keyType, context)} || ' -> ' || ${orNull(`${item}.value`, type.valueType, context)}`;
      return whole(sql, "{", joined(`map_entries(${sql})`, item, entry), "}");
    }
    case "struct": {
      const fields = type.fields.map((field, i) => orNull(`(${sql}).${structField(i)}`, field.dataType, context));
      return whole(sql, "{", fields.join(" || ', ' || ") || "''", "}");
    }
    default:
      return context.castSql(sql, type, { kind: "string" }, "ansi");
  }
}

function joined(list: string, item: string, element: string): string {
  return `coalesce(array_to_string(list_transform(${list}, lambda ${item}: ${element}), ', '), '')`;
}

function whole(sql: string, open: string, inner: string, close: string): string {
  return `CASE WHEN ${sql} IS NOT NULL THEN '${open}' || ${inner} || '${close}' END`;
}
