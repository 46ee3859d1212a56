// Spark's JSON form of types, as stored in Parquet footers and sent by clients: `{"type":"struct","fields":[…]}`.
import type { DataType, StructField, StructType } from "./data-type.ts";
import { SparkError } from "../errors.ts";
import { parseDataType } from "./ddl.ts";
import * as make from "./factories.ts";
import { typeName } from "./text.ts";

/**
 * The type as a value for `JSON.stringify`, with the key order Spark uses.
 *
 * @example
 * ```ts
 * toJsonValue(parseDataType("INT")); // "integer"
 * ```
 */
export function toJsonValue(type: DataType): unknown {
  switch (type.kind) {
    case "array":
      return { type: "array", elementType: toJsonValue(type.elementType), containsNull: type.containsNull };
    case "map":
      return {
        type: "map",
        keyType: toJsonValue(type.keyType),
        valueType: toJsonValue(type.valueType),
        valueContainsNull: type.valueContainsNull,
      };
    case "struct":
      return {
        type: "struct",
        fields: type.fields.map((field) => ({
          name: field.name,
          type: toJsonValue(field.dataType),
          nullable: field.nullable,
          metadata: field.metadata ?? {},
        })),
      };
    default:
      return typeName(type);
  }
}

/**
 * Spark's JSON text of a type.
 *
 * @example
 * ```ts
 * toJson(parseDataType("INT")); // "\"integer\""
 * ```
 */
export function toJson(type: DataType): string {
  return JSON.stringify(toJsonValue(type));
}

/**
 * The type that Spark's JSON text describes.
 *
 * @throws SparkError `INVALID_JSON_DATA_TYPE` when the text is not JSON or not a type
 * @example
 * ```ts
 * simpleString(fromJson('"integer"')); // "int"
 * ```
 */
export function fromJson(text: string): DataType {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(text, cause);
  }
  return fromJsonValue(value);
}

/**
 * The type that a value read from Spark's JSON describes.
 *
 * @example
 * ```ts
 * simpleString(fromJsonValue("integer")); // "int"
 * ```
 */
export function fromJsonValue(value: unknown): DataType {
  if (typeof value === "string") return parseDataType(value);
  if (!isRecord(value)) throw invalid(JSON.stringify(value));
  switch (value["type"]) {
    case "array":
      return make.ArrayType(fromJsonValue(value["elementType"]), value["containsNull"] !== false);
    case "map":
      return make.MapType(
        fromJsonValue(value["keyType"]),
        fromJsonValue(value["valueType"]),
        value["valueContainsNull"] !== false,
      );
    case "struct":
      return structFromJson(value);
    case "udt":
      return fromJsonValue(value["sqlType"]);
    default:
      throw invalid(JSON.stringify(value));
  }
}

function structFromJson(value: Record<string, unknown>): StructType {
  if (!Array.isArray(value["fields"])) throw invalid(JSON.stringify(value));
  return make.StructType(value["fields"].map(fieldFromJson));
}

function fieldFromJson(value: unknown): StructField {
  if (!isRecord(value) || typeof value["name"] !== "string") throw invalid(JSON.stringify(value));
  const metadata =
    isRecord(value["metadata"]) && Object.keys(value["metadata"]).length > 0 ? value["metadata"] : undefined;
  return make.StructField(value["name"], fromJsonValue(value["type"]), value["nullable"] !== false, metadata);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(text: string, cause?: unknown): SparkError {
  return new SparkError("INVALID_JSON_DATA_TYPE", `Failed to convert the JSON string '${text}' to a data type.`, {
    sqlState: "2203G",
    cause,
  });
}
