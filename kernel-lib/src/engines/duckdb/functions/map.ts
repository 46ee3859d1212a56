// Functions of maps.
import type { DataType, MapType } from "../../../sql/types/data-type.ts";
import type { Expression } from "../resolved/expression.ts";
import { commonType, toCommonType } from "./coercion.ts";
import type { FunctionDefinition } from "./definition.ts";
import { BOOLEAN, STRING, arrayOf, mapOf, structOf } from "./kinds.ts";
import { anyNullable, checkCount, constantOf, rows, typeOf } from "./makers.ts";
import type { Parameter } from "./makers.ts";
import { bind, whenNone } from "./sql-text.ts";
import { checkedMap, packed } from "./struct.ts";
import { unexpectedInput, unsupported } from "./type-errors.ts";

const MAP: Parameter = (type) => (type.kind === "map" ? type : undefined);
const ARRAY: Parameter = (type) => (type.kind === "array" ? type : undefined);
const mapAt = (args: readonly Expression[]): MapType => typeOf(args, 0) as MapType;

const entryType = (type: MapType): DataType =>
  structOf(["key", type.keyType, false], ["value", type.valueType, type.valueContainsNull]);

/** The entries of a map as structs of Spark's shape. */
export function entriesSql(map: string, context: Parameters<FunctionDefinition["emit"]>[2]): string {
  const e = context.fresh("e");
  return `list_transform(map_entries(${map}), lambda ${e}: ${packed([`${e}.key`, `${e}.value`])})`;
}

const concat: FunctionDefinition = {
  name: "map_concat",
  kind: "scalar",
  resolve(args, context) {
    if (args.length === 0) throw unsupported("map_concat without arguments", "Use map().");
    for (const [i, arg] of args.entries())
      if (arg.dataType.kind !== "map") throw unexpectedInput("map_concat", i, `"MAP"`, arg.dataType);
    const { args: all, dataType } = toCommonType("map_concat", args, context);
    return { args: all, dataType, nullable: anyNullable(all) };
  },
  emit: (args, _call, context) =>
    bind(context, args, (...maps) => {
      const all = (part: string) => `flatten([${maps.map((map) => `map_${part}(${map})`).join(", ")}])`;
      return whenNone(maps, checkedMap(all("keys"), all("values"), context));
    }),
};

const containsKey: FunctionDefinition = {
  name: "map_contains_key",
  kind: "scalar",
  resolve(args, context) {
    checkCount("map_contains_key", args.length, 2, 2);
    const [map, key] = args as [Expression, Expression];
    if (map.dataType.kind !== "map") throw unexpectedInput("map_contains_key", 0, `"MAP"`, map.dataType);
    const type = commonType(map.dataType.keyType, key.dataType, context.ansi) ?? map.dataType.keyType;
    const wanted = mapOf(type, map.dataType.valueType, map.dataType.valueContainsNull);
    return {
      args: [context.coerce(map, wanted), context.coerce(key, type)],
      dataType: BOOLEAN,
      nullable: map.nullable || key.nullable,
    };
  },
  emit: (args, _call, context) =>
    bind(context, args, (map, key) => whenNone([map, key], `list_contains(map_keys(${map}), ${key})`)),
};

export const mapFunctions: FunctionDefinition[] = [
  concat,
  containsKey,
  ...rows(
    {
      names: "map_keys",
      parameters: [MAP],
      result: (args) => arrayOf(mapAt(args).keyType, true),
      sql: "map_keys($1)",
    },
    {
      names: "map_values",
      parameters: [MAP],
      result: (args) => arrayOf(mapAt(args).valueType, true),
      sql: "map_values($1)",
    },
    {
      names: "map_entries",
      parameters: [MAP],
      result: (args) => arrayOf(entryType(mapAt(args)), false),
      sql: ([map = ""], context) => entriesSql(map, context),
    },
    {
      names: "map_from_arrays",
      parameters: [ARRAY, ARRAY],
      result: (args) => {
        const [keys, values] = [typeOf(args, 0), typeOf(args, 1)];
        if (keys.kind !== "array" || values.kind !== "array")
          throw unexpectedInput("map_from_arrays", 0, `"ARRAY"`, keys);
        return mapOf(keys.elementType, values.elementType, values.containsNull);
      },
      sql: (args, context) =>
        bind(context, args, (keys, values) => {
          const uneven = context.raise(
            "_LEGACY_ERROR_TEMP_2014",
            "XX000",
            "'The key array and value array of MapData must have the same length.'",
          );
          return whenNone(
            [keys, values],
            `CASE WHEN len(${keys}) <> len(${values}) THEN ${uneven} ELSE ${checkedMap(keys, values, context)} END`,
          );
        }),
    },
    {
      names: "map_from_entries",
      parameters: [
        (type) =>
          type.kind === "array" && type.elementType.kind === "struct" && type.elementType.fields.length === 2
            ? type
            : undefined,
      ],
      result: (args) => {
        const type = typeOf(args, 0);
        const entry = type.kind === "array" && type.elementType.kind === "struct" ? type.elementType.fields : [];
        const [key, value] = entry;
        if (!key || !value) throw unexpectedInput("map_from_entries", 0, `"ARRAY" of pair "STRUCT"`, type);
        return mapOf(key.dataType, value.dataType, value.nullable);
      },
      nullable: (args) => {
        const type = typeOf(args, 0);
        return anyNullable(args) || (type.kind === "array" && type.containsNull);
      },
      sql([list = ""], context) {
        const [k, v] = [context.fresh("e"), context.fresh("e")];
        return bind(context, [list], (x) => {
          const keys = `list_transform(${x}, lambda ${k}: ${k}.f1)`;
          const values = `list_transform(${x}, lambda ${v}: ${v}.f2)`;
          return `CASE WHEN ${x} IS NULL OR list_position(${x}, NULL) > 0 THEN NULL ELSE ${checkedMap(keys, values, context)} END`;
        });
      },
    },
    {
      names: "str_to_map",
      parameters: [STRING, STRING, STRING],
      optional: 2,
      defaults: [constantOf(",", STRING), constantOf(":", STRING)],
      result: mapOf(STRING, STRING, true),
      sql([text = ""], context, call) {
        const [pair, key] = [call.args[1], call.args[2]].map((arg) =>
          arg?.kind === "literal" && typeof arg.value === "string" ? arg.value : "",
        );
        if (!pair || !key || /[\\^$.*+?()[\]{}|]/.test(pair + key))
          throw unsupported(
            "str_to_map with such delimiters",
            "Use delimiters that are constant texts without characters of regular expressions.",
          );
        const quoted = (delimiter: string) => `'${delimiter.replaceAll("'", "''")}'`;
        const [e, f] = [context.fresh("e"), context.fresh("e")];
        return bind(context, [`string_split(${text}, ${quoted(pair)})`], (parts) => {
          const keys = `list_transform(${parts}, lambda ${e}: string_split(${e}, ${quoted(key)})[1])`;
          const values = `list_transform(${parts}, lambda ${f}: CASE WHEN contains(${f}, ${quoted(key)}) THEN substr(${f}, instr(${f}, ${quoted(key)}) + ${[...key].length}) END)`;
          return `CASE WHEN ${parts} IS NULL THEN NULL ELSE ${checkedMap(keys, values, context)} END`;
        });
      },
      display: (args) => `str_to_map(${[...args, ...[",", ":"].slice(args.length - 1)].join(", ")})`,
    },
  ),
];
