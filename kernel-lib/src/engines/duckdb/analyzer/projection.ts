// Projections: which attributes their columns get, and how columns below them are brought back.
import type { Attribute, Expression } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import { childrenOf, reference, unalias } from "./build.ts";
import type { AnalyzerContext } from "./context.ts";
import { outputName } from "./display.ts";
import { ExpressionResolver } from "./expression.ts";
import type { Scope } from "./scope.ts";

/** The resolver for expressions over one input. */
export function resolverOf(
  input: Scope,
  context: AnalyzerContext,
  reachable: readonly Attribute[] = [],
): ExpressionResolver {
  return new ExpressionResolver(context, {
    attributes: input.relation.output,
    fallback: [...input.merged, ...reachable],
    plans: input.plans,
  });
}

/** A projection whose plain references keep their attributes. */
export function project(input: Relation, expressions: readonly Expression[], context: AnalyzerContext): Relation {
  const used = new Set<string>();
  const output = expressions.map((expression): Attribute => {
    const attribute = outputAttribute(expression, used, context);
    used.add(attribute.id);
    return attribute;
  });
  return { kind: "project", input, expressions: expressions.map(unalias), output };
}

function outputAttribute(expression: Expression, used: ReadonlySet<string>, context: AnalyzerContext): Attribute {
  if (expression.kind === "attribute" && !used.has(expression.attribute.id)) return expression.attribute;
  const metadata = metadataOf(expression);
  return {
    id: context.fresh("c"),
    name: outputName(expression, context.timeZone),
    dataType: expression.dataType,
    nullable: expression.nullable,
    qualifier: expression.kind === "attribute" ? expression.attribute.qualifier : [],
    ...(metadata ? { metadata } : {}),
  };
}

function metadataOf(expression: Expression): Attribute["metadata"] {
  if (expression.kind === "alias") return expression.metadata ?? metadataOf(expression.child);
  return expression.kind === "attribute" ? expression.attribute.metadata : undefined;
}

/** The relation with more of its hidden columns in its output, as far as the expressions need them. */
export function withReachable(
  relation: Relation,
  hidden: readonly Attribute[],
  expressions: readonly Expression[],
): Relation {
  if (hidden.length === 0) return relation;
  const present = new Set(relation.output.map((attribute) => attribute.id));
  const needed = new Set<string>();
  const collect = (part: Expression): void => {
    if (part.kind === "attribute" && !present.has(part.attribute.id)) needed.add(part.attribute.id);
    childrenOf(part).forEach(collect);
  };
  expressions.forEach(collect);
  const added = hidden.filter((attribute) => needed.has(attribute.id));
  return added.length === 0 ? relation : expose(relation, added);
}

/** Lets more columns of what is below through: a projection passes them on, a filter or sort just has them. */
function expose(relation: Relation, added: readonly Attribute[]): Relation {
  const output = [...relation.output, ...added];
  switch (relation.kind) {
    case "project": {
      const present = new Set(relation.input.output.map((attribute) => attribute.id));
      const missing = added.filter((attribute) => !present.has(attribute.id));
      const input = missing.length > 0 ? expose(relation.input, missing) : relation.input;
      return { ...relation, input, expressions: [...relation.expressions, ...added.map(reference)], output };
    }
    case "filter":
    case "sort":
    case "limit":
    case "sample":
      return { ...relation, input: expose(relation.input, added), output };
    default:
      throw new Error(`Columns below a ${relation.kind} cannot be reached.`);
  }
}
