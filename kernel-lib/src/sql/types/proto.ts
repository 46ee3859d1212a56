// Types to and from Spark Connect's `DataType` message.
import { create } from "@bufbuild/protobuf";
import type { DataType as DataTypeMessage } from "../../generated/spark/connect/types_pb.ts";
import type { DataType, StructField } from "./data-type.ts";
import { DataTypeSchema } from "../../generated/spark/connect/types_pb.ts";
import { SparkError } from "../errors.ts";
import { parseDataType } from "./ddl.ts";
import * as make from "./factories.ts";

type MessageInit = NonNullable<Parameters<typeof create<typeof DataTypeSchema>>[1]>;

/**
 * Connect's message for a type.
 *
 * @example
 * ```ts
 * simpleString(fromProto(toProto(parseDataType("INT")))); // "int"
 * ```
 */
export function toProto(type: DataType): DataTypeMessage {
  return create(DataTypeSchema, init(type));
}

function init(type: DataType): MessageInit {
  switch (type.kind) {
    case "decimal":
      return { kind: { case: "decimal", value: { precision: type.precision, scale: type.scale } } };
    case "dayTimeInterval":
    case "yearMonthInterval":
      return { kind: { case: type.kind, value: { startField: type.startField, endField: type.endField } } };
    case "array":
      return {
        kind: { case: "array", value: { elementType: toProto(type.elementType), containsNull: type.containsNull } },
      };
    case "map":
      return {
        kind: {
          case: "map",
          value: {
            keyType: toProto(type.keyType),
            valueType: toProto(type.valueType),
            valueContainsNull: type.valueContainsNull,
          },
        },
      };
    case "struct":
      return { kind: { case: "struct", value: { fields: type.fields.map(fieldInit) } } };
    default:
      return { kind: { case: type.kind, value: {} } };
  }
}

function fieldInit(field: StructField): {
  name: string;
  dataType: DataTypeMessage;
  nullable: boolean;
  metadata?: string;
} {
  return {
    name: field.name,
    dataType: toProto(field.dataType),
    nullable: field.nullable,
    ...(field.metadata ? { metadata: JSON.stringify(field.metadata) } : {}),
  };
}

/**
 * The type that Connect's message describes. Character types with a length are strings here.
 *
 * @throws SparkError `UNSUPPORTED_DATATYPE` for variants and user-defined types without an SQL type
 * @example
 * ```ts
 * simpleString(fromProto(toProto(parseDataType("array<int>")))); // "array<int>"
 * ```
 */
export function fromProto(message: DataTypeMessage): DataType {
  const { kind } = message;
  switch (kind.case) {
    case "decimal":
      return make.DecimalType(kind.value.precision ?? 10, kind.value.scale ?? 0);
    case "dayTimeInterval":
      return make.DayTimeIntervalType(kind.value.startField ?? 0, kind.value.endField ?? kind.value.startField ?? 3);
    case "yearMonthInterval":
      return make.YearMonthIntervalType(kind.value.startField ?? 0, kind.value.endField ?? kind.value.startField ?? 1);
    case "array":
      return make.ArrayType(nested(kind.value.elementType), kind.value.containsNull);
    case "map":
      return make.MapType(nested(kind.value.keyType), nested(kind.value.valueType), kind.value.valueContainsNull);
    case "struct":
      return make.StructType(
        kind.value.fields.map((field) => {
          const metadata = field.metadata ? (JSON.parse(field.metadata) as Record<string, unknown>) : {};
          const kept = Object.keys(metadata).length > 0 ? metadata : undefined;
          return make.StructField(field.name, nested(field.dataType), field.nullable, kept);
        }),
      );
    case "char":
    case "varChar":
      return make.StringType();
    case "unparsed":
      return parseDataType(kind.value.dataTypeString);
    case "variant":
    case undefined:
      throw new SparkError("UNSUPPORTED_DATATYPE", `Unsupported data type "${(kind.case ?? "unset").toUpperCase()}".`, {
        sqlState: "0A000",
      });
    default:
      return { kind: kind.case };
  }
}

function nested(message: DataTypeMessage | undefined): DataType {
  return message ? fromProto(message) : make.NullType();
}
