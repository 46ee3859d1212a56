// Functions that make arrays, maps and structs of columns.
import type { StructField } from "../../../sql/types/data-type.ts";
import type { Expression } from "../resolved/expression.ts";
import { structField } from "../types.ts";
import { toCommonType } from "./coercion.ts";
import type { FunctionDefinition } from "./definition.ts";
import { NULL, STRING, arrayOf, hasMap, mapOf } from "./kinds.ts";
import { checkCount, named } from "./makers.ts";
import { cast } from "./sql-text.ts";
import { nonFoldable, typeMismatch } from "./type-errors.ts";

/** The name Spark gives a field made of an expression; `col1`, `col2` … for those without one. */
export function fieldName(expression: Expression, position: number): string {
  switch (expression.kind) {
    case "alias":
      return expression.names[0] ?? `col${position + 1}`;
    case "attribute":
      return expression.attribute.name;
    case "variable":
      return expression.name;
    case "field": {
      const parent = expression.child.dataType;
      return (parent.kind === "struct" ? parent.fields[expression.ordinal]?.name : undefined) ?? `col${position + 1}`;
    }
    default:
      return `col${position + 1}`;
  }
}

/** SQL of a struct with these field values, in order. */
export function packed(values: readonly string[]): string {
  if (values.length === 0) return "struct_pack(f0 := CAST(NULL AS INTEGER))";
  return `struct_pack(${values.map((value, i) => `${structField(i)} := ${value}`).join(", ")})`;
}

const field = (name: string, value: Expression): StructField => ({
  name,
  dataType: value.dataType,
  nullable: value.nullable,
  ...(value.kind === "alias" && value.metadata ? { metadata: value.metadata } : {}),
});

const struct: FunctionDefinition = {
  name: "struct",
  kind: "scalar",
  resolve: (args) => ({
    args,
    dataType: { kind: "struct", fields: args.map((arg, i) => field(fieldName(arg, i), arg)) },
    nullable: false,
  }),
  emit: (args) => packed(args),
};

const namedStruct: FunctionDefinition = {
  name: "named_struct",
  kind: "scalar",
  resolve(args, context) {
    if (args.length % 2 === 1) checkCount("named_struct", args.length, args.length + 1, args.length + 1);
    const values = args.filter((_, i) => i % 2 === 1);
    const fields = values.map((value, i) => {
      const name = context.constant(args[2 * i] as Expression);
      if (typeof name !== "string") throw nonFoldable("named_struct", "name", STRING);
      return field(name, value);
    });
    return { args, dataType: { kind: "struct", fields }, nullable: false };
  },
  emit: (args) => packed(args.filter((_, i) => i % 2 === 1)),
};

const array: FunctionDefinition = {
  name: "array",
  kind: "scalar",
  resolve(args, context) {
    if (args.length === 0) return { args, dataType: arrayOf(NULL, false), nullable: false };
    const { args: all, dataType } = toCommonType("array", args, context);
    return {
      args: all,
      dataType: arrayOf(
        dataType,
        all.some((arg) => arg.nullable),
      ),
      nullable: false,
    };
  },
  emit: (args, call) => (args.length === 0 ? cast("[]", call.dataType) : `[${args.join(", ")}]`),
};

const map = named("map create_map", (name) => ({
  kind: "scalar",
  resolve(args, context) {
    if (args.length % 2 === 1) checkCount(name, args.length, args.length + 1, args.length + 1);
    if (args.length === 0) return { args, dataType: mapOf(NULL, NULL, false), nullable: false };
    const keys = toCommonType(
      "map",
      args.filter((_, i) => i % 2 === 0),
      context,
    );
    const values = toCommonType(
      "map",
      args.filter((_, i) => i % 2 === 1),
      context,
    );
    if (hasMap(keys.dataType))
      throw typeMismatch("INVALID_MAP_KEY_TYPE", name, "The key of map cannot be/contain a map.");
    const all = args.map((_, i) => (i % 2 === 0 ? keys.args[i / 2] : values.args[(i - 1) / 2]) as Expression);
    const dataType = mapOf(
      keys.dataType,
      values.dataType,
      values.args.some((arg) => arg.nullable),
    );
    return { args: all, dataType, nullable: false };
  },
  emit(args, call, context) {
    if (args.length === 0) return cast("MAP {}", call.dataType);
    const keys = args.filter((_, i) => i % 2 === 0);
    const values = args.filter((_, i) => i % 2 === 1);
    return checkedMap(`[${keys.join(", ")}]`, `[${values.join(", ")}]`, context);
  },
  display: (args) => `map(${args.join(", ")})`,
}));

/** SQL of a map; a null key or one that is there twice throws as in Spark. */
export function checkedMap(keys: string, values: string, context: Parameters<FunctionDefinition["emit"]>[2]): string {
  const name = context.fresh("m");
  const [k, v] = [`${name}.k`, `${name}.v`];
  const nullKey = context.raise("NULL_MAP_KEY", "2200E", `'Cannot use null as map key.'`);
  const duplicate = context.raise(
    "DUPLICATED_MAP_KEY",
    "23505",
    `'Duplicate map key ' || coalesce(CAST(list_filter(${k}, lambda x: len(list_filter(${k}, lambda y: y = x)) > 1)[1] AS VARCHAR), '') || ' was found, please check the input data. If you want to remove the duplicated keys, you can set "spark.sql.mapKeyDedupPolicy" to "LAST_WIN" so that the key inserted at last takes precedence.'`,
  );
  const nulls = `len(list_filter(${k}, lambda x: x IS NULL)) > 0`;
  const test = `CASE WHEN ${k} IS NULL OR ${v} IS NULL THEN NULL WHEN ${nulls} THEN ${nullKey} WHEN len(list_distinct(${k})) < len(${k}) THEN ${duplicate} ELSE MAP(${k}, ${v}) END`;
  return `list_transform([struct_pack(k := ${keys}, v := ${values})], lambda ${name}: ${test})[1]`;
}

export const structFunctions: FunctionDefinition[] = [struct, namedStruct, array, ...map];
