// The names Spark gives to columns without an alias, and the text of expressions in its messages.
import { sqlName } from "../../../sql/types/index.ts";
import type { DataType } from "../../../sql/types/data-type.ts";
import { dayTimeText, yearMonthText } from "../casts/interval.ts";
import type { Expression, FrameBound, Literal, LiteralValue, SortKey, WindowCall } from "../resolved/expression.ts";
import { constantValue } from "./literal.ts";
import { dateText, localTime } from "./local-time.ts";

/** Spark's pretty text of an expression; casts that type coercion added do not show. */
export function display(expression: Expression, timeZone = "UTC"): string {
  const text = (part: Expression) => display(part, timeZone);
  switch (expression.kind) {
    case "literal":
      return literalText(expression, timeZone);
    case "attribute":
      return expression.attribute.name;
    case "variable":
      return "namedlambdavariable()";
    case "lambda":
      return `lambdafunction(${[expression.body, ...expression.parameters].map(text).join(", ")})`;
    case "alias":
      return expression.names.length === 1
        ? `${text(expression.child)} AS ${expression.names[0]}`
        : text(expression.child);
    case "cast": {
      if (!expression.explicit) return text(expression.child);
      const name = expression.mode === "try" ? "TRY_CAST" : "CAST";
      return `${name}(${text(expression.child)} AS ${sqlName(expression.dataType)})`;
    }
    case "field": {
      const struct = expression.child.dataType;
      const field = struct.kind === "struct" ? struct.fields[expression.ordinal]?.name : undefined;
      return `${text(expression.child)}.${field}`;
    }
    case "call":
    case "aggregate": {
      const distinct = expression.kind === "aggregate" && expression.distinct;
      const args = expression.args.map(text);
      const call =
        expression.definition.display?.(args, { distinct, args: expression.args }) ??
        `${expression.definition.name}(${distinct ? "DISTINCT " : ""}${args.join(", ")})`;
      const filter = expression.kind === "aggregate" ? expression.filter : undefined;
      return filter ? `${call} FILTER (WHERE ${text(filter)})` : call;
    }
    case "window":
      return `${text(expression.function)} OVER (${windowText(expression, text)})`;
  }
}

/** The name of the column that an expression makes in a select list. */
export function outputName(expression: Expression, timeZone: string): string {
  if (expression.kind === "alias") return expression.names[0] as string;
  if (expression.kind === "attribute") return expression.attribute.name;
  if (expression.kind === "cast" && (expression.child.kind === "attribute" || expression.child.kind === "alias"))
    return outputName(expression.child, timeZone);
  return display(expression, timeZone);
}

function windowText(window: WindowCall, text: (part: Expression) => string): string {
  const parts: string[] = [];
  if (window.partitionBy.length > 0) parts.push(`PARTITION BY ${window.partitionBy.map(text).join(", ")}`);
  if (window.orderBy.length > 0) parts.push(`ORDER BY ${window.orderBy.map((key) => sortText(key, text)).join(", ")}`);
  parts.push(frameText(window, text));
  return parts.join(" ");
}

export function sortText(key: SortKey, text: (part: Expression) => string): string {
  return `${text(key.child)} ${key.ascending ? "ASC" : "DESC"} NULLS ${key.nullsFirst ? "FIRST" : "LAST"}`;
}

const RANKING = new Set(["row_number", "rank", "dense_rank", "percent_rank", "ntile"]);

function frameText(window: WindowCall, text: (part: Expression) => string): string {
  const { frame } = window;
  const called = window.function.definition.name;
  if (called === "lag" || called === "lead") {
    const offset = window.function.args[1];
    const constant = offset ? constantValue(offset) : 1;
    const rows = called === "lag" && typeof constant === "number" ? String(-constant) : offset ? text(offset) : "1";
    return `ROWS BETWEEN ${rows} FOLLOWING AND ${rows} FOLLOWING`;
  }
  const bound = (edge: FrameBound, side: "PRECEDING" | "FOLLOWING") => {
    if (edge === "unbounded") return `UNBOUNDED ${side}`;
    if (edge === "currentRow") return "CURRENT ROW";
    return `${edge.preceding ? "-" : ""}${text(edge.offset)} FOLLOWING`;
  };
  if (frame)
    return `${frame.unit.toUpperCase()} BETWEEN ${bound(frame.lower, "PRECEDING")} AND ${bound(frame.upper, "FOLLOWING")}`;
  if (RANKING.has(called)) return "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";
  if (window.orderBy.length > 0) return "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";
  return "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING";
}

function literalText(expression: Literal, timeZone: string): string {
  return valueText(expression.value, expression.dataType, timeZone);
}

function valueText(value: LiteralValue, type: DataType, timeZone: string): string {
  if (value === null) return "NULL";
  switch (type.kind) {
    case "float":
    case "double":
      return javaDouble(value as number, type.kind === "float");
    case "date":
      return `DATE '${isoDate(value as number)}'`;
    case "timestamp":
      return `TIMESTAMP '${localTime(value as bigint, timeZone)}'`;
    case "timestampNtz":
      return `TIMESTAMP_NTZ '${localTime(value as bigint, "UTC")}'`;
    case "binary":
      return `X'${Buffer.from(value as Uint8Array)
        .toString("hex")
        .toUpperCase()}'`;
    case "array":
      return `ARRAY(${(value as readonly LiteralValue[]).map((element) => valueText(element, type.elementType, timeZone)).join(", ")})`;
    case "map": {
      const entries = value as readonly (readonly [LiteralValue, LiteralValue])[];
      return `MAP(${entries
        .map(([key, item]) => `${valueText(key, type.keyType, timeZone)}, ${valueText(item, type.valueType, timeZone)}`)
        .join(", ")})`;
    }
    case "struct":
      return `NAMED_STRUCT(${type.fields
        .map(
          (field, i) =>
            `'${field.name}', ${valueText((value as readonly LiteralValue[])[i] ?? null, field.dataType, timeZone)}`,
        )
        .join(", ")})`;
    case "dayTimeInterval":
      return dayTimeText(value as bigint, type.startField, type.endField);
    case "yearMonthInterval":
      return yearMonthText(value as number, type.startField, type.endField);
    default:
      return String(value);
  }
}

export function isoDate(days: number): string {
  return dateText(days * 86_400_000);
}

/** Java's `Double.toString`: `1.0`, `1.0E10`, `1.0E-5`. */
export function javaDouble(value: number, single = false): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const digits = single ? shortestSingle(value) : value;
  const size = Math.abs(digits);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(digits) ? `${digits}.0` : String(digits);
  const [mantissa = "", exponent = ""] = digits.toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/** The number with the fewest digits that is the same single-precision value. */
function shortestSingle(value: number): number {
  for (let precision = 1; precision < 10; precision += 1) {
    const candidate = Number(value.toPrecision(precision));
    if (Math.fround(candidate) === Math.fround(value)) return candidate;
  }
  return value;
}
