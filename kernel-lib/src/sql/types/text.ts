// Every text form of a type: `simpleString`, SQL, DDL and the tree of `printSchema`.
import type { AtomicType, DataType, StructField, StructType } from "./data-type.ts";

const simpleNames: Record<AtomicType["kind"], string> = {
  null: "void",
  boolean: "boolean",
  byte: "tinyint",
  short: "smallint",
  integer: "int",
  long: "bigint",
  float: "float",
  double: "double",
  string: "string",
  binary: "binary",
  date: "date",
  timestamp: "timestamp",
  timestampNtz: "timestamp_ntz",
  calendarInterval: "interval",
};

const typeNames: Partial<Record<AtomicType["kind"], string>> = {
  byte: "byte",
  short: "short",
  integer: "integer",
  long: "long",
};

const dayTimeFields = ["day", "hour", "minute", "second"];
const yearMonthFields = ["year", "month"];

function intervalName(names: readonly string[], start: number, end: number): string {
  return start === end ? `interval ${names[start]}` : `interval ${names[start]} to ${names[end]}`;
}

/** Types whose text has nothing nested in it; undefined for arrays, maps and structs. */
function flatName(type: DataType): string | undefined {
  switch (type.kind) {
    case "array":
    case "map":
    case "struct":
      return undefined;
    case "decimal":
      return `decimal(${type.precision},${type.scale})`;
    case "dayTimeInterval":
      return intervalName(dayTimeFields, type.startField, type.endField);
    case "yearMonthInterval":
      return intervalName(yearMonthFields, type.startField, type.endField);
    default:
      return simpleNames[type.kind];
  }
}

/**
 * PySpark's `simpleString()`: `struct<a:int,b:array<string>>`.
 *
 * @example
 * ```ts
 * simpleString(parseDataType("ARRAY<INT>")); // "array<int>"
 * ```
 */
export function simpleString(type: DataType): string {
  switch (type.kind) {
    case "array":
      return `array<${simpleString(type.elementType)}>`;
    case "map":
      return `map<${simpleString(type.keyType)},${simpleString(type.valueType)}>`;
    case "struct":
      return `struct<${type.fields.map((field) => `${field.name}:${simpleString(field.dataType)}`).join(",")}>`;
    default:
      return flatName(type) ?? "";
  }
}

/**
 * The name that Spark's JSON and `printSchema` use: `integer`, `long`, `decimal(10,2)`, `array`.
 *
 * @example
 * ```ts
 * typeName(parseDataType("INT")); // "integer"
 * ```
 */
export function typeName(type: DataType): string {
  return typeNames[type.kind as AtomicType["kind"]] ?? flatName(type) ?? type.kind;
}

/**
 * A name as SQL wants it: in backquotes unless it is made of letters, digits and underscores and does not start with a digit.
 *
 * @example
 * ```ts
 * quoteIfNeeded("a.b"); // "`a.b`"
 * ```
 */
export function quoteIfNeeded(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : `\`${name.replaceAll("`", "``")}\``;
}

/**
 * The type in SQL, in capitals: `STRUCT<a: INT NOT NULL, b: ARRAY<STRING>>`. It can be parsed again.
 *
 * @example
 * ```ts
 * sqlName(parseDataType("array<int>")); // "ARRAY<INT>"
 * ```
 */
export function sqlName(type: DataType): string {
  switch (type.kind) {
    case "array":
      return `ARRAY<${sqlName(type.elementType)}>`;
    case "map":
      return `MAP<${sqlName(type.keyType)}, ${sqlName(type.valueType)}>`;
    case "struct":
      return `STRUCT<${type.fields.map((field) => fieldText(field, ": ")).join(", ")}>`;
    default:
      return (flatName(type) ?? "").toUpperCase();
  }
}

/**
 * A schema as Spark's `toDDL` prints it: `a INT,b STRING NOT NULL COMMENT 'x'`.
 *
 * @example
 * ```ts
 * toDdl(parseSchema("a INT NOT NULL, b STRING")); // "a INT NOT NULL,b STRING"
 * ```
 */
export function toDdl(schema: StructType): string {
  return schema.fields.map((field) => fieldText(field, " ")).join(",");
}

function fieldText(field: StructField, separator: string): string {
  const comment = field.metadata?.["comment"];
  const commentText =
    typeof comment === "string" ? ` COMMENT '${comment.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'` : "";
  return `${quoteIfNeeded(field.name)}${separator}${sqlName(field.dataType)}${field.nullable ? "" : " NOT NULL"}${commentText}`;
}

/**
 * The tree that `printSchema` prints, with its last line break.
 *
 * @param level - how deep to go; 0 or less for all
 * @example
 * ```ts
 * console.log(treeString(parseSchema("a INT")));
 * // root
 * //  |-- a: integer (nullable = true)
 * ```
 */
export function treeString(schema: StructType, level = 0): string {
  const depth = level > 0 ? level : Number.POSITIVE_INFINITY;
  const lines = ["root"];
  addFields(schema, " |", depth, lines);
  return `${lines.join("\n")}\n`;
}

function addFields(schema: StructType, prefix: string, depth: number, lines: string[]): void {
  if (depth <= 0) return;
  for (const field of schema.fields) {
    lines.push(`${prefix}-- ${escapeControl(field.name)}: ${typeName(field.dataType)} (nullable = ${field.nullable})`);
    addNested(field.dataType, `${prefix}    |`, depth - 1, lines);
  }
}

function addNested(type: DataType, prefix: string, depth: number, lines: string[]): void {
  if (depth <= 0) return;
  if (type.kind === "struct") {
    addFields(type, prefix, depth, lines);
  } else if (type.kind === "array") {
    lines.push(`${prefix}-- element: ${typeName(type.elementType)} (containsNull = ${type.containsNull})`);
    addNested(type.elementType, `${prefix}    |`, depth - 1, lines);
  } else if (type.kind === "map") {
    lines.push(`${prefix}-- key: ${typeName(type.keyType)}`);
    addNested(type.keyType, `${prefix}    |`, depth - 1, lines);
    lines.push(`${prefix}-- value: ${typeName(type.valueType)} (valueContainsNull = ${type.valueContainsNull})`);
    addNested(type.valueType, `${prefix}    |`, depth - 1, lines);
  }
}

const controls: Record<string, string> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
  "\u000B": "\\v",
  "\u0007": "\\a",
};

/** Control characters as Spark prints them in a tree and in `show`. */
export function escapeControl(text: string): string {
  return text.replace(/[\n\r\t\f\u0008\u000B\u0007]/g, (character) => controls[character] ?? character);
}
