// Makers of Connect's relations. Each gets a plan id, by which `frame.col("x")` names the frame it means.
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Expression } from "../../generated/spark/connect/expressions_pb.ts";
import type { Relation } from "../../generated/spark/connect/relations_pb.ts";
import type { StructType } from "../types/data-type.ts";
import {
  Aggregate_GroupType as GroupType,
  Join_JoinType as JoinType,
  RelationSchema,
  SetOperation_SetOpType as SetOpType,
} from "../../generated/spark/connect/relations_pb.ts";
import { SparkError } from "../errors.ts";
import { toProto } from "../types/proto.ts";
import { literalOf } from "./literals.ts";
import { asSortOrder } from "./expressions.ts";

type RelationKind = NonNullable<MessageInitShape<typeof RelationSchema>["relType"]>;

let lastPlanId = 0n;

/** A relation of the kind given, with a plan id of its own. */
export function relation(relType: RelationKind): Relation {
  lastPlanId += 1n;
  return create(RelationSchema, { common: { planId: lastPlanId }, relType });
}

/** The plan id of a relation made here. */
export function planIdOf(plan: Relation): bigint {
  return plan.common?.planId ?? 0n;
}

/** Expressions over the rows of a relation. */
export function project(input: Relation, expressions: readonly Expression[]): Relation {
  return relation({ case: "project", value: { input, expressions: [...expressions] } });
}

/** All columns, and those given, which replace columns of the same name. */
export function withColumns(input: Relation, columns: Readonly<Record<string, Expression>>): Relation {
  const aliases = Object.entries(columns).map(([name, expr]) => ({ expr, name: [name] }));
  return relation({ case: "withColumns", value: { input, aliases } });
}

/** Rows in order: of the whole frame, or within each partition only. */
export function sort(input: Relation, order: readonly Expression[], isGlobal: boolean): Relation {
  return relation({ case: "sort", value: { input, order: order.map(asSortOrder), isGlobal } });
}

const joinTypes: Record<string, JoinType> = {
  inner: JoinType.INNER,
  outer: JoinType.FULL_OUTER,
  full: JoinType.FULL_OUTER,
  fullouter: JoinType.FULL_OUTER,
  left: JoinType.LEFT_OUTER,
  leftouter: JoinType.LEFT_OUTER,
  right: JoinType.RIGHT_OUTER,
  rightouter: JoinType.RIGHT_OUTER,
  semi: JoinType.LEFT_SEMI,
  leftsemi: JoinType.LEFT_SEMI,
  anti: JoinType.LEFT_ANTI,
  leftanti: JoinType.LEFT_ANTI,
  cross: JoinType.CROSS,
};

/**
 * Two relations joined, by a condition, by columns of equal names, or without either.
 *
 * @throws SparkError `UNSUPPORTED_JOIN_TYPE` for a kind of join that Spark does not know
 */
export function join(
  left: Relation,
  right: Relation,
  on: { readonly condition?: Expression; readonly using?: readonly string[] },
  how = "inner",
): Relation {
  const joinType = joinTypes[how.toLowerCase().replaceAll("_", "")];
  if (joinType === undefined) {
    throw new SparkError(
      "UNSUPPORTED_JOIN_TYPE",
      `Unsupported join type '${how}'. Supported join types include: inner, cross, outer, full, left, right, semi, anti and their longer forms such as left_outer and left_anti.`,
      { sqlState: "0A000" },
    );
  }
  return relation({
    case: "join",
    value: {
      left,
      right,
      joinType,
      ...(on.condition ? { joinCondition: on.condition } : {}),
      ...(on.using ? { usingColumns: [...on.using] } : {}),
    },
  });
}

const setOperations = { union: SetOpType.UNION, intersect: SetOpType.INTERSECT, except: SetOpType.EXCEPT };

/** Union, intersection or difference of two relations, by position unless `byName`. */
export function setOperation(
  kind: keyof typeof setOperations,
  leftInput: Relation,
  rightInput: Relation,
  options: { readonly isAll: boolean; readonly byName?: boolean; readonly allowMissingColumns?: boolean },
): Relation {
  return relation({ case: "setOp", value: { leftInput, rightInput, setOpType: setOperations[kind], ...options } });
}

const groupTypes = {
  groupby: GroupType.GROUPBY,
  rollup: GroupType.ROLLUP,
  cube: GroupType.CUBE,
  pivot: GroupType.PIVOT,
};

/** How rows are grouped. */
export interface Grouping {
  readonly type: keyof typeof groupTypes;
  readonly expressions: readonly Expression[];
  readonly pivot?: { readonly column: Expression; readonly values: readonly unknown[] };
}

/** Aggregates over the groups of a relation. */
export function aggregate(input: Relation, grouping: Grouping, aggregates: readonly Expression[]): Relation {
  const { pivot } = grouping;
  return relation({
    case: "aggregate",
    value: {
      input,
      groupType: groupTypes[grouping.type],
      groupingExpressions: [...grouping.expressions],
      aggregateExpressions: [...aggregates],
      ...(pivot ? { pivot: { col: pivot.column, values: pivot.values.map((value) => literalOf(value).literal) } } : {}),
    },
  });
}

/** What to read from files or another system. */
export interface Source {
  readonly format?: string;
  readonly schema?: string;
  readonly options: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
}

/** A read of files or of another system. */
export function read(source: Source): Relation {
  const { format, schema, options, paths } = source;
  return relation({
    case: "read",
    value: {
      readType: {
        case: "dataSource",
        value: {
          options: { ...options },
          paths: [...paths],
          ...(format === undefined ? {} : { format }),
          ...(schema === undefined ? {} : { schema }),
        },
      },
    },
  });
}

/** A table or view by name. */
export function namedTable(unparsedIdentifier: string, options: Readonly<Record<string, string>> = {}): Relation {
  return relation({
    case: "read",
    value: { readType: { case: "namedTable", value: { unparsedIdentifier, options: { ...options } } } },
  });
}

/** Rows sent with the plan: an Arrow IPC stream, and the schema as Spark's JSON. */
export function localRelation(schema: string, data?: Uint8Array): Relation {
  return relation({ case: "localRelation", value: { schema, ...(data ? { data } : {}) } });
}

/** Numbers from `start` up to but not including `end`. */
export function range(start: bigint, end: bigint, step: bigint, numPartitions?: number): Relation {
  return relation({
    case: "range",
    value: { start, end, step, ...(numPartitions === undefined ? {} : { numPartitions }) },
  });
}

/** A relation whose columns are cast and ordered to a schema, by name. */
export function toSchema(input: Relation, schema: StructType): Relation {
  return relation({ case: "toSchema", value: { input, schema: toProto(schema) } });
}
