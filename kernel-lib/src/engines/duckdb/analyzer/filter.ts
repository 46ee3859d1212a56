// where, and HAVING: a filter over an aggregate may aggregate, too.
import type { Expression as Message } from "../../../generated/spark/connect/expressions_pb.ts";
import type { Expression } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import { coerced } from "../functions/coercion.ts";
import { unalias, visitExpression } from "./build.ts";
import type { AnalyzerContext } from "./context.ts";
import { filterNotBoolean, invalidWhere } from "./errors.ts";
import { resolveOver } from "./over.ts";
import { resolverOf } from "./projection.ts";
import type { Scope } from "./scope.ts";
import { overScope } from "./scope.ts";

export function resolveFilter(input: Scope, message: Message, context: AnalyzerContext): Scope {
  const over = resolveOver(input, context, (resolver) => [unalias(resolver.resolve(message))]);
  const condition = asCondition(
    over.expressions[0] as Expression,
    context,
    resolverOf(input, context).display.bind(resolverOf(input, context)),
  );
  const filter = (relation: Relation): Relation => ({
    kind: "filter",
    input: relation,
    condition,
    output: relation.output,
  });
  const relation = over.restore(filter(over.relation));
  const { aggregation } = input;
  return {
    ...overScope(input, relation, input.merged),
    ...(aggregation ? { aggregation: { ...aggregation, wrap: (below) => filter(aggregation.wrap(below)) } } : {}),
  };
}

function asCondition(
  expression: Expression,
  context: AnalyzerContext,
  text: (expression: Expression) => string,
): Expression {
  const forbidden = (part: Expression) =>
    part.kind === "aggregate" ||
    part.kind === "window" ||
    (part.kind === "call" && part.definition.kind === "generator");
  const found: string[] = [];
  visitExpression(expression, (part) => {
    if (forbidden(part)) found.push(text(part));
  });
  if (found.length > 0) throw invalidWhere(text(expression), found);
  const type = expression.dataType;
  if (type.kind === "null") return coerced(expression, { kind: "boolean" }, context);
  if (type.kind !== "boolean") throw filterNotBoolean(text(expression), type);
  return expression;
}
