// How higher-order functions call their lambdas.
import type { Expression, Lambda } from "../resolved/expression.ts";
import type { EmitContext } from "./definition.ts";
import { unsupported } from "./type-errors.ts";

export function lambdaAt(args: readonly Expression[], position: number): Lambda {
  const arg = args[position];
  if (arg?.kind !== "lambda")
    throw unsupported("This higher-order function without a lambda", "Give it a lambda such as x -> x + 1.");
  return arg;
}

/**
 * SQL of a lambda's body for values given as SQL: each is bound to its parameter's name.
 * Values that are a parameter of an enclosing DuckDB lambda are bound by a list of one.
 */
export function apply(lambda: Lambda, values: readonly string[], context: EmitContext): string {
  const body = context.sql(lambda.body);
  return lambda.parameters.reduceRight(
    (inner, parameter, i) => `list_transform([${values[i] ?? "NULL"}], lambda ${parameter.id}: ${inner})[1]`,
    body,
  );
}
