// What the analyzer makes of an unresolved relation: each node lists its output attributes.
import type { LocalData, ScanSource } from "../sources/source.ts";
import type { AggregateCall, Attribute, Expression, SortKey } from "./expression.ts";

interface WithOutput {
  readonly output: readonly Attribute[];
  /** Set where a view or an alias named the relation: columns under it cannot be reached from above. */
  readonly named?: true;
}

/** Files, topics or anything a source can read. */
export interface Scan extends WithOutput {
  readonly kind: "scan";
  readonly source: ScanSource;
}

/** Rows that came with the plan (createDataFrame, VALUES). */
export interface LocalRows extends WithOutput {
  readonly kind: "local";
  readonly data: LocalData;
}

export interface RangeRows extends WithOutput {
  readonly kind: "range";
  readonly start: bigint;
  readonly end: bigint;
  readonly step: bigint;
}

/** One expression for each output attribute, in the same order. */
export interface Project extends WithOutput {
  readonly kind: "project";
  readonly input: Relation;
  readonly expressions: readonly Expression[];
}

/** Each input row once for each row the generator makes of it; the generated attributes follow the input's. */
export interface Generate extends WithOutput {
  readonly kind: "generate";
  readonly input: Relation;
  readonly generator: Expression;
  /** Keeps an input row without generated rows, with nulls (explode_outer). */
  readonly outer: boolean;
  readonly generated: readonly Attribute[];
}

export interface Filter extends WithOutput {
  readonly kind: "filter";
  readonly input: Relation;
  readonly condition: Expression;
}

export type JoinType = "inner" | "full" | "left" | "right" | "leftSemi" | "leftAnti" | "cross";

export interface Join extends WithOutput {
  readonly kind: "join";
  readonly left: Relation;
  readonly right: Relation;
  readonly type: JoinType;
  readonly condition?: Expression;
}

/** Grouping expressions first in `output`, then one attribute for each result expression. */
export interface Aggregate extends WithOutput {
  readonly kind: "aggregate";
  readonly input: Relation;
  readonly groupBy: readonly Expression[];
  /** Sets of positions into `groupBy` for rollup, cube and grouping sets; absent for a plain groupBy. */
  readonly groupingSets?: readonly (readonly number[])[];
  readonly aggregates: readonly AggregateCall[];
  /** Spark's `grouping_id()` of the row, as a bigint; last in `output` when present. */
  readonly groupingId?: Attribute;
}

export interface Sort extends WithOutput {
  readonly kind: "sort";
  readonly input: Relation;
  readonly keys: readonly SortKey[];
}

export interface Limit extends WithOutput {
  readonly kind: "limit";
  readonly input: Relation;
  readonly limit?: number;
  readonly offset?: number;
}

/** The last rows, in order. */
export interface Tail extends WithOutput {
  readonly kind: "tail";
  readonly input: Relation;
  readonly limit: number;
}

/** Inputs have the same number of columns and the same types, in order. */
export interface SetOperation extends WithOutput {
  readonly kind: "setOperation";
  readonly type: "union" | "intersect" | "except";
  readonly all: boolean;
  readonly left: Relation;
  readonly right: Relation;
}

export interface Distinct extends WithOutput {
  readonly kind: "distinct";
  readonly input: Relation;
  /** One row for each value of these; all columns when absent. */
  readonly on?: readonly Attribute[];
}

export interface Sample extends WithOutput {
  readonly kind: "sample";
  readonly input: Relation;
  readonly lowerBound: number;
  readonly upperBound: number;
  readonly withReplacement: boolean;
  readonly seed: bigint;
}

export type Relation =
  | Scan
  | LocalRows
  | RangeRows
  | Project
  | Generate
  | Filter
  | Join
  | Aggregate
  | Sort
  | Limit
  | Tail
  | SetOperation
  | Distinct
  | Sample;
