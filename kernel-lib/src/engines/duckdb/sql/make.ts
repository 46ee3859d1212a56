// Makers of the protocol's messages.
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";

import type { Expression, Expression_Literal } from "../../../generated/spark/connect/expressions_pb.ts";
import { ExpressionSchema } from "../../../generated/spark/connect/expressions_pb.ts";
import type { Relation } from "../../../generated/spark/connect/relations_pb.ts";
import { RelationSchema } from "../../../generated/spark/connect/relations_pb.ts";

type ExpressionKind = NonNullable<MessageInitShape<typeof ExpressionSchema>["exprType"]>;
type RelationKind = NonNullable<MessageInitShape<typeof RelationSchema>["relType"]>;
export type LiteralKind = Exclude<Expression_Literal["literalType"], { case: undefined }>;

export function expressionOf(exprType: ExpressionKind): Expression {
  return create(ExpressionSchema, { exprType });
}

export function relationOf(relType: RelationKind): Relation {
  return create(RelationSchema, { relType });
}

export function column(parts: readonly string[]): Expression {
  const unparsedIdentifier = parts.map((part) => `\`${part.replaceAll("`", "``")}\``).join(".");
  return expressionOf({ case: "unresolvedAttribute", value: { unparsedIdentifier } });
}

export function literalOf(literalType: LiteralKind): Expression {
  return expressionOf({ case: "literal", value: { literalType } });
}

export function text(value: string): Expression {
  return literalOf({ case: "string", value });
}

export function callOf(functionName: string, args: readonly Expression[], isDistinct = false): Expression {
  return expressionOf({
    case: "unresolvedFunction",
    value: { functionName, arguments: [...args], isDistinct },
  });
}

export function named(expr: Expression, ...name: string[]): Expression {
  return expressionOf({ case: "alias", value: { expr, name } });
}

export const star = (): Expression => expressionOf({ case: "unresolvedStar", value: {} });

export function aliased(input: Relation, alias: string): Relation {
  return relationOf({ case: "subqueryAlias", value: { input, alias } });
}
