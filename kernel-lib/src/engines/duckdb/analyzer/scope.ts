// Which columns an expression can name: the input's attributes, those it can still reach, and what plan ids mean.
import type { Attribute } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import type { Aggregation } from "./aggregation.ts";
import { ambiguousDataFrameColumn, ambiguousReference, unresolvedColumn, unresolvedDataFrameColumn } from "./errors.ts";
import type { SameName } from "./names.ts";

/** The output a DataFrame had at the node that carried its plan id; `level` orders nodes from the leaves up. */
interface PlanOutput {
  readonly attributes: readonly Attribute[];
  readonly level: number;
}

export type Plans = Map<bigint, PlanOutput[]>;

/** A resolved relation with what its parents need for resolving names. */
export interface Scope {
  readonly relation: Relation;
  readonly plans: Plans;
  readonly level: number;
  /** Key columns that a join by name merged away; still reachable by qualifier or DataFrame. */
  readonly merged: readonly Attribute[];
  /** When the relation aggregates: what HAVING and ORDER BY need to add columns to it. */
  readonly aggregation?: OpenAggregation;
}

export interface OpenAggregation {
  readonly aggregation: Aggregation;
  /** What the aggregate reads. */
  readonly input: Scope;
  /** Puts the operators that already stand over the aggregate on top of the extended one. */
  wrap(relation: Relation): Relation;
}

export function leafScope(relation: Relation): Scope {
  return { relation, plans: new Map(), level: 0, merged: [] };
}

/** The scope of a node with one input. The input's plan ids go up unchanged: nobody else reads them any more. */
export function overScope(input: Scope, relation: Relation, merged: readonly Attribute[] = []): Scope {
  return { relation, plans: input.plans, level: input.level + 1, merged };
}

/** The plan ids of both inputs, each as far from the new node as it was from its own. */
export function joinPlans(left: Scope, right: Scope): { plans: Plans; level: number } {
  const level = Math.max(left.level, right.level);
  const plans: Plans = new Map();
  for (const side of [left, right])
    for (const [id, outputs] of side.plans) {
      const shifted = outputs.map((output) => ({ ...output, level: output.level + level - side.level }));
      plans.set(id, [...(plans.get(id) ?? []), ...shifted]);
    }
  return { plans, level: level + 1 };
}

export function markPlan(scope: Scope, planId: bigint): void {
  const outputs = scope.plans.get(planId) ?? [];
  scope.plans.set(planId, [...outputs, { attributes: scope.relation.output, level: scope.level }]);
}

/** Where one expression looks its names up. */
export interface NameScope {
  readonly attributes: readonly Attribute[];
  /** Looked at when `attributes` has no match. */
  readonly fallback: readonly Attribute[];
  readonly plans: Plans;
}

export interface Match {
  readonly attribute: Attribute;
  /** What follows the column name: struct fields, map keys. */
  readonly rest: readonly string[];
}

function qualifies(attribute: Attribute, qualifier: readonly string[], same: SameName): boolean {
  if (qualifier.length > attribute.qualifier.length) return false;
  const tail = attribute.qualifier.slice(attribute.qualifier.length - qualifier.length);
  return qualifier.every((part, i) => same(part, tail[i] as string));
}

function distinctById(attributes: readonly Attribute[]): Attribute[] {
  return [...new Map(attributes.map((attribute) => [attribute.id, attribute])).values()];
}

/** The attribute that a dotted name means: the longest qualifier wins, as in Spark. */
export function findAttribute(
  parts: readonly string[],
  attributes: readonly Attribute[],
  same: SameName,
): Match | undefined {
  for (let qualifierLength = Math.min(3, parts.length - 1); qualifierLength >= 0; qualifierLength -= 1) {
    const qualifier = parts.slice(0, qualifierLength);
    const name = parts[qualifierLength] as string;
    const matches = distinctById(
      attributes.filter((attribute) => same(attribute.name, name) && qualifies(attribute, qualifier, same)),
    );
    if (matches.length > 1) throw ambiguousReference(parts, matches);
    const [match] = matches;
    if (match) return { attribute: { ...match, name }, rest: parts.slice(qualifierLength + 1) };
  }
  return undefined;
}

export function resolveName(parts: readonly string[], scope: NameScope, same: SameName): Match {
  const match = findAttribute(parts, scope.attributes, same) ?? findAttribute(parts, scope.fallback, same);
  if (!match) throw unresolvedColumn(parts, scope.attributes);
  return match;
}

/** The attribute that `df.column` means: of that DataFrame's own output, as far as it is alive here. */
export function resolvePlanColumn(
  parts: readonly string[],
  text: string,
  planId: bigint,
  scope: NameScope,
  same: SameName,
): Match {
  const outputs = scope.plans.get(planId);
  if (!outputs) throw unresolvedDataFrameColumn(text);
  const alive = new Map([...scope.fallback, ...scope.attributes].map((attribute) => [attribute.id, attribute]));
  const found = outputs.flatMap((output) => {
    const match = findAttribute(parts, output.attributes, same);
    const here = match && alive.get(match.attribute.id);
    return here
      ? [{ match: { attribute: { ...here, name: match.attribute.name }, rest: match.rest }, level: output.level }]
      : [];
  });
  const nearest = found.filter((entry) => entry.level === Math.max(...found.map((other) => other.level)));
  const [first] = nearest;
  if (!first) throw unresolvedColumn(parts, scope.attributes);
  if (new Set(nearest.map((entry) => entry.match.attribute.id)).size > 1) throw ambiguousDataFrameColumn(text);
  return first.match;
}

/** The attributes of `df["*"]` that are alive here. */
export function planColumns(planId: bigint, scope: NameScope): Attribute[] {
  const outputs = scope.plans.get(planId);
  if (!outputs) throw unresolvedDataFrameColumn("*");
  const alive = new Map(scope.attributes.map((attribute) => [attribute.id, attribute]));
  const last = outputs[outputs.length - 1];
  return (last?.attributes ?? []).flatMap((attribute) => alive.get(attribute.id) ?? []);
}
