// The schema of JSON files that nobody gave one for: the union of what all documents hold, fields sorted by name.
import type { DataType, StructField, StructType } from "../../../sql/types/data-type.ts";
import { SparkError } from "../../../sql/errors.ts";
import type { JsonNode } from "./json-tree.ts";
import { parseJson } from "./json-tree.ts";

const STRING: DataType = { kind: "string" };
const NULL: DataType = { kind: "null" };

/** Gathers the schema document by document. */
export class JsonSchema {
  private type: DataType | undefined;
  private malformed = false;

  add(text: string): void {
    const node = parseJson(text);
    if (node === "empty") return;
    const rows = node === "malformed" ? undefined : node.kind === "array" ? node.items : [node];
    if (!rows || node === "malformed" || rows.some((row) => row.kind !== "object")) {
      this.malformed = true;
      return;
    }
    for (const row of rows) {
      const type = typeOf(row, text);
      this.type = this.type ? common(this.type, type) : type;
    }
  }

  /** The schema, with a column for corrupt records when there were some; undefined when there was nothing. */
  finish(corruptColumn: string): StructType | undefined {
    if (!this.type && !this.malformed) return undefined;
    const found = this.type ? settled(this.type) : undefined;
    const fields = found?.kind === "struct" ? [...found.fields] : [];
    if (this.malformed && !fields.some((field) => field.name === corruptColumn)) {
      fields.push({ name: corruptColumn, dataType: STRING, nullable: true });
    }
    return { kind: "struct", fields: fields.sort(byName) };
  }
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function typeOf(node: JsonNode, text: string): DataType {
  switch (node.kind) {
    case "string":
      return STRING;
    case "number":
      return numberType(text.slice(node.start, node.end));
    case "word":
      if (node.word === "null") return NULL;
      return node.word === "true" || node.word === "false" ? { kind: "boolean" } : { kind: "double" };
    case "array": {
      const elementType = node.items.map((item) => typeOf(item, text)).reduce(common, NULL);
      return { kind: "array", elementType, containsNull: true };
    }
    case "object":
      return { kind: "struct", fields: objectFields(node, text) };
  }
}

function objectFields(node: JsonNode & { kind: "object" }, text: string): StructField[] {
  const names = new Set<string>();
  const fields = node.entries.map(([name, value]): StructField => {
    if (names.has(name)) {
      throw new SparkError(
        "COLUMN_ALREADY_EXISTS",
        `The column \`${name}\` already exists. Choose another name or rename the existing column.`,
        { sqlState: "42711", messageParameters: { columnName: `\`${name}\`` } },
      );
    }
    names.add(name);
    return { name, dataType: typeOf(value, text), nullable: true };
  });
  return fields.sort(byName);
}

function numberType(text: string): DataType {
  if (!/^-?\d+$/.test(text)) return { kind: "double" };
  const value = BigInt(text);
  if (BigInt.asIntN(64, value) === value) return { kind: "long" };
  const precision = text.replace("-", "").length;
  return precision <= 38 ? { kind: "decimal", precision, scale: 0 } : { kind: "double" };
}

/** The type that both can be read as; a string when there is none. */
function common(a: DataType, b: DataType): DataType {
  if (a.kind === "null") return b;
  if (b.kind === "null") return a;
  if (a.kind === "struct" && b.kind === "struct") return mergeStructs(a, b);
  if (a.kind === "array" && b.kind === "array") {
    return { kind: "array", elementType: common(a.elementType, b.elementType), containsNull: true };
  }
  if (a.kind === "decimal" || b.kind === "decimal") {
    if (a.kind === "double" || b.kind === "double") return { kind: "double" };
    const [x, y] = [digits(a), digits(b)];
    if (x === undefined || y === undefined) return STRING;
    return { kind: "decimal", precision: Math.max(x, y), scale: 0 };
  }
  if (a.kind === b.kind) return a;
  const kinds = new Set([a.kind, b.kind]);
  return kinds.has("long") && kinds.has("double") ? { kind: "double" } : STRING;
}

function digits(type: DataType): number | undefined {
  if (type.kind === "decimal") return type.precision;
  return type.kind === "long" ? 20 : undefined;
}

function mergeStructs(a: StructType, b: StructType): StructType {
  const fields = new Map(a.fields.map((field) => [field.name, field]));
  for (const field of b.fields) {
    const before = fields.get(field.name);
    fields.set(field.name, before ? { ...field, dataType: common(before.dataType, field.dataType) } : field);
  }
  return { kind: "struct", fields: [...fields.values()].sort(byName) };
}

/** What only ever was null is a string; an object that never had a field is left out. */
function settled(type: DataType): DataType | undefined {
  if (type.kind === "null") return STRING;
  if (type.kind === "array") {
    const elementType = settled(type.elementType);
    return elementType && { ...type, elementType };
  }
  if (type.kind !== "struct") return type;
  const fields = type.fields.flatMap((field) => {
    const dataType = settled(field.dataType);
    return dataType ? [{ ...field, dataType }] : [];
  });
  return fields.length === 0 ? undefined : { kind: "struct", fields };
}
