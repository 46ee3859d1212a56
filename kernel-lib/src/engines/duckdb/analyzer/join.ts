// Joins on a condition or on columns of the same name.
import type { Join as Message } from "../../../generated/spark/connect/relations_pb.ts";
import { Join_JoinType as Type } from "../../../generated/spark/connect/relations_pb.ts";
import { SparkError, unsupported } from "../../../sql/errors.ts";
import { coerced } from "../functions/coercion.ts";
import type { Attribute, Expression } from "../resolved/expression.ts";
import type { JoinType, Relation } from "../resolved/relation.ts";
import { alias, reference, unalias } from "./build.ts";
import type { AnalyzerContext } from "./context.ts";
import { attributesNamed } from "./columns.ts";
import { joinConditionNotBoolean } from "./errors.ts";
import { ExpressionResolver } from "./expression.ts";
import { quoteName } from "./names.ts";
import { project } from "./projection.ts";
import type { Plans, Scope } from "./scope.ts";
import { joinPlans } from "./scope.ts";

const TYPES: Readonly<Partial<Record<Type, JoinType>>> = {
  [Type.UNSPECIFIED]: "inner",
  [Type.INNER]: "inner",
  [Type.FULL_OUTER]: "full",
  [Type.LEFT_OUTER]: "left",
  [Type.RIGHT_OUTER]: "right",
  [Type.LEFT_ANTI]: "leftAnti",
  [Type.LEFT_SEMI]: "leftSemi",
  [Type.CROSS]: "cross",
};

export function resolveJoin(message: Message, left: Scope, right: Scope, context: AnalyzerContext): Scope {
  const type = TYPES[message.joinType];
  if (!type) throw unsupported("This type of join", "Use inner, left, right, full, semi, anti or cross.");
  const { plans, level } = joinPlans(left, right);
  const resolver = new ExpressionResolver(context, {
    attributes: [...left.relation.output, ...right.relation.output],
    fallback: [...left.merged, ...right.merged],
    plans,
  });
  const pairs = message.usingColumns.map((name) => pairOf(name, left, right, context));
  const condition =
    pairs.length > 0 ? equalities(pairs, resolver) : message.joinCondition && conditionOf(message, resolver);
  const join = joined(left.relation, right.relation, type, condition);
  const onlyLeft = type === "leftSemi" || type === "leftAnti";
  if (pairs.length === 0) return { relation: join, plans, level, merged: [] };
  if (onlyLeft) return { relation: keysFirst(join, pairs, context), plans, level, merged: [] };
  const merge = mergeKeys(join, pairs, type, resolver);
  if (type === "full") repoint(plans, pairs, merge.relation.output);
  return { ...merge, plans, level };
}

function joined(left: Relation, right: Relation, type: JoinType, condition: Expression | undefined): Relation {
  const nullable = (attributes: readonly Attribute[], outer: boolean) =>
    outer ? attributes.map((attribute) => ({ ...attribute, nullable: true })) : attributes;
  const leftOutput = nullable(left.output, type === "right" || type === "full");
  const rightOutput = nullable(right.output, type === "left" || type === "full");
  const output = type === "leftSemi" || type === "leftAnti" ? left.output : [...leftOutput, ...rightOutput];
  return { kind: "join", left, right, type, ...(condition ? { condition } : {}), output };
}

function conditionOf(message: Message, resolver: ExpressionResolver): Expression | undefined {
  if (!message.joinCondition) return undefined;
  const condition = unalias(resolver.resolve(message.joinCondition));
  if (condition.dataType.kind === "null") return coerced(condition, { kind: "boolean" }, resolver.context);
  if (condition.dataType.kind !== "boolean")
    throw joinConditionNotBoolean(resolver.display(condition), condition.dataType);
  return condition;
}

interface Pair {
  readonly name: string;
  readonly left: Attribute;
  readonly right: Attribute;
}

function pairOf(name: string, left: Scope, right: Scope, context: AnalyzerContext): Pair {
  const find = (scope: Scope, side: string) => {
    const matches = attributesNamed(name, scope, context);
    // Spark takes the first of several columns with the name.
    const [match] = matches;
    if (!match) {
      const names = scope.relation.output.map((attribute) => attribute.name);
      const suggestion = [...names]
        .sort()
        .map((candidate) => quoteName([candidate]))
        .join(", ");
      throw new SparkError(
        "UNRESOLVED_USING_COLUMN_FOR_JOIN",
        `USING column ${quoteName([name])} cannot be resolved on the ${side} side of the join. The ${side}-side columns: [${suggestion}].`,
        { sqlState: "42703", messageParameters: { colName: quoteName([name]), side, suggestion } },
      );
    }
    return match;
  };
  return { name, left: find(left, "left"), right: find(right, "right") };
}

function equalities(pairs: readonly Pair[], resolver: ExpressionResolver): Expression {
  const call = (name: string, args: readonly Expression[]): Expression => {
    const definition = resolver.context.lookup(name);
    if (!definition) throw new Error(`The function table has no ${name}.`);
    return { kind: "call", definition, ...definition.resolve(args, resolver.functions) };
  };
  return pairs
    .map((pair) => call("==", [reference(pair.left), reference(pair.right)]))
    .reduce((all, one) => call("and", [all, one]));
}

/** After a full join a DataFrame's key column means the merged one. */
function repoint(plans: Plans, pairs: readonly Pair[], output: readonly Attribute[]): void {
  const merged = new Map(
    pairs.flatMap((pair, i) => [pair.left.id, pair.right.id].map((id) => [id, output[i] as Attribute])),
  );
  for (const [id, outputs] of plans)
    plans.set(
      id,
      outputs.map((entry) => ({
        ...entry,
        attributes: entry.attributes.map((attribute) => ({
          ...(merged.get(attribute.id) ?? attribute),
          name: attribute.name,
        })),
      })),
    );
}

function keysFirst(join: Relation, pairs: readonly Pair[], context: AnalyzerContext): Relation {
  const keys = pairs.map((pair) => pair.left);
  const others = join.output.filter((attribute) => !keys.some((key) => key.id === attribute.id));
  return project(join, [...keys, ...others].map(reference), context);
}

/** One key column for each pair, first; then the others. The merged columns stay reachable by their DataFrame. */
function mergeKeys(
  join: Relation,
  pairs: readonly Pair[],
  type: JoinType,
  resolver: ExpressionResolver,
): Pick<Scope, "relation" | "merged"> {
  const outer = new Map(join.output.map((attribute) => [attribute.id, attribute]));
  const now = (attribute: Attribute) => outer.get(attribute.id) as Attribute;
  const keys = pairs.map((pair): Expression => {
    if (type === "right") return reference(now(pair.right));
    if (type !== "full") return reference(now(pair.left));
    const coalesce = resolver.context.lookup("coalesce");
    if (!coalesce) throw new Error("The function table has no coalesce.");
    const resolution = coalesce.resolve([reference(now(pair.left)), reference(now(pair.right))], resolver.functions);
    const nullable = pair.left.nullable || pair.right.nullable;
    return alias({ kind: "call", definition: coalesce, ...resolution, nullable }, pair.left.name);
  });
  const mergedIds = new Set(pairs.flatMap((pair) => [pair.left.id, pair.right.id]));
  const others = join.output.filter((attribute) => !mergedIds.has(attribute.id));
  const relation = project(join, [...keys, ...others.map(reference)], resolver.context);
  const present = new Set(relation.output.map((attribute) => attribute.id));
  return { relation, merged: join.output.filter((attribute) => !present.has(attribute.id)) };
}
