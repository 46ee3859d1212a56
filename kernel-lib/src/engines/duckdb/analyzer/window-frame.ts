// What the bounds of a window's frame may be: ROWS counts with integers, RANGE with what is added to the sort key.
import { sqlName } from "../../../sql/types/index.ts";
import type { DataType } from "../../../sql/types/data-type.ts";
import { isIntegral, isInterval, isNumeric, sameType } from "../functions/kinds.ts";
import type { FrameBound, SortKey, WindowFrame } from "../resolved/expression.ts";
import { literal } from "./build.ts";
import { mismatch } from "./errors.ts";
import type { ExpressionResolver } from "./expression.ts";
import { constantValue } from "./literal.ts";

/**
 * The frame with its bounds in the type of the sort key.
 *
 * @throws SparkError DATATYPE_MISMATCH for bounds that Spark does not accept.
 */
export function checkedFrame(
  frame: WindowFrame,
  orderBy: readonly SortKey[],
  resolver: ExpressionResolver,
): WindowFrame {
  const [first, ...others] = orderBy;
  const text = frameText(frame, resolver);
  const key = first?.child.dataType;
  const coerced = frame.unit === "range" && key && others.length === 0;
  const bounds = [frame.lower, frame.upper].map((edge) => (coerced ? coercedBound(edge, key, resolver) : edge));
  const [lower, upper] = bounds as [FrameBound, FrameBound];
  const values = bounds.filter((edge) => typeof edge === "object");
  for (const [i, edge] of bounds.entries()) {
    if (typeof edge !== "object") continue;
    const type = edge.offset.dataType;
    const accepted = frame.unit === "rows" ? type.kind === "integer" : isNumeric(type) || isInterval(type);
    if (!accepted) throw unacceptedType(text, i === 0 ? "lower" : "upper", type, frame.unit);
  }
  const [from, to] = [positionOf(lower, -1), positionOf(upper, 1)];
  if (from !== undefined && to !== undefined && from > to)
    throw mismatch(
      "SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON",
      text,
      "The lower bound of a window frame must be less than or equal to the upper bound.",
      { comparison: "less than or equal" },
    );
  if (frame.unit === "range") checkRange(frame, orderBy, values[0], text);
  return { ...frame, lower, upper };
}

function checkRange(
  frame: WindowFrame,
  orderBy: readonly SortKey[],
  value: FrameBound | undefined,
  text: string,
): void {
  if (orderBy.length === 0 && (frame.lower !== "unbounded" || frame.upper !== "unbounded"))
    throw mismatch(
      "RANGE_FRAME_WITHOUT_ORDER",
      text,
      "A range window frame cannot be used in an unordered window specification.",
    );
  if (typeof value !== "object") return;
  if (orderBy.length > 1)
    throw mismatch(
      "RANGE_FRAME_MULTI_ORDER",
      text,
      "A range window frame with value boundaries cannot be used in a window specification with multiple order by expressions.",
    );
  const key = orderBy[0]?.child.dataType;
  if (key && !canAdd(key, value.offset.dataType))
    throw mismatch(
      "RANGE_FRAME_INVALID_TYPE",
      text,
      `The data type "${sqlName(key)}" used in the order specification does not support the data type "${sqlName(value.offset.dataType)}" which is used in the range frame.`,
      { orderSpecType: `"${sqlName(key)}"`, valueBoundaryType: `"${sqlName(value.offset.dataType)}"` },
    );
}

/** Whether a RANGE of this type can be measured from a sort key. */
function canAdd(key: DataType, offset: DataType): boolean {
  if (key.kind === "date")
    return (
      offset.kind === "integer" ||
      offset.kind === "yearMonthInterval" ||
      (offset.kind === "dayTimeInterval" && offset.endField === 0)
    );
  if (key.kind === "timestamp" || key.kind === "timestampNtz") return isInterval(offset);
  return sameType(key, offset);
}

/** Days and times keep the bound as written, other keys want it in their own type. */
function coercedBound(edge: FrameBound, key: DataType, resolver: ExpressionResolver): FrameBound {
  if (typeof edge !== "object" || key.kind === "date" || key.kind === "timestamp" || key.kind === "timestampNtz")
    return edge;
  if (sameType(key, edge.offset.dataType)) return edge;
  const value = constantValue(edge.offset);
  const whole = /^(-?)(\d+)(?:[.]\d*)?$/.exec(String(value ?? ""));
  if (!isIntegral(key) || !whole) return { ...edge, offset: resolver.functions.coerce(edge.offset, key) };
  // A constant stays one: the fraction is cut off, and a size has no sign.
  const [, sign, digits = "0"] = whole;
  const size = key.kind === "long" ? BigInt(digits) : Number(digits);
  return { offset: literal(size, key), preceding: edge.preceding !== (sign === "-") };
}

/** Where a bound is from the current row, in steps; undefined when it is not known now. */
function positionOf(edge: FrameBound, side: number): number | undefined {
  if (edge === "currentRow") return 0;
  if (edge === "unbounded") return side * Infinity;
  const value = constantValue(edge.offset);
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  return edge.preceding ? -Number(value) : Number(value);
}

function unacceptedType(text: string, location: string, type: DataType, unit: string) {
  const expected =
    unit === "rows" ? '"INT"' : '("NUMERIC" or "INTERVAL DAY TO SECOND" or "INTERVAL YEAR TO MONTH" or "INTERVAL")';
  return mismatch(
    "SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE",
    text,
    `The data type of the ${location} bound "${sqlName(type)}" does not match the expected data type ${expected}.`,
    { location, exprType: `"${sqlName(type)}"`, expectedType: expected },
  );
}

function frameText(frame: WindowFrame, resolver: ExpressionResolver): string {
  const shown = (edge: FrameBound, side: string) => {
    if (edge === "unbounded") return `UNBOUNDED ${side}`;
    if (edge === "currentRow") return "CURRENT ROW";
    return `${resolver.display(edge.offset)} ${edge.preceding ? "PRECEDING" : "FOLLOWING"}`;
  };
  return `${frame.unit.toUpperCase()} BETWEEN ${shown(frame.lower, "PRECEDING")} AND ${shown(frame.upper, "FOLLOWING")}`;
}
