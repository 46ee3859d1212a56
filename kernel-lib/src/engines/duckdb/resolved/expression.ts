// What the analyzer makes of an unresolved expression and the compiler turns into SQL: every node knows its Spark
// type and nullability, and every cast that Spark would add is there as a node of its own.
import type { DataType } from "../../../sql/types/data-type.ts";
import type { FunctionDefinition } from "../functions/definition.ts";

/** A column of a relation. `id` is unique in the session and is the column's name in the generated SQL. */
export interface Attribute {
  readonly id: string;
  /** The name users see; several attributes of one relation may share it. */
  readonly name: string;
  readonly dataType: DataType;
  readonly nullable: boolean;
  /** Aliases the column can be reached by, outermost first: `["spark_catalog", "default", "t"]` or `["a"]`. */
  readonly qualifier: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}

interface Typed {
  readonly dataType: DataType;
  readonly nullable: boolean;
}

/**
 * A constant. `value` is null, or by type: boolean; number (byte, short, integer, float, double, date as days since
 * 1970-01-01, year-month interval as months); bigint (long, timestamps and day-time intervals as microseconds);
 * string (string, decimal as its digits); Uint8Array (binary); arrays of values (array, struct in field order);
 * arrays of [key, value] (map).
 */
export interface Literal extends Typed {
  readonly kind: "literal";
  readonly value: LiteralValue;
}

export type LiteralValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly LiteralValue[]
  | readonly (readonly [LiteralValue, LiteralValue])[];

export interface AttributeReference extends Typed {
  readonly kind: "attribute";
  readonly attribute: Attribute;
}

/** A call of a scalar or higher-order function, or a window-only or generator one where those are allowed. */
export interface Call extends Typed {
  readonly kind: "call";
  readonly definition: FunctionDefinition;
  readonly args: readonly Expression[];
}

/** A call of an aggregate function; also what a window computes over its frame. */
export interface AggregateCall extends Typed {
  readonly kind: "aggregate";
  readonly definition: FunctionDefinition;
  readonly args: readonly Expression[];
  readonly distinct: boolean;
  readonly filter?: Expression;
}

/** `ansi` throws on bad input, `legacy` gives null or wraps as Spark 3 does, `try` gives null. */
export type CastMode = "ansi" | "legacy" | "try";

export interface Cast extends Typed {
  readonly kind: "cast";
  readonly child: Expression;
  readonly mode: CastMode;
  /** False for the casts that type coercion adds: they do not show in column names. */
  readonly explicit: boolean;
}

/** `struct.field`, by position. */
export interface GetField extends Typed {
  readonly kind: "field";
  readonly child: Expression;
  readonly ordinal: number;
}

export interface Alias extends Typed {
  readonly kind: "alias";
  readonly child: Expression;
  /** More than one name only for a generator that makes several columns. */
  readonly names: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A parameter of a lambda; `id` is its name in the generated SQL. */
export interface LambdaVariable extends Typed {
  readonly kind: "variable";
  readonly id: string;
  readonly name: string;
}

export interface Lambda extends Typed {
  readonly kind: "lambda";
  readonly parameters: readonly LambdaVariable[];
  readonly body: Expression;
}

export interface SortKey {
  readonly child: Expression;
  readonly ascending: boolean;
  readonly nullsFirst: boolean;
}

export type FrameBound = "unbounded" | "currentRow" | { readonly offset: Expression; readonly preceding: boolean };

export interface WindowFrame {
  readonly unit: "rows" | "range";
  readonly lower: FrameBound;
  readonly upper: FrameBound;
}

export interface WindowCall extends Typed {
  readonly kind: "window";
  readonly function: Call | AggregateCall;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortKey[];
  readonly frame?: WindowFrame;
}

export type Expression =
  Literal | AttributeReference | Call | AggregateCall | Cast | GetField | Alias | Lambda | LambdaVariable | WindowCall;
