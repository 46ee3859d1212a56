// Constants: from the protocol, and folded out of expressions.
import type { Expression_Literal } from "../../../generated/spark/connect/expressions_pb.ts";
import type { DataType } from "../../../sql/types/data-type.ts";
import { fromProto } from "../../../sql/types/index.ts";
import { unsupported } from "../../../sql/errors.ts";
import type { Expression, Literal, LiteralValue } from "../resolved/expression.ts";
import { literal } from "./build.ts";

/** The resolved form of a literal of the protocol. */
export function fromLiteral(message: Expression_Literal): Literal {
  const { case: kind, value } = message.literalType;
  switch (kind) {
    case "null":
      return literal(null, fromProto(value));
    case "binary":
    case "boolean":
    case "byte":
    case "short":
    case "integer":
    case "long":
    case "float":
    case "double":
    case "string":
    case "date":
    case "timestamp":
    case "timestampNtz":
      return literal(value, { kind });
    case "decimal":
      return decimalLiteral(value.value, value.precision, value.scale);
    case "yearMonthInterval":
      return literal(value, { kind, startField: 0, endField: 1 });
    case "dayTimeInterval":
      return literal(value, { kind, startField: 0, endField: 3 });
    case "array": {
      const elements = value.elements.map(fromLiteral);
      const elementType = typeOf(value.elementType, elements);
      return literal(
        elements.map((element) => element.value),
        { kind: "array", elementType, containsNull: elements.some((element) => element.nullable) },
      );
    }
    case "map": {
      const mapKeys = value.keys.map(fromLiteral);
      const mapValues = value.values.map(fromLiteral);
      return literal(
        mapKeys.map((key, i) => [key.value, (mapValues[i] as Literal).value] as const),
        {
          kind: "map",
          keyType: typeOf(value.keyType, mapKeys),
          valueType: typeOf(value.valueType, mapValues),
          valueContainsNull: mapValues.some((element) => element.nullable),
        },
      );
    }
    case "struct": {
      const elements = value.elements.map(fromLiteral);
      const given = value.structType && fromProto(value.structType);
      const fields = elements.map((element, i) => ({
        name: (given?.kind === "struct" ? given.fields[i]?.name : undefined) ?? `col${i + 1}`,
        dataType: element.dataType,
        nullable: element.nullable,
      }));
      return literal(
        elements.map((element) => element.value),
        given?.kind === "struct" ? given : { kind: "struct", fields },
      );
    }
    default:
      throw unsupported(`A literal of type ${kind ?? "unknown"}`, "Use make_interval in SQL or a day-time interval.");
  }
}

function typeOf(given: Parameters<typeof fromProto>[0] | undefined, elements: readonly Literal[]): DataType {
  if (given?.kind.case) return fromProto(given);
  return elements.find((element) => element.dataType.kind !== "null")?.dataType ?? { kind: "null" };
}

/** A decimal of the digits given; precision and scale are those of the digits when they are not given. */
export function decimalLiteral(digits: string, givenPrecision?: number, givenScale?: number): Literal {
  const [whole = "", fraction = ""] = digits.replace(/^[+-]/, "").split(".");
  const scale = Math.max(fraction.length, givenScale ?? 0);
  const significant = `${whole}${fraction}`.replace(/^0+/, "").length;
  const precision = Math.max(significant, givenPrecision ?? 1, scale, 1);
  return literal(digits, { kind: "decimal", precision, scale });
}

/** The value of a constant expression, or undefined when it is not constant. */
export function constantValue(expression: Expression): LiteralValue | undefined {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "alias":
      return constantValue(expression.child);
    case "cast":
      return castConstant(constantValue(expression.child), expression.dataType);
    case "call": {
      if (expression.definition.name !== "negative" && expression.definition.name !== "-") return undefined;
      const [operand, second] = expression.args;
      const value = second || !operand ? undefined : constantValue(operand);
      if (typeof value === "number" || typeof value === "bigint") return -value;
      return typeof value === "string" && expression.dataType.kind === "decimal" ? negated(value) : undefined;
    }
    default:
      return undefined;
  }
}

function negated(digits: string): string {
  return digits.startsWith("-") ? digits.slice(1) : `-${digits}`;
}

/** Only casts that lose nothing. */
function castConstant(value: LiteralValue | undefined, to: DataType): LiteralValue | undefined {
  if (value === null || value === undefined) return value;
  if (typeof value === "string" && to.kind === "string") return value;
  const isInteger = typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
  if (to.kind === "long" && isInteger) return BigInt(value);
  if ((to.kind === "integer" || to.kind === "short" || to.kind === "byte") && isInteger) return Number(value);
  if ((to.kind === "double" || to.kind === "float") && (typeof value === "bigint" || typeof value === "number"))
    return Number(value);
  if (to.kind === "decimal" && isInteger) return String(value);
  if (to.kind === "string" && (isInteger || typeof value === "boolean")) return String(value);
  return undefined;
}
