// Select lists: plain columns, generators, and aggregates without a groupBy.
import type { Expression as Message } from "../../../generated/spark/connect/expressions_pb.ts";
import type { Attribute, Call, Expression } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import { aggregateColumns, hasAggregate } from "./aggregate.ts";
import { childrenOf, reference, someExpression, unalias } from "./build.ts";
import { isGenerator } from "./call.ts";
import type { AnalyzerContext } from "./context.ts";
import { display, outputName } from "./display.ts";
import { aliasCount, nestedGenerator } from "./errors.ts";
import { ExpressionResolver } from "./expression.ts";
import type { Scope } from "./scope.ts";
import { overScope } from "./scope.ts";

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

export function resolveProject(input: Scope, messages: readonly Message[], context: AnalyzerContext): Scope {
  return projectColumns(input, resolverOf(input, context).list(messages), context);
}

/** The relation with the given columns: aggregated when one of them aggregates, generated when one is a generator. */
export function projectColumns(input: Scope, expressions: readonly Expression[], context: AnalyzerContext): Scope {
  for (const expression of expressions) {
    const top = unalias(expression);
    const parts = isGenerator(top) ? childrenOf(top) : [top];
    if (parts.some((part) => someExpression(part, isGenerator))) throw nestedGenerator(display(top, context.timeZone));
  }
  if (expressions.some(hasAggregate)) return aggregateColumns(input, [], expressions, undefined, context);
  if (expressions.some((expression) => isGenerator(unalias(expression)))) return generate(input, expressions, context);
  return overScope(input, project(reaching(input, expressions), expressions, context));
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

/** The input, with the merged key columns of a join brought back where an expression names them. */
function reaching(input: Scope, expressions: readonly Expression[]): Relation {
  return withReachable(input.relation, input.merged, expressions);
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

/** Several generators give every combination of their rows. */
function generate(input: Scope, expressions: readonly Expression[], context: AnalyzerContext): Scope {
  let relation = reaching(input, expressions);
  const columns = expressions.flatMap((expression) => {
    const call = unalias(expression);
    if (!isGenerator(call)) return [expression];
    const names = expression.kind === "alias" ? expression.names : [];
    const generated = generatedAttributes(call as Call, names, context);
    const outer = (call as Call).definition.name.endsWith("_outer");
    const output = [...relation.output, ...generated];
    relation = { kind: "generate", input: relation, generator: call, outer, generated, output };
    return generated.map(reference);
  });
  return overScope(input, project(relation, columns, context));
}

function generatedAttributes(call: Call, names: readonly string[], context: AnalyzerContext): Attribute[] {
  const fields = call.definition.generated?.(call.args) ?? [];
  if (names.length > 0 && names.length !== fields.length) throw aliasCount(names.length, fields.length);
  return fields.map((field, i) => ({
    id: context.fresh("c"),
    name: names[i] ?? field.name,
    dataType: field.dataType,
    nullable: field.nullable,
    qualifier: [],
  }));
}
