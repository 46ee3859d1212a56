// Spark's rules for the precision and scale of decimals (precision loss allowed, as is the default).
import type { DataType, DecimalType } from "../../../sql/types/data-type.ts";
import type { Expression } from "../resolved/expression.ts";
import { decimal } from "./kinds.ts";

const MAX = 38;
const MIN_ADJUSTED_SCALE = 6;

/** The smallest decimal that holds every value of an integral type; double-like ones for float and double. */
export function decimalFor(type: DataType): DecimalType {
  switch (type.kind) {
    case "decimal":
      return type;
    case "byte":
      return decimal(3, 0);
    case "short":
      return decimal(5, 0);
    case "integer":
      return decimal(10, 0);
    case "long":
      return decimal(20, 0);
    case "float":
      return decimal(14, 7);
    case "double":
      return decimal(30, 15);
    default:
      return decimal(38, 18);
  }
}

/** The same for an operand of an operator: an integer literal takes only its own digits. */
export function decimalOfOperand(expression: Expression): DecimalType {
  if (expression.kind === "literal" && expression.value !== null && expression.dataType.kind !== "decimal") {
    const digits = String(expression.value).replace("-", "").length;
    return decimal(digits, 0);
  }
  return decimalFor(expression.dataType);
}

/** Cuts a result of more than 38 digits: keeps the integral digits, and at least six of the fraction. */
export function adjusted(precision: number, scale: number): DecimalType {
  if (precision <= MAX) return decimal(precision, scale);
  const integral = precision - scale;
  return decimal(MAX, Math.max(MAX - integral, Math.min(scale, MIN_ADJUSTED_SCALE)));
}

export const bounded = (precision: number, scale: number): DecimalType =>
  decimal(Math.min(precision, MAX), Math.min(scale, MAX));

/** The decimal that holds both, keeping integral digits when 38 are not enough. */
export function widerDecimal(a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale, b.scale);
  const precision = Math.max(a.precision - a.scale, b.precision - b.scale) + scale;
  return precision <= MAX ? decimal(precision, scale) : decimal(MAX, Math.max(0, scale - (precision - MAX)));
}

/** The exact result type of an operator before {@link adjusted}: it may have more than 38 digits. */
export function exactResult(operator: "+" | "-" | "*" | "/" | "%", a: DecimalType, b: DecimalType): [number, number] {
  const scale = Math.max(a.scale, b.scale);
  switch (operator) {
    case "+":
    case "-":
      return [Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale];
    case "*":
      return [a.precision + b.precision + 1, a.scale + b.scale];
    case "/": {
      const quotientScale = Math.max(MIN_ADJUSTED_SCALE, a.scale + b.precision + 1);
      return [a.precision - a.scale + b.scale + quotientScale, quotientScale];
    }
    case "%":
      return [Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale];
  }
}
