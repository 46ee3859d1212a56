// What from_json makes of a JSON value: a text for each leaf that DuckDB casts to the leaf's type, null for what does not fit.
import type { DataType, StructType } from "../../../sql/types/data-type.ts";
import { canonicalTimestamp } from "../casts/timestamp-text.ts";
import { structField } from "../types.ts";
import { JsonNumber, isArray, isObject, readJson, writeJson } from "./json-text.ts";
import type { Json } from "./json-text.ts";

const LIMITS: Readonly<Record<string, bigint>> = { short: 32768n, integer: 2147483648n, long: 2n ** 63n };

/** A value that does not fit its type: null in a field, and all null in an array or map. */
class Misfit extends Error {}

/**
 * The leaf texts of a JSON text, as JSON of the shape of the type with fields f1…fn; null where Spark's PERMISSIVE mode
 * gives null.
 */
export function fitted(text: string, type: DataType, timeZone: string): string | null {
  if (text.trim() === "") return null;
  const value = readJson(text, true);
  const fit = (json: Json | undefined): unknown => {
    if (json === undefined) return emptyOf(type);
    try {
      return fitValue(json, type, timeZone) ?? emptyOf(type);
    } catch (error) {
      if (error instanceof Misfit) return emptyOf(type);
      throw error;
    }
  };
  const result = fit(value);
  return result === null ? null : JSON.stringify(result);
}

/** A text that is no record is a row of nulls for a struct, and null for other types. */
function emptyOf(type: DataType): unknown {
  return type.kind === "struct" ? Object.fromEntries(type.fields.map((_, i) => [structField(i), null])) : null;
}

function fitValue(json: Json, type: DataType, timeZone: string): unknown {
  if (json === null) return null;
  switch (type.kind) {
    case "struct":
      if (!isObject(json)) throw new Misfit();
      return fitStruct(json, type, timeZone);
    case "array":
      if (!isArray(json)) throw new Misfit();
      return json.map((item) => fitValue(item, type.elementType, timeZone));
    case "map":
      if (!isObject(json)) throw new Misfit();
      return [...json].map(([key, item]) => ({ key, value: fitValue(item, type.valueType, timeZone) }));
    default:
      return leaf(json, type, timeZone);
  }
}

function fitStruct(json: ReadonlyMap<string, Json>, type: StructType, timeZone: string): unknown {
  return Object.fromEntries(
    type.fields.map((field, i) => {
      const item = json.get(field.name) ?? null;
      try {
        return [structField(i), fitValue(item, field.dataType, timeZone)];
      } catch (error) {
        if (error instanceof Misfit) return [structField(i), null];
        throw error;
      }
    }),
  );
}

function leaf(json: Json, type: DataType, timeZone: string): string {
  switch (type.kind) {
    case "string":
      return typeof json === "string" ? json : writeJson(json);
    case "boolean":
      if (typeof json !== "boolean") throw new Misfit();
      return String(json);
    case "byte":
      // Jackson takes the bytes without sign, too.
      return BigInt.asIntN(8, BigInt(whole(json, -128n, 256n))).toString();
    case "short":
    case "integer":
    case "long":
      return whole(json, -(LIMITS[type.kind] ?? 0n), LIMITS[type.kind] ?? 0n);
    case "binary":
      if (typeof json !== "string") throw new Misfit();
      return json;
    case "float":
    case "double":
      return floating(json);
    case "decimal":
      if (json instanceof JsonNumber) return json.text;
      if (typeof json === "string" && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(json)) return json;
      throw new Misfit();
    case "date":
      if (typeof json !== "string" || !/^\d{4}-\d{1,2}-\d{1,2}$/.test(json)) throw new Misfit();
      return json;
    case "timestamp":
    case "timestampNtz": {
      if (typeof json !== "string") throw new Misfit();
      const time = canonicalTimestamp(json, type.kind === "timestamp" ? timeZone : "");
      if (time === null) throw new Misfit();
      return time;
    }
    default:
      throw new Misfit();
  }
}

function whole(json: Json, least: bigint, end: bigint): string {
  if (!(json instanceof JsonNumber) || !/^-?\d+$/.test(json.text)) throw new Misfit();
  const value = BigInt(json.text);
  if (value < least || value >= end) throw new Misfit();
  return json.text;
}

function floating(json: Json): string {
  if (json instanceof JsonNumber) return json.text;
  const words: Readonly<Record<string, string>> = {
    NaN: "nan",
    "+INF": "inf",
    "+Infinity": "inf",
    Infinity: "inf",
    INF: "inf",
    "-INF": "-inf",
    "-Infinity": "-inf",
  };
  const word = typeof json === "string" ? words[json] : undefined;
  if (word === undefined) throw new Misfit();
  return word;
}
