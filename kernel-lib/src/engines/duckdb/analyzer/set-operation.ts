// union, intersect and except, by position or by name.
import type { SetOperation as Message } from "../../../generated/spark/connect/relations_pb.ts";
import { SetOperation_SetOpType as Type } from "../../../generated/spark/connect/relations_pb.ts";
import type { DataType, StructField } from "../../../sql/types/data-type.ts";
import { coerced, commonType } from "../functions/coercion.ts";
import { sameType } from "../functions/kinds.ts";
import { duckdbType } from "../types.ts";
import type { Attribute, Expression } from "../resolved/expression.ts";
import type { Relation, SetOperation } from "../resolved/relation.ts";
import { alias, literal, reference } from "./build.ts";
import { attributesNamed } from "./columns.ts";
import type { AnalyzerContext } from "./context.ts";
import { incompatibleColumnType, missingInUnion, numColumnsMismatch } from "./errors.ts";
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
    const common = sameShape(column.dataType, other) ?? commonType(column.dataType, other, context.ansi);
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

/** The first type, as nullable as either, when the second differs only in the names of fields. */
function sameShape(a: DataType, b: DataType): DataType | undefined {
  if (a.kind === "array" && b.kind === "array") {
    const elementType = sameShape(a.elementType, b.elementType);
    return elementType && { kind: "array", elementType, containsNull: a.containsNull || b.containsNull };
  }
  if (a.kind === "map" && b.kind === "map") {
    const keyType = sameShape(a.keyType, b.keyType);
    const valueType = sameShape(a.valueType, b.valueType);
    const valueContainsNull = a.valueContainsNull || b.valueContainsNull;
    return keyType && valueType && { kind: "map", keyType, valueType, valueContainsNull };
  }
  if (a.kind === "struct" && b.kind === "struct" && a.fields.length === b.fields.length) {
    const fields = a.fields.flatMap((field, i) => {
      const other = b.fields[i] as StructField;
      const dataType = sameShape(field.dataType, other.dataType);
      return dataType ? [{ name: field.name, dataType, nullable: field.nullable || other.nullable }] : [];
    });
    return fields.length === a.fields.length ? { kind: "struct", fields } : undefined;
  }
  return sameType(a, b) ? a : undefined;
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
      duckdbType(column.dataType) === duckdbType(types[i] as DataType),
  );
  if (same && columns.length === relation.output.length) return relation;
  const expressions = columns.map((column, i) => {
    const to = types[i] as DataType;
    if (duckdbType(column.dataType) === duckdbType(to)) return column;
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
    if (!match && !allowMissing) throw missingInUnion(attribute.name, right.relation.output);
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
