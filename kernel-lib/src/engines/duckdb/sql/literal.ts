// Constants in SQL text.
import type { Expression } from "../../../generated/spark/connect/expressions_pb.ts";
import { unsupported } from "../../../sql/errors.ts";
import { TYPED_LITERAL } from "./internal-calls.ts";
import { callOf, expressionOf, literalOf, text } from "./make.ts";
import type { Node } from "./parser.ts";

export function literalNode(node: Node): Expression {
  const value = String(node["value"]);
  switch (node["literal_type"]) {
    case "number":
      return numberOf(value);
    case "string":
    case "raw_string":
    case "triple_quoted_string":
      return text(value);
    case "hex_string":
      return literalOf({
        case: "binary",
        value: Uint8Array.from(Buffer.from(value.length % 2 ? `0${value}` : value, "hex")),
      });
    case "date":
    case "timestamp":
      return typed(value, String(node["literal_type"]));
    default:
      throw unsupported(`A literal of the kind ${String(node["literal_type"])}`, "Use a cast.");
  }
}

function typed(value: string, type: string): Expression {
  return callOf(TYPED_LITERAL, [text(value), text(type)]);
}

/** A number as Spark types it: int, bigint or decimal by size; decimal with a point; double with an exponent. */
function numberOf(value: string): Expression {
  if (/^\d+$/.test(value)) {
    const integer = BigInt(value);
    if (integer < 2n ** 31n) return literalOf({ case: "integer", value: Number(integer) });
    if (integer < 2n ** 63n) return literalOf({ case: "long", value: integer });
  }
  if (/^[\d.]+$/.test(value)) return decimalOf(value);
  return literalOf({ case: "double", value: Number(value) });
}

function decimalOf(value: string): Expression {
  const [whole = "", fraction = ""] = value.split(".");
  const significant = whole.replace(/^0+/, "");
  const precision = Math.max(significant.length + fraction.length, fraction.length, 1);
  const digits = `${whole || "0"}${fraction ? `.${fraction}` : ""}`;
  return expressionOf({
    case: "literal",
    value: { literalType: { case: "decimal", value: { value: digits, precision, scale: fraction.length } } },
  });
}

/** A number with a suffix, by the type the suffix means; undefined when a cast is needed. */
export function numberLiteral(value: string, type: string): Expression | undefined {
  const isInteger = /^\d+$/.test(value);
  if (type === "double") return literalOf({ case: "double", value: Number(value) });
  if (type === "float") return literalOf({ case: "float", value: Math.fround(Number(value)) });
  if (type === "bigint" && isInteger) return literalOf({ case: "long", value: BigInt(value) });
  if (type === "smallint" && isInteger && Number(value) < 2 ** 15)
    return literalOf({ case: "short", value: Number(value) });
  if (type === "tinyint" && isInteger && Number(value) < 2 ** 7)
    return literalOf({ case: "byte", value: Number(value) });
  return undefined;
}

/** The literal with its sign changed; undefined for anything but a number. */
export function negated(expression: Expression): Expression | undefined {
  if (expression.exprType.case !== "literal") return undefined;
  const { literalType } = expression.exprType.value;
  switch (literalType.case) {
    case "integer":
      return literalOf({ case: "integer", value: -literalType.value });
    case "short":
      return literalOf({ case: "short", value: -literalType.value });
    case "byte":
      return literalOf({ case: "byte", value: -literalType.value });
    case "float":
      return literalOf({ case: "float", value: -literalType.value });
    case "double":
      return literalOf({ case: "double", value: -literalType.value });
    case "long":
      return literalType.value === 2n ** 31n
        ? literalOf({ case: "integer", value: -(2 ** 31) })
        : literalOf({ case: "long", value: -literalType.value });
    case "decimal":
      return literalOf({ case: "decimal", value: { ...literalType.value, value: `-${literalType.value.value}` } });
    default:
      return undefined;
  }
}
