// Select lists: plain columns, generators, and aggregates without a groupBy.
import type { Expression as Message } from "../../../generated/spark/connect/expressions_pb.ts";
import type { Attribute, Call, Expression } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import { aggregateColumns, hasAggregate } from "./aggregate-columns.ts";
import { childrenOf, isGenerator, reference, someExpression, unalias } from "./build.ts";
import type { AnalyzerContext } from "./context.ts";
import { display } from "./display.ts";
import { aliasCount, nestedGenerator } from "./errors.ts";
import { project, resolverOf, withReachable } from "./projection.ts";
import type { Scope } from "./scope.ts";
import { overScope } from "./scope.ts";

export function resolveProject(input: Scope, messages: readonly Message[], context: AnalyzerContext): Scope {
  return projectColumns(input, resolverOf(input, context).selectList(messages), context);
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

/** The input, with the merged key columns of a join brought back where an expression names them. */
function reaching(input: Scope, expressions: readonly Expression[]): Relation {
  return withReachable(input.relation, input.merged, expressions);
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
  if (names.length > 0 && names.length !== fields.length) throw aliasCount(names, fields.length);
  return fields.map((field, i) => ({
    id: context.fresh("c"),
    name: names[i] ?? field.name,
    dataType: field.dataType,
    nullable: field.nullable,
    qualifier: [],
  }));
}
