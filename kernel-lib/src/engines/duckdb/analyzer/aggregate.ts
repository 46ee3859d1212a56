// groupBy, rollup, cube, grouping sets and pivot.
import { create } from "@bufbuild/protobuf";

import type { Expression as Message } from "../../../generated/spark/connect/expressions_pb.ts";
import { ExpressionSchema } from "../../../generated/spark/connect/expressions_pb.ts";
import type { Aggregate } from "../../../generated/spark/connect/relations_pb.ts";
import { Aggregate_GroupType as GroupType } from "../../../generated/spark/connect/relations_pb.ts";
import { SparkError } from "../../../sql/errors.ts";
import type { Expression } from "../resolved/expression.ts";
import { Aggregation } from "./aggregation.ts";
import { childrenOf, semanticKey, unalias } from "./build.ts";
import type { AnalyzerContext } from "./context.ts";
import { required } from "./expression.ts";
import type { ExpressionResolver } from "./expression.ts";
import { isGroupingCall } from "./grouping.ts";
import { REMAINING_COLUMNS, resolvePivot } from "./pivot.ts";
import { resolverOf, withReachable } from "./project.ts";
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

export async function resolveAggregate(message: Aggregate, input: Scope, context: AnalyzerContext): Promise<Scope> {
  const resolver = resolverOf(input, context);
  const isPivot = message.groupType === GroupType.PIVOT;
  if (isPivot && standsForRest(message.groupingExpressions)) return resolvePivot(message, input, undefined, resolver);
  const groupings = resolver.list(
    message.groupingExpressions.map((grouping) => aliasMeant(grouping, message.aggregateExpressions, resolver)),
  );
  if (isPivot) return resolvePivot(message, input, groupings, resolver);
  const results = resolver.list(message.aggregateExpressions);
  const retained = context.conf("spark.sql.retainGroupColumns") === "false" ? [] : groupings;
  return aggregateColumns(
    input,
    groupings,
    [...retained, ...results],
    groupingSets(message, groupings, resolver),
    context,
  );
}

function standsForRest(groupings: readonly Message[]): boolean {
  const [only] = groupings;
  return only?.exprType.case === "unresolvedFunction" && only.exprType.value.functionName === REMAINING_COLUMNS;
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
    const sqlExpr = `"${resolverOf(input, context).display(grouping)}"`;
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

/** `GROUP BY x` where x is not a column but the name of a result: the result's expression. */
function aliasMeant(grouping: Message, results: readonly Message[], resolver: ExpressionResolver): Message {
  const { exprType } = grouping;
  if (exprType.case === "alias" && exprType.value.expr) {
    const expr = aliasMeant(exprType.value.expr, results, resolver);
    return expr === exprType.value.expr
      ? grouping
      : create(ExpressionSchema, { exprType: { case: "alias", value: { ...exprType.value, expr } } });
  }
  if (exprType.case !== "unresolvedAttribute") return grouping;
  const { unparsedIdentifier: name, planId } = exprType.value;
  if (planId !== undefined) return grouping;
  try {
    resolver.resolve(grouping);
    return grouping;
  } catch (error) {
    if (!(error instanceof SparkError) || !error.code.startsWith("UNRESOLVED_COLUMN")) throw error;
    const plain = name.replace(/^`(.*)`$/, "$1");
    for (const result of results) {
      const { case: kind, value } = result.exprType;
      if (kind === "alias" && resolver.context.sameName(value.name[0] ?? "", plain)) return required(value.expr);
    }
    throw error;
  }
}

function groupingSets(
  message: Aggregate,
  groupings: readonly Expression[],
  resolver: ExpressionResolver,
): readonly (readonly number[])[] | undefined {
  const all = groupings.map((_, i) => i);
  switch (message.groupType) {
    case GroupType.ROLLUP:
      return [...all, all.length].map((_, i) => all.slice(0, all.length - i));
    case GroupType.CUBE:
      return Array.from({ length: 2 ** all.length }, (_, mask) =>
        all.filter((i) => !((mask >> (all.length - 1 - i)) & 1)),
      );
    case GroupType.GROUPING_SETS:
      return message.groupingSets.map((set) =>
        set.groupingSet.map((member) => {
          const key = semanticKey(unalias(resolver.resolve(member)));
          return groupings.findIndex((grouping) => semanticKey(grouping) === key);
        }),
      );
    default:
      return undefined;
  }
}
