// Columns over an aggregate.
import { SparkError } from "../../../sql/errors.ts";
import type { Expression } from "../resolved/expression.ts";
import { Aggregation } from "./aggregation.ts";
import { childrenOf } from "./build.ts";
import type { AnalyzerContext } from "./context.ts";
import { display } from "./display.ts";
import { isGroupingCall } from "./grouping.ts";
import { withReachable } from "./projection.ts";
import type { Scope } from "./scope.ts";
import { overScope } from "./scope.ts";

/** Whether an aggregate is computed in it; one that is computed over a window does not count. */
export function hasAggregate(expression: Expression): boolean {
  if (expression.kind === "aggregate" || isGroupingCall(expression)) return true;
  if (expression.kind === "window") {
    const parts = childrenOf(expression).flatMap((part) => (part === expression.function ? childrenOf(part) : [part]));
    return parts.some(hasAggregate);
  }
  return childrenOf(expression).some(hasAggregate);
}

export function aggregateColumns(
  input: Scope,
  groupings: readonly Expression[],
  results: readonly Expression[],
  sets: readonly (readonly number[])[] | undefined,
  context: AnalyzerContext,
): Scope {
  for (const grouping of groupings) {
    if (!hasAggregate(grouping)) continue;
    const sqlExpr = display(grouping, context.timeZone);
    throw new SparkError(
      "GROUP_BY_AGGREGATE",
      `Aggregate functions are not allowed in GROUP BY, but found ${sqlExpr}.`,
      {
        sqlState: "42903",
        messageParameters: { sqlExpr },
      },
    );
  }
  const below = withReachable(input.relation, input.merged, [...groupings, ...results]);
  const aggregation = new Aggregation(below, groupings, sets, context);
  aggregation.add(results);
  const scope = overScope(input, aggregation.relation());
  return { ...scope, aggregation: { aggregation, input, wrap: (relation) => relation } };
}
