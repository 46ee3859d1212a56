// Functions about types, errors, ids and encodings.
import { userInfo } from "node:os";
import { blobValue } from "@duckdb/node-api";
import type { DuckDBBlobValue } from "@duckdb/node-api";
import type { DataType } from "../../../sql/types/data-type.ts";
import { simpleString } from "../../../sql/types/index.ts";
import { canCast } from "../casts/index.ts";
import { quoteText } from "../errors.ts";
import type { Expression } from "../resolved/expression.ts";
import { comparisonType, toCommonType } from "./coercion.ts";
import type { FunctionDefinition } from "./definition.ts";
import {
  BINARY,
  BOOLEAN,
  BYTE,
  DATE,
  DOUBLE,
  FLOAT,
  INT,
  LONG,
  NULL,
  SHORT,
  STRING,
  TIMESTAMP,
  decimal,
} from "./kinds.ts";
import { anyNullable, checkCount, rows, typeOf } from "./makers.ts";
import { bind } from "./sql-text.ts";
import { decodeText, encodeText, fromBase64, isCharset, native } from "./text-natives.ts";
import { typeMismatch, unsupported } from "./type-errors.ts";

const encodeNative = native("encode", ["VARCHAR", "VARCHAR"], "BLOB", (text: string, charset: string) =>
  blobValue(encodeText(text, charset)),
);
const decodeNative = native("decode", ["BLOB", "VARCHAR"], "VARCHAR", (blob: DuckDBBlobValue, charset: string) =>
  decodeText(blob.bytes, charset),
);
const urlEncode = native("url_encode", ["VARCHAR"], "VARCHAR", (text: string) =>
  new URLSearchParams([["", text]]).toString().slice(1),
);
const urlDecode = native("url_decode", ["VARCHAR"], "VARCHAR", (text: string) =>
  decodeURIComponent(text.replaceAll("+", " ")),
);

function charsetOf(arg: Expression | undefined, name: string): string {
  const charset = arg?.kind === "literal" ? String(arg.value).toLowerCase() : "";
  if (!isCharset(charset))
    throw unsupported(
      `${name} with the charset ${charset || "that is not constant"}`,
      "Use UTF-8, US-ASCII, ISO-8859-1, UTF-16, UTF-16BE or UTF-16LE.",
    );
  return charset;
}

/** `decode(bytes, charset)`, or as in Oracle `decode(value, search, result, …, default)`. */
const decode: FunctionDefinition = {
  name: "decode",
  kind: "scalar",
  resolve(args, context) {
    checkCount("decode", args.length, 2, Infinity);
    if (args.length === 2) {
      charsetOf(args[1], "decode");
      const [bytes, charset] = args as [Expression, Expression];
      return { args: [context.coerce(bytes, BINARY), charset], dataType: STRING, nullable: bytes.nullable };
    }
    const hasDefault = args.length % 2 === 0;
    const results = args.filter((_, i) => i > 1 && i % 2 === 0 && !(hasDefault && i === args.length - 1));
    const last = hasDefault ? args.slice(-1) : [];
    const values = toCommonType("decode", [...results, ...last], context);
    const [value, ...rest] = args as [Expression, ...Expression[]];
    const searches = rest.filter((_, i) => i % 2 === 0 && !(hasDefault && i === rest.length - 1));
    const type = searches.reduce<DataType>(
      (sofar, search) => comparisonType(sofar, search.dataType, context.ansi) ?? sofar,
      value.dataType,
    );
    const cast = searches.map((search) => context.coerce(search, type));
    const all = [
      context.coerce(value, type),
      ...cast.flatMap((search, i) => [search, values.args[i] as Expression]),
      ...(hasDefault ? values.args.slice(-1) : []),
    ];
    return { args: all, dataType: values.dataType, nullable: !hasDefault || anyNullable(values.args) };
  },
  emit([value = "", ...rest], call, context) {
    if (rest.length === 1) return `${context.native(decodeNative)}(${value}, '${charsetOf(call.args[1], "decode")}')`;
    return bind(context, [value], (x) => {
      const pairs = Math.floor(rest.length / 2);
      const whens = Array.from(
        { length: pairs },
        (_, i) => ` WHEN ${x} IS NOT DISTINCT FROM ${rest[2 * i]} THEN ${rest[2 * i + 1]}`,
      );
      return `CASE${whens.join("")}${rest.length % 2 === 1 ? ` ELSE ${rest.at(-1)}` : ""} END`;
    });
  },
};

/** `int(x)` and its like: casts written as functions. */
const castFunction = (name: string, to: DataType): FunctionDefinition => ({
  name,
  kind: "scalar",
  resolve(args, context) {
    checkCount(name, args.length, 1, 1);
    const [value] = args as [Expression];
    const nullable = canCast(value.dataType, to, context.ansi ? "ansi" : "legacy", value.nullable);
    if (nullable === undefined)
      throw typeMismatch(
        "CAST_WITHOUT_SUGGESTION",
        name,
        `cannot cast "${simpleString(value.dataType).toUpperCase()}" to "${name.toUpperCase()}".`,
      );
    return { args, dataType: to, nullable };
  },
  emit: ([value = ""], call, context) =>
    context.castSql(value, typeOf(call.args, 0), to, context.ansi ? "ansi" : "legacy"),
  display: ([value]) => `${value}`,
});

export const miscFunctions: FunctionDefinition[] = [
  decode,
  castFunction("boolean", BOOLEAN),
  castFunction("tinyint", BYTE),
  castFunction("smallint", SHORT),
  castFunction("int", INT),
  castFunction("bigint", LONG),
  castFunction("float", FLOAT),
  castFunction("double", DOUBLE),
  castFunction("decimal", decimal(10, 0)),
  castFunction("string", STRING),
  castFunction("binary", BINARY),
  castFunction("date", DATE),
  castFunction("timestamp", TIMESTAMP),
  ...rows(
    {
      names: "encode",
      parameters: [STRING, STRING],
      result: BINARY,
      sql([text = ""], context, call) {
        const charset = charsetOf(call.args[1], "encode");
        return charset === "utf-8" || charset === "utf8"
          ? `encode(${text})`
          : `${context.native(encodeNative)}(${text}, '${charset}')`;
      },
    },
    { names: "base64", parameters: [BINARY], result: STRING, sql: "to_base64($1)" },
    {
      names: "unbase64",
      parameters: [STRING],
      result: BINARY,
      sql: ([text], context) => `${context.native(fromBase64)}(${text})`,
    },
    {
      names: "url_encode",
      parameters: [STRING],
      result: STRING,
      sql: ([text], context) => `${context.native(urlEncode)}(${text})`,
    },
    {
      names: "url_decode",
      parameters: [STRING],
      result: STRING,
      sql: ([text], context) => `${context.native(urlDecode)}(${text})`,
    },
    {
      names: "typeof",
      parameters: [(type) => type],
      result: STRING,
      nullable: false,
      sql: (_args, _context, call) => quoteText(simpleString(typeOf(call.args, 0))),
    },
    { names: "version", parameters: [], result: STRING, nullable: false, sql: () => "'4.0.1'" },
    { names: "current_catalog", parameters: [], result: STRING, nullable: false, sql: () => "'spark_catalog'" },
    {
      names: "current_database current_schema",
      parameters: [],
      result: STRING,
      nullable: false,
      sql: () => "'default'",
    },
    {
      names: "uuid",
      parameters: [LONG],
      optional: 1,
      result: STRING,
      nullable: false,
      sql: () => "CAST(uuid() AS VARCHAR)",
      deterministic: false,
      display: () => "uuid()",
    },
    {
      names: "monotonically_increasing_id",
      parameters: [],
      result: LONG,
      nullable: false,
      sql: () => "(row_number() OVER () - 1)",
      deterministic: false,
    },
    {
      names: "spark_partition_id",
      parameters: [],
      result: INT,
      nullable: false,
      sql: () => "0",
      deterministic: false,
      display: () => "SPARK_PARTITION_ID()",
    },
    {
      names: "current_user user session_user",
      parameters: [],
      result: STRING,
      nullable: false,
      sql: () => quoteText(userInfo().username),
      display: () => "current_user()",
    },
    {
      names: "raise_error",
      parameters: [STRING],
      result: NULL,
      nullable: true,
      sql: ([message = ""], context) => `CAST(${context.raise("USER_RAISED_EXCEPTION", "P0001", message)} AS INTEGER)`,
    },
    {
      names: "assert_true",
      parameters: [BOOLEAN, STRING],
      optional: 1,
      result: NULL,
      nullable: true,
      sql: ([test = "", message], context) =>
        `CASE WHEN ${test} THEN CAST(NULL AS INTEGER) ELSE CAST(${context.raise("USER_RAISED_EXCEPTION", "P0001", message ?? "'The condition is not true.'")} AS INTEGER) END`,
    },
    {
      names: "luhn_check",
      parameters: [STRING],
      result: BOOLEAN,
      sql: ([digits], context) => `${context.native(luhn)}(${digits})`,
    },
  ),
];

const luhn = native("luhn", ["VARCHAR"], "BOOLEAN", (digits: string) => {
  if (!/^\d+$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
});
