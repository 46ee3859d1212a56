// Calls of Spark functions that the analyzer itself adds.
import { coerced } from "../functions/coercion.ts";
import type { FunctionDefinition } from "../functions/definition.ts";
import type { AggregateCall, Expression } from "../resolved/expression.ts";
import type { AnalyzerContext } from "./context.ts";
import { constantValue } from "./literal.ts";

export type Caller = (name: string, ...args: readonly Expression[]) => Expression;

function definitionOf(name: string, context: AnalyzerContext): FunctionDefinition {
  const definition = context.lookup(name);
  if (!definition) throw new Error(`The function table has no ${name}.`);
  return definition;
}

export function caller(context: AnalyzerContext): Caller {
  return (name, ...args) => {
    const definition = definitionOf(name, context);
    return { kind: "call", definition, ...definition.resolve(args, resolveContext(context)) };
  };
}

export function aggregateCall(
  name: string,
  args: readonly Expression[],
  context: AnalyzerContext,
  filter?: Expression,
): AggregateCall {
  const definition = definitionOf(name, context);
  const resolution = definition.resolve(args, resolveContext(context));
  return { kind: "aggregate", definition, ...resolution, distinct: false, ...(filter ? { filter } : {}) };
}

export function resolveContext(context: AnalyzerContext) {
  return {
    ansi: context.ansi,
    timeZone: context.timeZone,
    conf: (key: string) => context.conf(key),
    coerce: (expression: Expression, to: Expression["dataType"]) => coerced(expression, to, context),
    constant: constantValue,
  };
}
