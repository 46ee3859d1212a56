// union, intersect and except, by position or by name.
import type { SetOperation as Message } from "../../../generated/spark/connect/relations_pb.ts";
import { SetOperation_SetOpType as Type } from "../../../generated/spark/connect/relations_pb.ts";
import type { DataType } from "../../../sql/types/data-type.ts";
import { coerced, commonType } from "../functions/coercion.ts";
import { sameType } from "../functions/kinds.ts";
import type { Attribute, Expression } from "../resolved/expression.ts";
import type { Relation, SetOperation } from "../resolved/relation.ts";
import { alias, literal, reference } from "./build.ts";
import { attributesNamed } from "./columns.ts";
import type { AnalyzerContext } from "./context.ts";
import { incompatibleColumnType, numColumnsMismatch, unresolvedColumn } from "./errors.ts";
import { project } from "./projection.ts";
import type { Scope } from "./scope.ts";
import { joinPlans } from "./scope.ts";

const KINDS: Readonly<Partial<Record<Type, SetOperation["type"]>>> = {
  [Type.UNION]: "union",
  [Type.INTERSECT]: "intersect",
  [Type.EXCEPT]: "except",
};

export function resolveSetOperation(message: Message, left: Scope, right: Scope, context: AnalyzerContext): Scope {
  const type = KINDS[message.setOpType] ?? "union";
  const all = message.isAll ?? type === "union";
  const operator = `${type.toUpperCase()}${all && type !== "union" ? " ALL" : ""}`;
  const sides = message.byName
    ? byName(left, right, message.allowMissingColumns ?? false, context)
    : { left: left.relation.output.map(reference), right: right.relation.output.map(reference) };
  if (sides.left.length !== sides.right.length)
    throw numColumnsMismatch(operator, sides.left.length, sides.right.length);
  const types = sides.left.map((column, i): DataType => {
    const other = (sides.right[i] as Expression).dataType;
    const common = commonType(column.dataType, other, context.ansi);
    if (!common) throw incompatibleColumnType(operator, i + 1, other, column.dataType);
    return common;
  });
  const leftInput = widened(left.relation, sides.left, types, context);
  const rightInput = widened(right.relation, sides.right, types, context);
  const output = leftInput.output.map((attribute, i): Attribute => {
    const other = (rightInput.output[i] as Attribute).nullable;
    const nullable = {
      union: attribute.nullable || other,
      intersect: attribute.nullable && other,
      except: attribute.nullable,
    }[type];
    return { ...attribute, dataType: types[i] as DataType, nullable, qualifier: [] };
  });
  // A DataFrame on both sides is no longer one place to take a column from.
  for (const id of left.plans.keys())
    if (right.plans.has(id)) {
      left.plans.delete(id);
      right.plans.delete(id);
    }
  const operation: Relation = { kind: "setOperation", type, all, left: leftInput, right: rightInput, output };
  return { relation: operation, ...joinPlans(left, right), merged: [] };
}

/** The relation with its columns cast to the types; itself when nothing changes. */
function widened(
  relation: Relation,
  columns: readonly Expression[],
  types: readonly DataType[],
  context: AnalyzerContext,
): Relation {
  const same = columns.every(
    (column, i) =>
      column.kind === "attribute" &&
      column.attribute.id === relation.output[i]?.id &&
      sameType(column.dataType, types[i] as DataType),
  );
  if (same && columns.length === relation.output.length) return relation;
  const expressions = columns.map((column, i) => {
    const to = types[i] as DataType;
    if (sameType(column.dataType, to)) return column;
    const name =
      column.kind === "attribute" ? column.attribute.name : column.kind === "alias" ? (column.names[0] as string) : "";
    return alias(coerced(column.kind === "alias" ? column.child : column, to, context), name);
  });
  return project(relation, expressions, context);
}

function byName(
  left: Scope,
  right: Scope,
  allowMissing: boolean,
  context: AnalyzerContext,
): { left: Expression[]; right: Expression[] } {
  const missing = (attribute: Attribute): Expression => alias(literal(null, { kind: "null" }), attribute.name);
  const rightColumns = left.relation.output.map((attribute): Expression => {
    const [match] = attributesNamed(attribute.name, right, context);
    if (!match && !allowMissing) throw unresolvedColumn([attribute.name], right.relation.output);
    return match ? reference(match) : missing(attribute);
  });
  const onlyRight = right.relation.output.filter(
    (attribute) => attributesNamed(attribute.name, left, context).length === 0,
  );
  return {
    left: [...left.relation.output.map(reference), ...(allowMissing ? onlyRight.map(missing) : [])],
    right: [...rightColumns, ...onlyRight.map(reference)],
  };
}
