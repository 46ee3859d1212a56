// Hashes and digests.
import type { DataType } from "../../../sql/types/data-type.ts";
import { structField } from "../types.ts";
import type { EmitContext, FunctionDefinition } from "./definition.ts";
import { BINARY, INT, LONG, STRING } from "./kinds.ts";
import { checkCount, rows } from "./makers.ts";
import { hashes, crc32, sha2 } from "./hash-natives.ts";
import type { HashFamily } from "./hash-natives.ts";
import { unsupported } from "./type-errors.ts";
import { bind } from "./sql-text.ts";

/** SQL of the hash of a value, beginning with a seed; a null leaves the seed as it is. */
function hashed(sql: string, type: DataType, seed: string, family: HashFamily, context: EmitContext): string {
  const call = (which: keyof HashFamily, value: string): string =>
    `coalesce(${context.native(family[which])}(${value}, ${seed}), ${seed})`;
  switch (type.kind) {
    case "null":
      return seed;
    case "boolean":
    case "byte":
    case "short":
    case "integer":
      return call("int", `CAST(${sql} AS INTEGER)`);
    case "date":
      return call("int", `CAST(${sql} - DATE '1970-01-01' AS INTEGER)`);
    case "long":
      return call("long", sql);
    case "timestamp":
    case "timestampNtz":
      return call("long", `epoch_us(${sql})`);
    case "float":
      return call("float", sql);
    case "double":
      return call("double", sql);
    case "string":
      return call("text", sql);
    case "binary":
      return call("bytes", sql);
    case "decimal": {
      const digits = `replace(CAST(${sql} AS VARCHAR), '.', '')`;
      return type.precision <= 18 ? call("long", `CAST(${digits} AS BIGINT)`) : call("big", digits);
    }
    case "struct":
      return bind(context, [sql], (x) =>
        type.fields.reduce(
          (start, field, i) => hashed(`${x}.${structField(i)}`, field.dataType, start, family, context),
          seed,
        ),
      );
    default:
      throw unsupported(`A hash of ${type.kind}`, "Hash the text of the value: hash(to_json(value)).");
  }
}

/** A chain of seeds: each value's hash is the seed of the next, and is computed once. */
const chain = (name: string, family: HashFamily, result: DataType): FunctionDefinition => ({
  name,
  kind: "scalar",
  resolve(args) {
    checkCount(name, args.length, 1, Infinity);
    for (const { dataType } of args) {
      if (["array", "map", "dayTimeInterval", "yearMonthInterval", "calendarInterval"].includes(dataType.kind))
        throw unsupported(`${name} of ${dataType.kind}`, "Hash the text of the value: hash(to_json(value)).");
    }
    return { args, dataType: result, nullable: false };
  },
  emit(args, call, context) {
    const from = (position: number, seed: string): string => {
      const value = args[position];
      const type = call.args[position]?.dataType;
      if (value === undefined || type === undefined) return seed;
      return bind(context, [hashed(value, type, seed, family, context)], (next) => from(position + 1, next));
    };
    return from(0, result.kind === "integer" ? "42" : "CAST(42 AS BIGINT)");
  },
});

export const hashFunctions: FunctionDefinition[] = [
  chain("hash", hashes.murmur, INT),
  chain("xxhash64", hashes.xx, LONG),
  ...rows(
    { names: "md5", parameters: [BINARY], result: STRING, sql: "md5($1)" },
    { names: "sha1 sha", parameters: [BINARY], result: STRING, sql: "sha1($1)" },
    {
      names: "sha2",
      parameters: [BINARY, INT],
      result: STRING,
      nullable: true,
      sql([bytes = "", bits = ""], context, call) {
        const size = call.args[1];
        if (size?.kind === "literal" && (size.value === 256 || size.value === 0)) return `sha256(${bytes})`;
        return `${context.native(sha2)}(${bytes}, ${bits})`;
      },
    },
    {
      names: "crc32",
      parameters: [BINARY],
      result: LONG,
      sql: ([bytes], context) => `${context.native(crc32)}(${bytes})`,
    },
  ),
];
