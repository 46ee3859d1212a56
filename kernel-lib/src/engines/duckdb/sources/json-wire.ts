// JSON rows of any shape as JSON rows of one shape, which DuckDB then reads by type: the native function of json reads.
import type { DataType, StructField } from "../../../sql/types/data-type.ts";
import { fromJson } from "../../../sql/types/index.ts";
import type { NativeFunction } from "../functions/definition.ts";
import { duckdbType, structField } from "../types.ts";
import type { JsonNode } from "./json-tree.ts";
import { parseJson } from "./json-tree.ts";

/**
 * A text with one document, and the schema as JSON, to `[{"b": bad, "r": {"f1": …}}, …]`: one entry for each row.
 *
 * Whole numbers and booleans are JSON's own; all else is text, for Spark's casts. A map is a list of its entries.
 */
export const jsonRowsFunction: NativeFunction = {
  name: "sluice_json_rows",
  parameters: ["VARCHAR", "VARCHAR"],
  result: "VARCHAR",
  evaluate: (text: string, schema: string): string => rowsOf(text, fieldsOf(schema)),
};

let lastSchema = { json: "", fields: [] as readonly StructField[] };

/** All rows of a read have the same schema text. */
function fieldsOf(json: string): readonly StructField[] {
  if (lastSchema.json !== json) lastSchema = { json, fields: (fromJson(json) as DataType & { kind: "struct" }).fields };
  return lastSchema.fields;
}

const BAD_ROW = '{"b":true,"r":{}}';

function rowsOf(text: string, fields: readonly StructField[]): string {
  const node = parseJson(text);
  if (node === "empty") return "[]";
  if (node === "malformed") return `[${BAD_ROW}]`;
  if (node.kind === "object") return `[${new Row(text).of(node, fields)}]`;
  if (node.kind !== "array" || node.items.some((item) => item.kind !== "object")) return `[${BAD_ROW}]`;
  return `[${node.items.map((item) => new Row(text).of(item as JsonNode & { kind: "object" }, fields)).join(",")}]`;
}

/** Converts one row; a value that does not fit its type is null and makes the row bad. */
class Row {
  private readonly text: string;
  private bad = false;

  constructor(text: string) {
    this.text = text;
  }

  of(node: JsonNode & { kind: "object" }, fields: readonly StructField[]): string {
    const row = this.struct(node, fields);
    return `{"b":${this.bad},"r":${row}}`;
  }

  private struct(node: JsonNode & { kind: "object" }, fields: readonly StructField[]): string {
    // Of a name that repeats, the last counts.
    const values = new Map(node.entries);
    const parts: string[] = [];
    fields.forEach((field, i) => {
      const value = values.get(field.name);
      const wire = value && this.value(value, field.dataType);
      if (wire !== undefined) parts.push(`"${structField(i)}":${wire}`);
    });
    return `{${parts.join(",")}}`;
  }

  /** JSON text of the value; undefined for null and for what does not fit. */
  private value(node: JsonNode, type: DataType): string | undefined {
    if (node.kind === "word" && node.word === "null") return undefined;
    const wire = this.fitting(node, type);
    if (wire === undefined) this.bad = true;
    return wire;
  }

  private fitting(node: JsonNode, type: DataType): string | undefined {
    const raw = () => this.text.slice(node.start, node.end);
    switch (type.kind) {
      case "string":
        return JSON.stringify(node.kind === "string" ? node.text : raw());
      case "boolean":
        return node.kind === "word" && (node.word === "true" || node.word === "false") ? node.word : undefined;
      case "byte":
      case "short":
      case "integer":
      case "long":
        return node.kind === "number" ? wholeNumber(raw(), BITS[type.kind]) : undefined;
      case "float":
      case "double":
        if (node.kind === "number" || (node.kind === "word" && /N|I/.test(node.word))) return JSON.stringify(raw());
        return node.kind === "string" ? notANumber(node.text) : undefined;
      case "decimal":
        if (node.kind === "number") return JSON.stringify(raw());
        return node.kind === "string" && DECIMAL.test(node.text) ? JSON.stringify(node.text) : undefined;
      case "date":
      case "timestampNtz":
      case "binary":
        return node.kind === "string" && node.text !== "" ? JSON.stringify(node.text) : undefined;
      case "timestamp":
        if (node.kind === "number" && /^-?\d{1,12}$/.test(raw())) return secondsText(Number(raw()));
        return node.kind === "string" && node.text !== "" ? JSON.stringify(node.text) : undefined;
      case "array":
        return node.kind === "array" ? this.allOf(node.items, type.elementType) : undefined;
      case "map":
        return node.kind === "object" ? this.map(node, type.valueType) : undefined;
      case "struct":
        return node.kind === "object" ? this.struct(node, type.fields) : undefined;
      default:
        return undefined;
    }
  }

  /** An element that does not fit makes the whole array null. */
  private allOf(items: readonly JsonNode[], type: DataType): string | undefined {
    const before = this.bad;
    this.bad = false;
    const parts = items.map((item) => this.value(item, type) ?? "null");
    const fits = !this.bad || type.kind === "struct";
    this.bad ||= before;
    return fits ? `[${parts.join(",")}]` : undefined;
  }

  private map(node: JsonNode & { kind: "object" }, type: DataType): string | undefined {
    const entries = [...new Map(node.entries)];
    const before = this.bad;
    this.bad = false;
    const parts = entries.map(
      ([key, value]) => `{"k":${JSON.stringify(key)},"v":${this.value(value, type) ?? "null"}}`,
    );
    const fits = !this.bad || type.kind === "struct";
    this.bad ||= before;
    return fits ? `[${parts.join(",")}]` : undefined;
  }
}

const BITS = { byte: 8, short: 16, integer: 32, long: 64 };
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function wholeNumber(raw: string, bits: number): string | undefined {
  if (!/^-?\d+$/.test(raw)) return undefined;
  const value = BigInt(raw);
  return BigInt.asIntN(bits, value) === value ? raw : undefined;
}

function notANumber(text: string): string | undefined {
  if (text === "NaN") return '"NaN"';
  if (["+INF", "INF", "Infinity", "+Infinity"].includes(text)) return '"Infinity"';
  return text === "-INF" || text === "-Infinity" ? '"-Infinity"' : undefined;
}

function secondsText(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : JSON.stringify(date.toISOString());
}

/** The structure that DuckDB's from_json wants for a type. */
export function wireStructure(type: DataType): unknown {
  switch (type.kind) {
    case "boolean":
      return "BOOLEAN";
    case "byte":
    case "short":
    case "integer":
    case "long":
      return duckdbType(type);
    case "array":
      return [wireStructure(type.elementType)];
    case "map":
      return [{ k: "VARCHAR", v: wireStructure(type.valueType) }];
    case "struct":
      // A struct without fields cannot be.
      if (type.fields.length === 0) return { f0: "INTEGER" };
      return Object.fromEntries(type.fields.map((field, i) => [structField(i), wireStructure(field.dataType)]));
    default:
      return "VARCHAR";
  }
}
