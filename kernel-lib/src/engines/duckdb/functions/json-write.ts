// to_json: SQL that prints a value by its type, with no JSON type and no JavaScript in between.
import type { DataType, StructType } from "../../../sql/types/data-type.ts";
import { bigDecimalText, dateText, floatingText } from "../casts/to-string.ts";
import { instantToLocal, isUtc } from "../casts/time.ts";
import { quoteText } from "../errors.ts";
import type { Expression } from "../resolved/expression.ts";
import { structField } from "../types.ts";
import { castSql } from "../casts/cast.ts";
import type { EmitContext, FunctionDefinition } from "./definition.ts";
import { STRING, isIntegral } from "./kinds.ts";
import { checkCount } from "./makers.ts";
import { bind, cast } from "./sql-text.ts";
import { typeMismatch, unsupported } from "./type-errors.ts";

/** A value that is printed: its SQL, and its expression where that shows how the value is made. */
interface Value {
  readonly sql: string;
  readonly dataType: DataType;
  readonly nullable: boolean;
  readonly expression?: Expression;
}

/** SQL of the value's JSON text; null for a null. */
export function jsonText(value: Value, context: EmitContext): string {
  const { sql, dataType } = value;
  switch (dataType.kind) {
    case "null":
      return "CAST(NULL AS VARCHAR)";
    case "boolean":
    case "byte":
    case "short":
    case "integer":
    case "long":
      return cast(sql, STRING);
    case "decimal":
      return bigDecimalText(sql, dataType.precision, dataType.scale, context);
    case "string":
      return quotedText(sql);
    case "float":
    case "double":
      return bind(context, [sql], (x) => {
        const text = floatingText(x, context);
        return `CASE WHEN isfinite(${x}) THEN ${text} ELSE '"' || ${text} || '"' END`;
      });
    case "date":
      return `'"' || ${dateText(sql, context)} || '"'`;
    case "timestamp":
      return timestampText(sql, context);
    case "timestampNtz":
      return `strftime(${sql}, '"%Y-%m-%dT%H:%M:%S.%g"')`;
    case "binary":
      return `'"' || to_base64(${sql}) || '"'`;
    case "dayTimeInterval":
    case "yearMonthInterval":
      return `'"' || ${castSql(sql, dataType, STRING, "ansi", context)} || '"'`;
    case "array": {
      if (itemsOf(value.expression)) return joined(valueParts(value, context));
      const name = context.fresh("x");
      const item = jsonText({ sql: name, dataType: dataType.elementType, nullable: true }, context);
      const text = dataType.containsNull ? `coalesce(${item}, 'null')` : item;
      return `'[' || array_to_string(list_transform(${sql}, lambda ${name}: ${text}), ',') || ']'`;
    }
    case "map":
      return mapText(sql, dataType, context);
    case "struct":
      return structText(value, dataType, context);
    default:
      throw unsupported(`to_json of ${dataType.kind}`, "Cast the column to a string first.");
  }
}

/** DuckDB's JSON text of a string is Jackson's, escapes and all. */
const quotedText = (sql: string): string => `CAST(to_json(${sql}) AS VARCHAR)`;

/** `yyyy-MM-dd'T'HH:mm:ss.SSSXXX` in the session's time zone, in quotes. */
function timestampText(sql: string, context: EmitContext): string {
  if (isUtc(context.timeZone)) return `strftime(${instantToLocal(sql, context)}, '"%Y-%m-%dT%H:%M:%S.%gZ"')`;
  return bind(context, [sql], (instant) => {
    // The zone's tables are slow: the local time is asked for once.
    return bind(
      context,
      [instantToLocal(instant, context)],
      (local) =>
        `CASE WHEN ${local} IS NULL THEN NULL ELSE concat(strftime(${local}, '"%Y-%m-%dT%H:%M:%S.%g'), ${offsetText(instant, local)}, '"') END`,
    );
  });
}

/** The offset of the session's zone at an instant, as `+05:30` or `Z`. */
function offsetText(instant: string, local: string): string {
  const minutes = `((epoch_us(${local}) - epoch_us(${instant})) // 60000000)`;
  const hours = `lpad(CAST(abs(${minutes}) // 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(${minutes}) % 60 AS VARCHAR), 2, '0')`;
  return `CASE WHEN ${minutes} = 0 THEN 'Z' WHEN ${minutes} < 0 THEN '-' || ${hours} ELSE '+' || ${hours} END`;
}

function mapText(sql: string, type: DataType & { kind: "map" }, context: EmitContext): string {
  const name = context.fresh("e");
  const key = quotedText(keyText(`${name}.key`, type.keyType, context));
  const item = jsonText({ sql: `${name}.value`, dataType: type.valueType, nullable: true }, context);
  return `'{' || array_to_string(list_transform(map_entries(${sql}), lambda ${name}: ${key} || ':' || coalesce(${item}, 'null')), ',') || '}'`;
}

/** Spark prints the keys of a map as it stores them: days and microseconds as numbers. */
function keyText(sql: string, type: DataType, context: EmitContext): string {
  switch (type.kind) {
    case "timestamp":
    case "timestampNtz":
      return cast(`epoch_us(${sql})`, STRING);
    case "date":
      return cast(`(${sql} - DATE '1970-01-01')`, STRING);
    default:
      return castSql(sql, type, STRING, "ansi", context);
  }
}

/**
 * A struct as one `concat` of texts: parts that cannot be null are folded into their neighbours, and a null field is a
 * null part, which `concat` leaves out.
 */
function structText(value: Value, type: StructType, context: EmitContext): string {
  if (value.nullable && !isCheapName(value.sql)) {
    return bind(context, [value.sql], (x) => structText({ sql: x, dataType: type, nullable: true }, type, context));
  }
  const text = joined(structParts(value, type, context));
  return value.nullable ? `CASE WHEN ${value.sql} IS NULL THEN NULL ELSE ${text} END` : text;
}

const isCheapName = (sql: string): boolean => /^[\w".]+$/.test(sql);

/** A piece of the text: constant, or SQL that may be null and is then left out. */
type Part = { readonly constant: string } | { readonly sql: string };

function structParts(value: Value, type: StructType, context: EmitContext): Part[] {
  const fields = fieldsOf(value, type, context);
  const parts: Part[] = [];
  // Once a field is always there, the comma before the next one is a constant; until then the first comma is cut off.
  const anchor = fields.findIndex((field) => !field.nullable && field.dataType.kind !== "null");
  fields.forEach((field, i) => {
    if (isNull(field)) return;
    const key = `${JSON.stringify(type.fields[i]?.name ?? "")}:`;
    if (i < anchor || anchor === -1)
      parts.push(optionalPart(field, `${key}`, anchor === -1 ? "before" : "after", context));
    else if (i === anchor) parts.push({ constant: key }, ...valueParts(field, context));
    else if (field.nullable) parts.push(optionalPart(field, key, "before", context));
    else parts.push({ constant: `,${key}` }, ...valueParts(field, context));
  });
  if (anchor !== -1) return [{ constant: "{" }, ...parts, { constant: "}" }];
  return [{ constant: "{" }, { sql: `substr(${concatenated(parts)}, 2)` }, { constant: "}" }];
}

function optionalPart(field: Value, key: string, comma: "before" | "after", context: EmitContext): Part {
  const text = jsonText(field, context);
  return comma === "before"
    ? { sql: `${quoteText(`,${key}`)} || ${text}` }
    : { sql: `${quoteText(key)} || ${text} || ','` };
}

/** The parts of a value that is not null: constants and what is made in place is not computed row by row. */
function valueParts(field: Value, context: EmitContext): Part[] {
  if (field.dataType.kind === "struct") return structParts(field, field.dataType, context);
  const constant = constantText(field);
  if (constant !== undefined) return [{ constant }];
  const items = itemsOf(field.expression);
  if (items === undefined) return [{ sql: jsonText(field, context) }];
  const parts = items.map((item): Part[] => {
    const value = valueOf(item, context);
    if (!value.nullable) return valueParts(value, context);
    return [{ sql: `coalesce(${jsonText(value, context)}, 'null')` }];
  });
  return [
    { constant: "[" },
    ...parts.flatMap((part, i) => (i === 0 ? part : [{ constant: "," }, ...part])),
    { constant: "]" },
  ];
}

/** The JSON text of a literal that prints as JavaScript prints it. */
function constantText(value: Value): string | undefined {
  const { expression } = value;
  if (expression?.kind !== "literal" || expression.value === null) return undefined;
  if (typeof expression.value === "string" && value.dataType.kind === "string") return JSON.stringify(expression.value);
  if (typeof expression.value === "boolean") return String(expression.value);
  return isIntegral(value.dataType) ? String(expression.value) : undefined;
}

function valueOf(expression: Expression, context: EmitContext): Value {
  const inner = withoutAlias(expression);
  return { sql: context.sql(inner), dataType: inner.dataType, nullable: inner.nullable, expression: inner };
}

/** The element expressions of an array that is made in place. */
function itemsOf(expression: Expression | undefined): readonly Expression[] | undefined {
  return expression?.kind === "call" && expression.definition.name === "array" ? expression.args : undefined;
}

const isNull = (value: Value): boolean =>
  value.dataType.kind === "null" || (value.expression?.kind === "literal" && value.expression.value === null);

function fieldsOf(value: Value, type: StructType, context: EmitContext): Value[] {
  const made = madeOf(value.expression);
  return type.fields.map((field, i) => {
    const expression = made?.[i];
    if (expression) return valueOf(expression, context);
    // A field of a struct that is there twice in the text would be computed twice: structText has bound it to a name.
    return { sql: `${value.sql}.${structField(i)}`, dataType: field.dataType, nullable: field.nullable };
  });
}

const withoutAlias = (expression: Expression): Expression =>
  expression.kind === "alias" ? expression.child : expression;

/** The field expressions of a struct that is made in place: they are printed without making the struct. */
function madeOf(expression: Expression | undefined): readonly Expression[] | undefined {
  if (expression?.kind !== "call") return undefined;
  if (expression.definition.name === "struct") return expression.args;
  if (expression.definition.name === "named_struct") return expression.args.filter((_, i) => i % 2 === 1);
  return undefined;
}

/** Neighbouring constants in one text. */
function merged(parts: readonly Part[]): Part[] {
  const out: Part[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if ("constant" in part && last && "constant" in last)
      out[out.length - 1] = { constant: last.constant + part.constant };
    else out.push(part);
  }
  return out;
}

function concatenated(parts: readonly Part[]): string {
  const texts = merged(parts).map((part) => ("constant" in part ? quoteText(part.constant) : part.sql));
  return texts.length === 0 ? "''" : `concat(${texts.join(", ")})`;
}

const joined = (parts: readonly Part[]): string => concatenated(parts);

const toJson: FunctionDefinition = {
  name: "to_json",
  kind: "scalar",
  resolve(args, context) {
    checkCount("to_json", args.length, 1, 2);
    const [value, options] = args as [Expression, Expression | undefined];
    if (options) throw unsupported("to_json with options", "Format the columns with date_format before to_json.");
    if (value.dataType.kind !== "struct" && value.dataType.kind !== "array" && value.dataType.kind !== "map") {
      throw typeMismatch(
        "INVALID_JSON_SCHEMA",
        "to_json",
        `Input schema ${value.dataType.kind} must be a struct, an array, or a map.`,
      );
    }
    void context;
    return { args: [value], dataType: STRING, nullable: true };
  },
  emit([sql = ""], call, context) {
    const [argument] = call.args as [Expression];
    const expression = withoutAlias(argument);
    const value: Value = { sql, dataType: expression.dataType, nullable: expression.nullable, expression };
    if (expression.dataType.kind === "struct" && !madeOf(expression) && !isCheapName(sql)) {
      return bind(context, [sql], (x) => jsonText({ ...value, sql: x }, context));
    }
    return jsonText(value, context);
  },
};

export const jsonWriteFunctions: FunctionDefinition[] = [toJson];
