// JavaScript values as Connect's literals.
import { create } from "@bufbuild/protobuf";
import type { Expression_Literal as Literal } from "../../generated/spark/connect/expressions_pb.ts";
import type { DataType } from "../types/data-type.ts";
import { Expression_LiteralSchema } from "../../generated/spark/connect/expressions_pb.ts";
import { SluiceError } from "../../errors.ts";
import { DecimalType, MapType, ArrayType, StructField, StructType } from "../types/factories.ts";
import { toProto } from "../types/proto.ts";
import { simpleString } from "../types/text.ts";
import { LocalDate, LocalDateTime, Timestamp } from "../values/calendar.ts";
import { Decimal } from "../values/decimal.ts";
import { DayTimeInterval, YearMonthInterval } from "../values/interval.ts";

/** A literal with the Spark type it has. */
export interface TypedLiteral {
  readonly type: DataType;
  readonly literal: Literal;
}

const typed = (type: DataType, literalType: Literal["literalType"]): TypedLiteral => ({
  type,
  literal: create(Expression_LiteralSchema, { literalType }),
});

/** Whether a whole number fits Spark's INT. */
export function isInt32(value: number): boolean {
  return Number.isInteger(value) && value >= -2_147_483_648 && value <= 2_147_483_647 && !Object.is(value, -0);
}

/**
 * The literal for a JavaScript value.
 *
 * | JavaScript | Spark |
 * |---|---|
 * | `null`, `undefined` | VOID |
 * | `boolean`, `string` | BOOLEAN, STRING |
 * | `number` | INT where it is a whole number of 32 bits, else BIGINT where it is a safe whole number, else DOUBLE |
 * | `bigint` | BIGINT |
 * | `Decimal` | DECIMAL of its own precision and scale |
 * | `Date`, `Timestamp` | TIMESTAMP |
 * | `LocalDate`, `LocalDateTime` | DATE, TIMESTAMP_NTZ |
 * | `Uint8Array` | BINARY |
 * | array, `Map` | ARRAY, MAP; numbers take the widest type among them |
 * | plain object | STRUCT with its keys as fields |
 *
 * @throws SluiceError `INPUT_INVALID` for other values, and for arrays and maps of mixed types
 */
export function literalOf(value: unknown): TypedLiteral {
  switch (typeof value) {
    case "undefined":
      return literalOf(null);
    case "boolean":
      return typed({ kind: "boolean" }, { case: "boolean", value });
    case "string":
      return typed({ kind: "string" }, { case: "string", value });
    case "bigint":
      return long(value);
    case "number":
      return numberLiteral(value);
    case "object":
      return value === null
        ? typed({ kind: "null" }, { case: "null", value: toProto({ kind: "null" }) })
        : objectLiteral(value);
    default:
      throw notALiteral(value);
  }
}

function long(value: bigint): TypedLiteral {
  if (BigInt.asIntN(64, value) !== value) {
    throw new SluiceError("INPUT_INVALID", `${value} does not fit BIGINT.`, { next: "Use Decimal.from(value)." });
  }
  return typed({ kind: "long" }, { case: "long", value });
}

function numberLiteral(value: number): TypedLiteral {
  if (isInt32(value)) return typed({ kind: "integer" }, { case: "integer", value });
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return long(BigInt(value));
  return typed({ kind: "double" }, { case: "double", value });
}

/** A number as DOUBLE, whole or not. */
export function doubleLiteral(value: number): Literal {
  return typed({ kind: "double" }, { case: "double", value }).literal;
}

function objectLiteral(value: object): TypedLiteral {
  if (value instanceof Date) return objectLiteral(Timestamp.from(value));
  if (value instanceof Timestamp) return typed({ kind: "timestamp" }, { case: "timestamp", value: value.epochMicros });
  if (value instanceof LocalDate) return typed({ kind: "date" }, { case: "date", value: value.epochDay });
  if (value instanceof LocalDateTime)
    return typed({ kind: "timestampNtz" }, { case: "timestampNtz", value: value.epochMicros });
  if (value instanceof Uint8Array) return typed({ kind: "binary" }, { case: "binary", value });
  if (value instanceof Decimal) return decimalLiteral(value);
  if (value instanceof DayTimeInterval)
    return typed(
      { kind: "dayTimeInterval", startField: 0, endField: 3 },
      { case: "dayTimeInterval", value: value.micros },
    );
  if (value instanceof YearMonthInterval)
    return typed(
      { kind: "yearMonthInterval", startField: 0, endField: 1 },
      { case: "yearMonthInterval", value: value.months },
    );
  if (Array.isArray(value)) return arrayLiteral(value);
  if (value instanceof Map) return mapLiteral(value);
  if (isPlainObject(value)) return structLiteral(value);
  throw notALiteral(value);
}

function decimalLiteral(value: Decimal): TypedLiteral {
  const { precision, scale } = value;
  return typed(DecimalType(precision, scale), {
    case: "decimal",
    value: { $typeName: "spark.connect.Expression.Literal.Decimal", value: value.toString(), precision, scale },
  });
}

function arrayLiteral(values: readonly unknown[]): TypedLiteral {
  const { type, literals } = sameType(values, "an array");
  const literal = create(Expression_LiteralSchema, {
    literalType: { case: "array", value: { elementType: toProto(type), elements: literals } },
  });
  return { type: ArrayType(type), literal };
}

function mapLiteral(value: ReadonlyMap<unknown, unknown>): TypedLiteral {
  const keys = sameType([...value.keys()], "a map's keys");
  const values = sameType([...value.values()], "a map's values");
  const literal = create(Expression_LiteralSchema, {
    literalType: {
      case: "map",
      value: {
        keyType: toProto(keys.type),
        valueType: toProto(values.type),
        keys: keys.literals,
        values: values.literals,
      },
    },
  });
  return { type: MapType(keys.type, values.type), literal };
}

function structLiteral(value: object): TypedLiteral {
  const members = Object.entries(value).map(([name, member]) => ({ name, ...literalOf(member) }));
  const type = StructType(members.map(({ name, type: memberType }) => StructField(name, memberType)));
  const literal = create(Expression_LiteralSchema, {
    literalType: {
      case: "struct",
      value: { structType: toProto(type), elements: members.map((member) => member.literal) },
    },
  });
  return { type, literal };
}

const widths: Partial<Record<DataType["kind"], number>> = { integer: 0, long: 1, double: 2 };

/** The literals of values that must share a type; whole numbers and doubles take the widest. */
function sameType(values: readonly unknown[], where: string): { type: DataType; literals: Literal[] } {
  const all = values.map(literalOf);
  const typedOnes = all.filter(({ type }) => type.kind !== "null");
  const first = typedOnes[0];
  if (!first) return { type: { kind: "null" }, literals: all.map(({ literal }) => literal) };
  const kinds = new Set(typedOnes.map(({ type }) => simpleString(type)));
  if (kinds.size === 1) return { type: first.type, literals: all.map(({ literal }) => literal) };
  if (typedOnes.some(({ type }) => widths[type.kind] === undefined)) {
    throw new SluiceError("INPUT_INVALID", `The values of ${where} have different types: ${[...kinds].join(", ")}.`, {
      next: "Give all of them one type.",
    });
  }
  const type = typedOnes.reduce(
    (widest, { type: other }) => ((widths[other.kind] ?? 0) > (widths[widest.kind] ?? 0) ? other : widest),
    first.type,
  );
  return { type, literals: all.map(({ literal }) => widen(literal, type)) };
}

function widen(literal: Literal, to: DataType): Literal {
  const { literalType } = literal;
  if (literalType.case !== "integer" && literalType.case !== "long") return literal;
  return to.kind === "double"
    ? typed(to, { case: "double", value: Number(literalType.value) }).literal
    : typed(to, { case: "long", value: BigInt(literalType.value) }).literal;
}

/** Whether a value is an object written with braces, not an instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function notALiteral(value: unknown): SluiceError {
  const name = typeof value === "object" && value !== null ? value.constructor.name : typeof value;
  return new SluiceError("INPUT_INVALID", `A value of type ${name} cannot be a literal.`, {
    next: "Give a string, number, bigint, boolean, Date, Decimal, bytes, array, Map or plain object.",
  });
}
