// Constants in SQL text.
import type { Expression } from "../../../generated/spark/connect/expressions_pb.ts";
import { SparkError, unsupported } from "../../../sql/errors.ts";
import { parseError } from "./errors.ts";
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
  const [sign, unsigned] = value.startsWith("-") ? ["-", value.slice(1)] : ["", value];
  const [whole = "", fraction = ""] = unsigned.split(".");
  const significant = whole.replace(/^0+/, "");
  const precision = Math.max(significant.length + fraction.length, fraction.length, 1);
  const digits = `${sign}${whole || "0"}${fraction ? `.${fraction}` : ""}`;
  return expressionOf({
    case: "literal",
    value: { literalType: { case: "decimal", value: { value: digits, precision, scale: fraction.length } } },
  });
}

const INTEGERS = {
  y: { type: "tinyint", bits: 7n },
  s: { type: "smallint", bits: 15n },
  l: { type: "bigint", bits: 63n },
} as const;

/**
 * A number with a suffix as written, with its sign: `-128y`, `1.5bd`.
 *
 * @throws SparkError INVALID_NUMERIC_LITERAL_RANGE for a number outside the suffix's type.
 */
export function suffixedNumber(written: string): Expression {
  const [, body = "", suffix = ""] = /^(.*?)(bd|[lsydf])$/i.exec(written) ?? [];
  const lower = suffix.toLowerCase();
  if (lower === "bd") return decimalOf(plainDigits(body));
  if (lower === "d") return literalOf({ case: "double", value: Number(body) });
  if (lower === "f") return literalOf({ case: "float", value: Math.fround(Number(body)) });
  if (!/^-?\d+$/.test(body))
    throw parseError(`Syntax error at or near '${written}'.`, { error: `'${written}'`, hint: "" });
  const { type, bits } = INTEGERS[lower as keyof typeof INTEGERS];
  const value = BigInt(body);
  const [low, high] = [-(2n ** bits), 2n ** bits - 1n];
  if (value < low || value > high)
    throw new SparkError(
      "INVALID_NUMERIC_LITERAL_RANGE",
      `Numeric literal ${written} is outside the valid range for ${type} with minimum value of ${low} and maximum value of ${high}. Please adjust the value accordingly.`,
      {
        sqlState: "22003",
        messageParameters: { rawStrippedQualifier: body, minValue: `${low}`, maxValue: `${high}`, typeName: type },
      },
    );
  if (type === "bigint") return literalOf({ case: "long", value });
  return literalOf({ case: type === "smallint" ? "short" : "byte", value: Number(value) });
}

/** Digits without an exponent: a decimal has no scale below zero. */
function plainDigits(number: string): string {
  const [mantissa = "", exponent = "0"] = number.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const shift = Number(exponent);
  if (shift === 0) return mantissa;
  const sign = whole.startsWith("-") ? "-" : "";
  const all = `${"0".repeat(Math.max(0, -shift))}${whole.replace("-", "")}${fraction}${"0".repeat(Math.max(0, shift - fraction.length))}`;
  const point = whole.replace("-", "").length + Math.max(0, -shift) + shift;
  return `${sign}${all.slice(0, point)}.${all.slice(point)}`;
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
