// `*`, `t.*`, `struct.*` and column name patterns.
import type { Expression as Message } from "../../../generated/spark/connect/expressions_pb.ts";
import type { Attribute, Expression } from "../resolved/expression.ts";
import { parseExpression } from "../sql/index.ts";
import { alias, reference } from "./build.ts";
import { unresolvedColumn } from "./errors.ts";
import type { ExpressionResolver } from "./expression.ts";
import { extractPath, getField } from "./extract.ts";
import { parseName } from "./names.ts";
import { findAttribute, planColumns } from "./scope.ts";

/** The columns a star or pattern stands for; undefined for any other expression. */
export function expandStar(message: Message, resolver: ExpressionResolver): Expression[] | undefined {
  const { case: kind, value } = message.exprType;
  if (kind === "unresolvedRegex") {
    const among = value.planId === undefined ? resolver.scope.attributes : planColumns(value.planId, resolver.scope);
    return matching(value.colName, among, resolver);
  }
  // As `selectExpr("*", "a + 1")` says it.
  if (kind === "expressionString")
    return /\*\s*$/.test(value.expression) ? expandStar(parseExpression(value.expression), resolver) : undefined;
  if (kind !== "unresolvedStar") return undefined;
  if (value.planId !== undefined) return planColumns(value.planId, resolver.scope).map(reference);
  if (!value.unparsedTarget) return resolver.scope.attributes.map(reference);
  return targeted(parseName(value.unparsedTarget.replace(/\.\*$/, "")), resolver);
}

function targeted(parts: readonly string[], resolver: ExpressionResolver): Expression[] {
  const { sameName } = resolver.context;
  const qualified = resolver.scope.attributes.filter((attribute) => {
    const tail = attribute.qualifier.slice(-parts.length);
    return tail.length === parts.length && tail.every((part, i) => sameName(part, parts[i] as string));
  });
  if (qualified.length > 0) return qualified.map(reference);
  const match = findAttribute(parts, resolver.scope.attributes, sameName);
  if (!match) throw unresolvedColumn([...parts, "*"], resolver.scope.attributes);
  const struct = extractPath(reference(match.attribute), match.rest, resolver.functions, sameName);
  if (struct.dataType.kind !== "struct") throw unresolvedColumn([...parts, "*"], resolver.scope.attributes);
  return struct.dataType.fields.map((field, i) => alias(getField(struct, i), field.name));
}

function matching(pattern: string, among: readonly Attribute[], resolver: ExpressionResolver): Expression[] {
  const quoted = /^(?:`?([^`]+)`?\.)?`(.+)`$/.exec(pattern);
  if (!quoted) return [reference(findOne(pattern, resolver))];
  const [, qualifier, source = ""] = quoted;
  const flags = resolver.context.sameName("a", "A") ? "i" : "";
  const regex = new RegExp(`^(?:${source})$`, flags);
  return among
    .filter((attribute) => regex.test(attribute.name))
    .filter((attribute) => !qualifier || resolver.context.sameName(attribute.qualifier.at(-1) ?? "", qualifier))
    .map(reference);
}

function findOne(name: string, resolver: ExpressionResolver): Attribute {
  const parts = parseName(name);
  const match = findAttribute(parts, resolver.scope.attributes, resolver.context.sameName);
  if (!match) throw unresolvedColumn(parts, resolver.scope.attributes);
  return match.attribute;
}
