// groupBy, rollup, cube, grouping sets and pivot.
import { create } from "@bufbuild/protobuf";

import type { Expression as Message } from "../../../generated/spark/connect/expressions_pb.ts";
import { ExpressionSchema } from "../../../generated/spark/connect/expressions_pb.ts";
import type { Aggregate } from "../../../generated/spark/connect/relations_pb.ts";
import { Aggregate_GroupType as GroupType } from "../../../generated/spark/connect/relations_pb.ts";
import { SparkError } from "../../../sql/errors.ts";
import type { Expression } from "../resolved/expression.ts";
import { aggregateColumns } from "./aggregate-columns.ts";
import { semanticKey, unalias } from "./build.ts";
import type { AnalyzerContext } from "./context.ts";
import { required } from "./required.ts";
import type { ExpressionResolver } from "./expression.ts";
import { resolvePivot } from "./pivot.ts";
import { resolverOf } from "./projection.ts";
import type { Scope } from "./scope.ts";
import { REMAINING_COLUMNS } from "../sql/internal-calls.ts";

export async function resolveAggregate(message: Aggregate, input: Scope, context: AnalyzerContext): Promise<Scope> {
  const resolver = resolverOf(input, context);
  const isPivot = message.groupType === GroupType.PIVOT;
  if (isPivot && standsForRest(message.groupingExpressions)) return resolvePivot(message, input, undefined, resolver);
  const groupings = resolver.list(
    message.groupingExpressions.map((grouping) => aliasMeant(grouping, message.aggregateExpressions, resolver)),
  );
  if (isPivot) return resolvePivot(message, input, groupings, resolver);
  const results = resolver.selectList(message.aggregateExpressions);
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
