// describe and summary: one row for each statistic, as text.
import type { StatDescribe, StatSummary } from "../../../generated/spark/connect/relations_pb.ts";
import { SparkError } from "../../../sql/errors.ts";
import { coerced } from "../functions/coercion.ts";
import { isNumeric } from "../functions/kinds.ts";
import type { Attribute, Expression } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import { aggregateColumns } from "./aggregate-columns.ts";
import { alias, literal, reference } from "./build.ts";
import { aggregateCall } from "./caller.ts";
import { namedColumns } from "./columns.ts";
import type { AnalyzerContext } from "./context.ts";
import type { Scope } from "./scope.ts";
import { overScope } from "./scope.ts";

const DESCRIBED = ["count", "mean", "stddev", "min", "max"];
const SUMMARIZED = ["count", "mean", "stddev", "min", "25%", "50%", "75%", "max"];

function describable(attribute: Attribute): boolean {
  return isNumeric(attribute.dataType) || attribute.dataType.kind === "string";
}

export function resolveDescribe(message: StatDescribe, input: Scope, context: AnalyzerContext): Scope {
  const named = message.cols.length > 0 ? namedColumns(message.cols, input, context) : input.relation.output;
  return statistics(input, named.filter(describable), DESCRIBED, context);
}

export function resolveSummary(message: StatSummary, input: Scope, context: AnalyzerContext): Scope {
  const names = message.statistics.length > 0 ? message.statistics : SUMMARIZED;
  return statistics(input, input.relation.output.filter(describable), names, context);
}

/** Each statistic is an aggregate of its own over the input; DuckDB reads the input once for each. */
function statistics(
  input: Scope,
  columns: readonly Attribute[],
  names: readonly string[],
  context: AnalyzerContext,
): Scope {
  const rows = names.map((name) => {
    const cells = columns.map((column) => alias(text(statistic(name, column, context), context), column.name));
    const label = alias(literal(name, { kind: "string" }), "summary");
    const counted = alias(text(aggregateCall("count", [literal(1, { kind: "integer" })], context), context), "rows");
    const { relation } = aggregateColumns(input, [], [label, ...cells, counted], undefined, context);
    return relation;
  });
  const union = rows.reduce((left, right): Relation => ({
    kind: "setOperation",
    type: "union",
    all: true,
    left,
    right,
    output: left.output,
  }));
  const output = union.output.map((attribute) => ({ ...attribute, nullable: true }));
  const kept = output.slice(0, -1);
  return overScope(input, {
    kind: "project",
    input: { ...union, output },
    expressions: kept.map(reference),
    output: kept,
  });
}

function text(expression: Expression, context: AnalyzerContext): Expression {
  return coerced(expression, { kind: "string" }, context);
}

function statistic(name: string, column: Attribute, context: AnalyzerContext): Expression {
  const value = reference(column);
  const number: Expression = isNumeric(column.dataType)
    ? value
    : { kind: "cast", child: value, mode: "try", explicit: false, dataType: { kind: "double" }, nullable: true };
  const lower = name.toLowerCase();
  if (lower === "count" || lower === "min" || lower === "max") return aggregateCall(lower, [value], context);
  if (lower === "mean") return aggregateCall("avg", [number], context);
  if (lower === "stddev") return aggregateCall("stddev", [number], context);
  if (lower === "count_distinct") return { ...aggregateCall("count", [value], context), distinct: true };
  if (lower === "approx_count_distinct") return aggregateCall("approx_count_distinct", [value], context);
  const percent = /^([\d.]+)%$/.exec(lower);
  if (percent) {
    const share = literal(Number(percent[1]) / 100, { kind: "double" });
    return aggregateCall("percentile_approx", [number, share], context);
  }
  throw new SparkError(
    "UNRECOGNIZED_STATISTIC",
    `The statistic \`${name}\` is not recognized. Valid statistics include \`count\`, \`count_distinct\`, \`approx_count_distinct\`, \`mean\`, \`stddev\`, \`min\`, \`max\`, and percentile values.`,
    {
      sqlState: "42704",
      messageParameters: { stats: `\`${name}\`` },
    },
  );
}
