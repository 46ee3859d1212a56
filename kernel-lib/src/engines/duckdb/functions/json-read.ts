// from_json, get_json_object and other functions that read JSON.
import { listValue } from "@duckdb/node-api";
import type { DataType } from "../../../sql/types/data-type.ts";
import { fromJson, parseDataType, parseSchema, sqlName, toJson } from "../../../sql/types/index.ts";
import type { Expression } from "../resolved/expression.ts";
import { quoteText } from "../errors.ts";
import { duckdbType, structField } from "../types.ts";
import type { FunctionDefinition } from "./definition.ts";
import { BOOLEAN, DOUBLE, INT, LONG, STRING, arrayOf, decimal, structOf } from "./kinds.ts";
import { commonType } from "./coercion.ts";
import { checkCount, constantOf, rows } from "./makers.ts";
import { fitted } from "./json-parse.ts";
import { JsonNumber, isArray, isObject, jsonAt, readJson } from "./json-text.ts";
import type { Json } from "./json-text.ts";
import { native } from "./text-natives.ts";
import { nonFoldable, unsupported } from "./type-errors.ts";
import { localToInstant } from "../casts/time.ts";
import type { CastContext } from "../casts/index.ts";

const types = new Map<string, DataType>();

function typeFromJson(text: string): DataType {
  let type = types.get(text);
  if (!type) {
    type = fromJson(text);
    types.set(text, type);
  }
  return type;
}

const fittedNative = native(
  "from_json",
  ["VARCHAR", "VARCHAR", "VARCHAR"],
  "VARCHAR",
  (text: string, type: string, timeZone: string) => fitted(text, typeFromJson(type), timeZone),
);

/** The shape of the fitted JSON for DuckDB's from_json: every leaf a text. */
function shape(type: DataType): unknown {
  switch (type.kind) {
    case "struct":
      return Object.fromEntries(type.fields.map((field, i) => [structField(i), shape(field.dataType)]));
    case "array":
      return [shape(type.elementType)];
    case "map":
      return [{ key: "VARCHAR", value: shape(type.valueType) }];
    default:
      return "VARCHAR";
  }
}

/** SQL of a value of the shape, its texts cast to the types. */
function typed(sql: string, type: DataType, context: Parameters<FunctionDefinition["emit"]>[2]): string {
  switch (type.kind) {
    case "struct": {
      const fields = type.fields.map(
        (field, i) => `${structField(i)} := ${typed(`${sql}.${structField(i)}`, field.dataType, context)}`,
      );
      return `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${fields.join(", ")}) END`;
    }
    case "array": {
      const e = context.fresh("e");
      return `list_transform(${sql}, lambda ${e}: ${typed(e, type.elementType, context)})`;
    }
    case "map": {
      const e = context.fresh("e");
      return `map_from_entries(list_transform(${sql}, lambda ${e}: struct_pack(key := ${typed(`${e}.key`, type.keyType, context)}, value := ${typed(`${e}.value`, type.valueType, context)})))`;
    }
    case "timestamp":
      return instant(sql, context);
    case "string":
      return sql;
    case "binary":
      return `TRY(from_base64(${sql}))`;
    default:
      return `TRY_CAST(${sql} AS ${duckdbType(type)})`;
  }
}

const instant = (sql: string, context: CastContext): string =>
  `CASE WHEN regexp_matches(${sql}, '[.][0-9]{6}$') THEN ${localToInstant(`TRY_CAST(${sql} AS TIMESTAMP)`, context)} ELSE TRY_CAST(${sql} AS TIMESTAMPTZ) END`;

/** A schema as DDL, a single type or JSON. */
export function schemaOf(text: string): DataType {
  if (text.trim().startsWith("{")) return fromJson(text);
  try {
    return parseDataType(text);
  } catch {
    return parseSchema(text);
  }
}

const fromJsonFunction: FunctionDefinition = {
  name: "from_json",
  kind: "scalar",
  resolve(args, context) {
    checkCount("from_json", args.length, 2, 3);
    const [text, schema, options] = args as [Expression, Expression, Expression | undefined];
    if (options)
      throw unsupported("from_json with options", "Read the text with spark.read.json, or leave the options out.");
    const given = context.constant(schema);
    if (typeof given !== "string") throw nonFoldable("from_json", "schema", STRING);
    return { args: [context.coerce(text, STRING), schema], dataType: asNullable(schemaOf(given)), nullable: true };
  },
  emit([text = ""], call, context) {
    const type = call.dataType;
    const leaves = `${context.native(fittedNative)}(${text}, ${quoteText(toJson(type))}, ${quoteText(context.timeZone)})`;
    const value = `from_json(CAST(${leaves} AS JSON), ${quoteText(JSON.stringify(shape(type)))})`;
    const v = context.fresh("v");
    return `list_transform([${value}], lambda ${v}: ${typed(v, type, context)})[1]`;
  },
  display: ([text]) => `from_json(${text})`,
};

/** Everything may be null in what was read. */
function asNullable(type: DataType): DataType {
  switch (type.kind) {
    case "struct":
      return {
        kind: "struct",
        fields: type.fields.map((field) => ({ ...field, dataType: asNullable(field.dataType), nullable: true })),
      };
    case "array":
      return arrayOf(asNullable(type.elementType), true);
    case "map":
      return { kind: "map", keyType: type.keyType, valueType: asNullable(type.valueType), valueContainsNull: true };
    default:
      return type;
  }
}

/** The type Spark infers of a JSON value; fields are in the order of their names. */
function inferred(value: Json): DataType {
  if (value === null || typeof value === "string") return STRING;
  if (typeof value === "boolean") return BOOLEAN;
  if (value instanceof JsonNumber) {
    if (!/^-?\d+$/.test(value.text)) return DOUBLE;
    const digits = value.text.replace("-", "").length;
    return BigInt.asIntN(64, BigInt(value.text)) === BigInt(value.text)
      ? LONG
      : digits <= 38
        ? decimal(digits, 0)
        : DOUBLE;
  }
  if (isObject(value)) {
    const fields = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
    return structOf(...fields.map(([name, item]) => [name, inferred(item)] as const));
  }
  return arrayOf(
    value
      .map(inferred)
      .reduce<DataType | undefined>((a, b) => (a ? (commonType(a, b, false) ?? STRING) : b), undefined) ?? STRING,
  );
}

const schemaOfJson: FunctionDefinition = {
  name: "schema_of_json",
  kind: "scalar",
  resolve(args, context) {
    checkCount("schema_of_json", args.length, 1, 1);
    const text = context.constant(args[0] as Expression);
    const value = typeof text === "string" ? readJson(text) : undefined;
    if (value === undefined) throw nonFoldable("schema_of_json", "json", STRING);
    return { args: [constantOf(sqlName(inferred(value)), STRING)], dataType: STRING, nullable: false };
  },
  emit: ([schema = ""]) => schema,
};

const jsonTuple: FunctionDefinition = {
  name: "json_tuple",
  kind: "generator",
  generated: (args) => args.slice(1).map((_, i) => ({ name: `c${i}`, dataType: STRING, nullable: true })),
  resolve(args, context) {
    checkCount("json_tuple", args.length, 2, Infinity);
    const fields = args.slice(1).map((_, i) => ({ name: `c${i}`, dataType: STRING, nullable: true }));
    return {
      args: args.map((arg) => context.coerce(arg, STRING)),
      dataType: { kind: "struct", fields },
      nullable: false,
    };
  },
  emit([text = "", ...names], _call, context) {
    const values = names.map((name) => `${context.native(keyNative)}(${text}, ${name})`);
    return values.length === 1
      ? `[${values[0]}]`
      : `[struct_pack(${values.map((value, i) => `${structField(i)} := ${value}`).join(", ")})]`;
  },
};

const pathNative = native("get_json_object", ["VARCHAR", "VARCHAR"], "VARCHAR", jsonAt);
const keyNative = native("json_key", ["VARCHAR", "VARCHAR"], "VARCHAR", (text: string, key: string) =>
  jsonAt(text, `$['${key}']`),
);
const lengthNative = native("json_array_length", ["VARCHAR"], "INTEGER", (text: string) => {
  const value = readJson(text);
  return value !== undefined && isArray(value) ? value.length : null;
});
const keysNative = native("json_object_keys", ["VARCHAR"], "VARCHAR[]", (text: string) => {
  const value = readJson(text);
  return value !== undefined && isObject(value) ? listValue([...value.keys()]) : null;
});

export const jsonReadFunctions: FunctionDefinition[] = [
  fromJsonFunction,
  jsonTuple,
  schemaOfJson,
  ...rows(
    {
      names: "get_json_object",
      parameters: [STRING, STRING],
      result: STRING,
      nullable: true,
      sql: ([text, path], context) => `${context.native(pathNative)}(${text}, ${path})`,
    },
    {
      names: "json_array_length",
      parameters: [STRING],
      result: INT,
      nullable: true,
      sql: ([text], context) => `${context.native(lengthNative)}(${text})`,
    },
    {
      names: "json_object_keys",
      parameters: [STRING],
      result: arrayOf(STRING),
      nullable: true,
      sql: ([text], context) => `${context.native(keysNative)}(${text})`,
    },
  ),
];
