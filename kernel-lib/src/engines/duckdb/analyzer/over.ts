// Expressions of a filter or sort, which may name more than the columns of their input: columns under a projection,
// merged join keys, and new aggregates over an aggregate.
import { SparkError } from "../../../sql/errors.ts";
import type { Attribute, Expression } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import { hasAggregate } from "./aggregate-columns.ts";
import { alias, reference } from "./build.ts";
import type { AnalyzerContext } from "./context.ts";
import { ExpressionResolver } from "./expression.ts";
import { project, resolverOf, withReachable } from "./projection.ts";
import type { Scope } from "./scope.ts";

export interface Over {
  readonly expressions: readonly Expression[];
  /** The input, with the columns that the expressions need beside its own. */
  readonly relation: Relation;
  /** Takes those columns away again. */
  restore(relation: Relation): Relation;
}

/** Resolves expressions over an input, widening the input as far as Spark would. */
export function resolveOver(
  input: Scope,
  context: AnalyzerContext,
  resolve: (resolver: ExpressionResolver) => readonly Expression[],
): Over {
  const { relation } = input;
  try {
    const hidden = [...input.merged, ...hiddenColumns(relation)];
    const expressions = resolve(resolverOf(input, context, hidden));
    if (!input.aggregation || !expressions.some(hasAggregate)) {
      const widened = withReachable(relation, hidden, expressions);
      return { expressions, relation: widened, restore: restorer(relation, widened, context) };
    }
  } catch (error) {
    const unresolved = error instanceof SparkError && error.code.startsWith("UNRESOLVED_COLUMN");
    if (!unresolved || !input.aggregation) throw error;
  }
  return overAggregation(input, context, resolve);
}

function overAggregation(
  input: Scope,
  context: AnalyzerContext,
  resolve: (resolver: ExpressionResolver) => readonly Expression[],
): Over {
  const { aggregation, relation } = input;
  if (!aggregation) throw new Error("There is no aggregate to add to.");
  const resolver = new ExpressionResolver(context, {
    attributes: aggregation.input.relation.output,
    fallback: [...aggregation.input.merged, ...relation.output],
    plans: input.plans,
  });
  const added = aggregation.aggregation.add(resolve(resolver).map((expression) => alias(expression, "extra")));
  const widened = aggregation.wrap(aggregation.aggregation.relation());
  return { expressions: added.map(reference), relation: widened, restore: restorer(relation, widened, context) };
}

function restorer(original: Relation, widened: Relation, context: AnalyzerContext): (relation: Relation) => Relation {
  if (original.output.length === widened.output.length) return (relation) => relation;
  return (relation) => project(relation, original.output.map(reference), context);
}

/** What is under the projections of a relation and not in its output. */
function hiddenColumns(relation: Relation): Attribute[] {
  switch (relation.kind) {
    case "project": {
      if (relation.named) return [];
      if (relation.input.kind === "aggregate") return [];
      const present = new Set(relation.output.map((attribute) => attribute.id));
      const nearer = relation.input.output;
      const names = new Set(nearer.map((attribute) => attribute.name.toLowerCase()));
      // The nearest column of a name hides those under it.
      const deeper = hiddenColumns(relation.input).filter((attribute) => !names.has(attribute.name.toLowerCase()));
      return [...nearer, ...deeper].filter((attribute) => !present.has(attribute.id));
    }
    case "filter":
    case "sort":
      return relation.named ? [] : hiddenColumns(relation.input);
    default:
      return [];
  }
}
