// Which columns expressions need, and how often.
import { childrenOf, mapChildren } from "../analyzer/build.ts";
import type { Expression } from "../resolved/expression.ts";

/** Adds the ids of the attributes an expression refers to. */
export function collectReferences(expression: Expression, into: Set<string>): void {
  if (expression.kind === "attribute") into.add(expression.attribute.id);
  for (const part of childrenOf(expression)) collectReferences(part, into);
}

export function referencesOf(expressions: readonly Expression[]): Set<string> {
  const ids = new Set<string>();
  for (const expression of expressions) collectReferences(expression, ids);
  return ids;
}

/** How often each attribute is referred to. */
export function countReferences(expressions: readonly Expression[]): Map<string, number> {
  const counts = new Map<string, number>();
  const visit = (part: Expression): void => {
    if (part.kind === "attribute") counts.set(part.attribute.id, (counts.get(part.attribute.id) ?? 0) + 1);
    childrenOf(part).forEach(visit);
  };
  expressions.forEach(visit);
  return counts;
}

/** The expression with attributes replaced by what computes them. */
export function substitute(expression: Expression, by: ReadonlyMap<string, Expression>): Expression {
  if (expression.kind === "attribute") return by.get(expression.attribute.id) ?? expression;
  return mapChildren(expression, (part) => substitute(part, by));
}
