// String functions.
import type { DataType } from "../../../sql/types/data-type.ts";
import { toCommonType } from "./coercion.ts";
import type { FunctionDefinition } from "./definition.ts";
import { BINARY, BOOLEAN, INT, LONG, STRING, arrayOf } from "./kinds.ts";
import { anyNullable, checkCount, constantOf, rows, typeOf } from "./makers.ts";
import type { Emit } from "./makers.ts";
import { bind, whenNone } from "./sql-text.ts";
import { dataDifferentTypes } from "./type-errors.ts";
import { conv, convAnsi, initcap, levenshtein, lowerText, reverseText, soundex, upperText } from "./text-natives.ts";
import type { NativeFunction } from "./definition.ts";

const textOrBytes = (type: DataType): DataType => (type.kind === "binary" ? type : STRING);
const firstType = (args: readonly { readonly dataType: DataType }[]): DataType => args[0]?.dataType ?? STRING;

/** DuckDB's function where the text is ASCII, else the exact one in JavaScript. */
const asciiOr =
  (duckdb: string, fn: NativeFunction): Emit =>
  ([text = ""], context) =>
    bind(
      context,
      [text],
      (x) => `CASE WHEN strlen(${x}) = length(${x}) THEN ${duckdb}(${x}) ELSE ${context.native(fn)}(${x}) END`,
    );

const viaNative =
  (fn: NativeFunction): Emit =>
  (args, context) =>
    `${context.native(fn)}(${args.join(", ")})`;

/** `substring(text, position, length)`: position counts from 1, from the end when negative; 0 means 1. */
const substring: Emit = (args, context, call) => {
  const [position, length] = [call.args[1], call.args[2]];
  const plain = (arg: typeof position, least: number) =>
    arg?.kind === "literal" && typeof arg.value === "number" && arg.value >= least;
  const isBytes = typeOf(call.args, 0).kind === "binary";
  if (!isBytes && plain(position, 1) && plain(length, 0)) return `substr(${args.join(", ")})`;
  return bind(context, args, (text, at, count) => {
    const size = isBytes ? `octet_length(${text})` : `length(${text})`;
    const start = `(CASE WHEN ${at} > 0 THEN CAST(${at} AS BIGINT) - 1 WHEN ${at} < 0 THEN ${size} + ${at} ELSE 0 END)`;
    const from = `greatest(${start}, 0)`;
    const take = `greatest(${start} + CAST(${count} AS BIGINT) - ${from}, 0)`;
    const sql = isBytes
      ? `unhex(substr(hex(${text}), 2 * ${from} + 1, 2 * ${take}))`
      : `substr(${text}, ${from} + 1, ${take})`;
    return whenNone([text, at, count], sql);
  });
};

const pad =
  (name: "lpad" | "rpad"): Emit =>
  (args, context) =>
    bind(context, args, (text, size, fill) =>
      whenNone(
        [text, size, fill],
        `CASE WHEN ${size} <= 0 THEN '' WHEN ${fill} = '' THEN substr(${text}, 1, ${size}) ELSE ${name}(${text}, ${size}, ${fill}) END`,
      ),
    );

/** Spark's two-argument forms name the characters to trim first. */
const trim = (names: string, sql: string) =>
  rows({
    names,
    parameters: [STRING, STRING],
    optional: 1,
    result: STRING,
    sql: ([first = "", second]) => (second === undefined ? `${sql}(${first}, ' ')` : `${sql}(${second}, ${first})`),
    display: ([first, second]) =>
      second === undefined
        ? `${names}(${first})`
        : `TRIM(${names === "trim" ? "BOTH" : names === "ltrim" ? "LEADING" : "TRAILING"} ${first} FROM ${second})`,
  });

const concat: FunctionDefinition = {
  name: "concat",
  kind: "scalar",
  resolve(args, context) {
    if (args.length === 0) return { args, dataType: STRING, nullable: false };
    if (args.every((arg) => arg.dataType.kind === "array")) {
      const { args: all, dataType } = toCommonType("concat", args, context);
      return { args: all, dataType, nullable: anyNullable(all) };
    }
    if (args.some((arg) => arg.dataType.kind === "array"))
      throw dataDifferentTypes(
        "concat",
        args.map((arg) => arg.dataType),
      );
    const type = args.every((arg) => arg.dataType.kind === "binary") ? BINARY : STRING;
    const all = args.map((arg) => context.coerce(arg, type));
    return { args: all, dataType: type, nullable: anyNullable(all) };
  },
  emit(args, call, context) {
    if (args.length === 0) return "''";
    if (call.dataType.kind !== "array") return `(${args.join(" || ")})`;
    return bind(context, args, (...lists) => whenNone(lists, `flatten([${lists.join(", ")}])`));
  },
};

const concatWs: FunctionDefinition = {
  name: "concat_ws",
  kind: "scalar",
  resolve(args, context) {
    checkCount("concat_ws", args.length, 1, Infinity);
    const all = args.map((arg) => context.coerce(arg, arg.dataType.kind === "array" ? arrayOf(STRING) : STRING));
    return { args: all, dataType: STRING, nullable: all[0]?.nullable ?? true };
  },
  emit([separator = "", ...parts], call) {
    if (parts.length === 0) return `CASE WHEN ${separator} IS NULL THEN NULL ELSE '' END`;
    const lists = call.args.slice(1).some((arg) => arg.dataType.kind === "array");
    if (!lists) return `concat_ws(${[separator, ...parts].join(", ")})`;
    const all = parts.map((part, i) => (call.args[i + 1]?.dataType.kind === "array" ? part : `[${part}]`));
    return `array_to_string(flatten([${all.join(", ")}]), ${separator})`;
  },
};

const emptyText = constantOf("", STRING);

export const stringFunctions: FunctionDefinition[] = [
  concat,
  concatWs,
  ...rows(
    { names: "upper ucase", parameters: [STRING], result: STRING, sql: asciiOr("upper", upperText) },
    { names: "lower lcase", parameters: [STRING], result: STRING, sql: asciiOr("lower", lowerText) },
    { names: "initcap", parameters: [STRING], result: STRING, sql: viaNative(initcap) },
    {
      names: "length char_length character_length len",
      parameters: [textOrBytes],
      result: INT,
      sql: ([x], _context, call) =>
        `CAST(${typeOf(call.args, 0).kind === "binary" ? "octet_length" : "length"}(${x}) AS INTEGER)`,
    },
    {
      names: "octet_length",
      parameters: [textOrBytes],
      result: INT,
      sql: ([x], _context, call) =>
        `CAST(${typeOf(call.args, 0).kind === "binary" ? "octet_length" : "strlen"}(${x}) AS INTEGER)`,
    },
    {
      names: "bit_length",
      parameters: [textOrBytes],
      result: INT,
      sql: ([x], _context, call) =>
        `CAST(8 * ${typeOf(call.args, 0).kind === "binary" ? "octet_length" : "strlen"}(${x}) AS INTEGER)`,
    },
    {
      names: "substring substr",
      parameters: [textOrBytes, INT, INT],
      optional: 1,
      defaults: [constantOf(2147483647, INT)],
      result: firstType,
      sql: substring,
      display: (args) => `substring(${[...args, "2147483647"].slice(0, 3).join(", ")})`,
    },
    { names: "left", parameters: [STRING, INT], result: STRING, sql: "substr($1, 1, greatest($2, 0))" },
    {
      names: "right",
      parameters: [STRING, INT],
      result: STRING,
      sql: "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN $2 <= 0 THEN '' ELSE right($1, $2) END",
    },
    {
      names: "lpad",
      parameters: [STRING, INT, STRING],
      optional: 1,
      defaults: [constantOf(" ", STRING)],
      result: STRING,
      sql: pad("lpad"),
      display: (args) => `lpad(${[...args, " "].slice(0, 3).join(", ")})`,
    },
    {
      names: "rpad",
      parameters: [STRING, INT, STRING],
      optional: 1,
      defaults: [constantOf(" ", STRING)],
      result: STRING,
      sql: pad("rpad"),
      display: (args) => `rpad(${[...args, " "].slice(0, 3).join(", ")})`,
    },
    {
      names: "btrim",
      parameters: [STRING, STRING],
      optional: 1,
      result: STRING,
      sql: ([text, characters]) => `trim(${text}, ${characters ?? "' '"})`,
      display: ([text, characters]) => (characters === undefined ? `btrim(${text})` : `btrim(${text}, ${characters})`),
    },
    { names: "repeat", parameters: [STRING, INT], result: STRING, sql: "repeat($1, greatest($2, 0))" },
    { names: "space", parameters: [INT], result: STRING, sql: "repeat(' ', greatest($1, 0))" },
    {
      names: "replace",
      parameters: [STRING, STRING, STRING],
      optional: 1,
      defaults: [emptyText],
      result: STRING,
      sql: "replace($1, $2, $3)",
      display: (args) => `replace(${[...args, ""].slice(0, 3).join(", ")})`,
    },
    { names: "translate", parameters: [STRING, STRING, STRING], result: STRING, sql: "translate($1, $2, $3)" },
    { names: "instr", parameters: [STRING, STRING], result: INT, sql: "CAST(instr($1, $2) AS INTEGER)" },
    {
      names: "locate position",
      parameters: [STRING, STRING, INT],
      optional: 1,
      defaults: [constantOf(1, INT)],
      result: INT,
      // A position below 1 finds nothing; one behind the end neither.
      sql: "CASE WHEN $3 IS NULL THEN 0 WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN $3 < 1 THEN 0 WHEN $1 = '' THEN 1 WHEN $3 > length($2) + 1 THEN 0 WHEN instr(substr($2, $3), $1) = 0 THEN 0 ELSE CAST(instr(substr($2, $3), $1) + $3 - 1 AS INTEGER) END",
      display: (args) => `locate(${[...args, "1"].slice(0, 3).join(", ")})`,
    },
    { names: "contains", parameters: [textOrBytes, textOrBytes], result: BOOLEAN, sql: "contains($1, $2)" },
    { names: "startswith", parameters: [STRING, STRING], result: BOOLEAN, sql: "starts_with($1, $2)" },
    { names: "endswith", parameters: [STRING, STRING], result: BOOLEAN, sql: "ends_with($1, $2)" },
    {
      names: "ascii",
      parameters: [STRING],
      result: INT,
      sql: "CASE WHEN $1 = '' THEN 0 ELSE CAST(unicode($1) AS INTEGER) END",
    },
    {
      names: "chr char",
      parameters: [LONG],
      result: STRING,
      sql: "CASE WHEN $1 < 0 THEN '' ELSE chr(CAST($1 & 255 AS INTEGER)) END",
    },
    {
      names: "levenshtein",
      parameters: [STRING, STRING, INT],
      optional: 1,
      result: INT,
      sql([left = "", right = "", most], context) {
        const distance = `${context.native(levenshtein)}(${left}, ${right})`;
        if (most === undefined) return distance;
        return bind(context, [distance, most], (d, limit) => `CASE WHEN ${d} > ${limit} THEN -1 ELSE ${d} END`);
      },
    },
    { names: "soundex", parameters: [STRING], result: STRING, sql: viaNative(soundex) },
    {
      names: "conv",
      parameters: [STRING, INT, INT],
      result: STRING,
      nullable: true,
      sql: (args, context) => `${context.native(context.ansi ? convAnsi : conv)}(${args.join(", ")})`,
    },
    {
      names: "substring_index",
      parameters: [STRING, STRING, INT],
      result: STRING,
      sql: (args, context) =>
        bind(context, args, (text, delimiter, count) => {
          const parts = `string_split(${text}, ${delimiter})`;
          const kept = `CASE WHEN ${count} > 0 THEN list_slice(${parts}, 1, ${count}) ELSE list_slice(${parts}, greatest(len(${parts}) + ${count} + 1, 1), len(${parts})) END`;
          return whenNone(
            [text, delimiter, count],
            `CASE WHEN ${count} = 0 OR ${delimiter} = '' THEN '' ELSE array_to_string(${kept}, ${delimiter}) END`,
          );
        }),
    },
    {
      names: "split_part",
      parameters: [STRING, STRING, INT],
      result: STRING,
      sql: (args, context) =>
        bind(context, args, (text, delimiter, part) => {
          const zero = context.raise(
            "INVALID_INDEX_OF_ZERO",
            "22003",
            "'The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).'",
          );
          const parts = `CASE WHEN ${delimiter} = '' THEN [${text}] ELSE string_split(${text}, ${delimiter}) END`;
          return whenNone(
            [text, delimiter, part],
            `CASE WHEN ${part} = 0 THEN ${zero} ELSE coalesce((${parts})[${part}], '') END`,
          );
        }),
    },
    {
      names: "overlay",
      parameters: [STRING, STRING, INT, INT],
      optional: 1,
      defaults: [constantOf(-1, INT)],
      result: STRING,
      sql: "(substr($1, 1, greatest($3 - 1, 0)) || $2 || substr($1, $3 + CASE WHEN $4 >= 0 THEN $4 ELSE CAST(length($2) AS INTEGER) END))",
      display: (args) => `overlay(${[...args, "-1"].slice(0, 4).join(", ")})`,
    },
    {
      names: "find_in_set",
      parameters: [STRING, STRING],
      result: INT,
      sql: "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN contains($1, ',') THEN 0 ELSE coalesce(list_position(string_split($2, ','), $1), 0) END",
    },
    {
      names: "elt",
      parameters: [INT, STRING],
      repeats: true,
      result: STRING,
      nullable: true,
      sql: ([index = "", ...values], context) =>
        bind(context, [index], (n) => {
          const outside = context.raise(
            "INVALID_ARRAY_INDEX",
            "22003",
            `'The index ' || ${n} || ' is out of bounds. The array has ${values.length} elements. Use the SQL function \`get()\` to tolerate accessing element at invalid index and return NULL instead.'`,
          );
          const cases = values.map((value, i) => `WHEN ${i + 1} THEN ${value}`).join(" ");
          return `CASE WHEN ${n} IS NULL THEN NULL ELSE CASE ${n} ${cases} ELSE ${context.ansi ? outside : "NULL"} END END`;
        }),
    },
    { names: "isascii", parameters: [STRING], result: BOOLEAN, sql: "(strlen($1) = length($1))" },
  ),
  ...trim("trim", "trim"),
  ...trim("ltrim", "ltrim"),
  ...trim("rtrim", "rtrim"),
  ...rows({
    names: "reverse",
    parameters: [(type) => (type.kind === "array" ? type : STRING)],
    result: firstType,
    sql: (args, context, call) =>
      call.dataType.kind === "array"
        ? `list_reverse(${args[0]})`
        : asciiOr("reverse", reverseText)(args, context, call),
  }),
];
