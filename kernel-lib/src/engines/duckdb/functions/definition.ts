// What one entry of the function table says. Adding a Spark function is adding one entry and its tests.
import type { DataType } from "../../../sql/types/data-type.ts";
import type { AggregateCall, Call, CastMode, Expression } from "../resolved/expression.ts";

/** What the arguments mean for the call: its type, and the arguments after the casts that Spark would add. */
export interface Resolution {
  readonly args: readonly Expression[];
  readonly dataType: DataType;
  readonly nullable: boolean;
}

/** Session settings that change types or results. */
export interface Semantics {
  readonly ansi: boolean;
  /** `spark.sql.session.timeZone`, an IANA name or an offset. */
  readonly timeZone: string;
  /** Any other setting, with Spark's default. */
  conf(key: string): string;
}

/** What `resolve` may use. */
export interface ResolveContext extends Semantics {
  /** Adds the cast Spark's type coercion would add; returns the expression itself where the type is that already. */
  coerce(expression: Expression, to: DataType): Expression;
  /** The value of a constant argument, or undefined when it is not constant. */
  constant(expression: Expression): unknown;
}

/** What `emit` may use. */
export interface EmitContext extends Semantics {
  /** SQL of any resolved expression, for what `emit` did not get as text. */
  sql(expression: Expression): string;
  /**
   * The DuckDB call of an aggregate or window function, such as `sum(DISTINCT x)`, with the FILTER and OVER clauses of
   * the Spark call being emitted. Aggregate and window-only definitions pass each raw DuckDB aggregate through it, so that
   * `CAST(${context.aggregate("sum(x)")} AS BIGINT)` is right in a group and over a window.
   */
  aggregate(duckdbCall: string): string;
  /** SQL of a value of type `from`, given as SQL text, cast to `to`. */
  castSql(sql: string, from: DataType, to: DataType, mode: CastMode): string;
  /** SQL that throws a Spark condition when it is evaluated; usable as a value of any type. */
  raise(condition: string, sqlState: string, sentenceSql: string): string;
  /** Makes sure that a JavaScript scalar function is registered, and returns its name in SQL. */
  native(fn: NativeFunction): string;
  /** A SQL name that nothing else uses, for lambda parameters and aliases. */
  fresh(prefix: string): string;
}

/**
 * A scalar function in JavaScript for what DuckDB has no equal of; about 0.2–2 µs a row.
 * Nulls never reach `evaluate` unless `nullAware`; they give null.
 */
export interface NativeFunction {
  readonly name: string;
  /** DuckDB type names. */
  readonly parameters: readonly string[];
  readonly result: string;
  readonly nullAware?: boolean;
  evaluate(...args: never[]): unknown;
}

/** The type of one lambda parameter. */
export interface LambdaParameter {
  readonly dataType: DataType;
  readonly nullable: boolean;
}

/**
 * One Spark function.
 *
 * `emit` gets the SQL text of each argument, already cast as `resolve` asked, and returns SQL whose value has exactly
 * the type `resolve` promised. Texts may appear more than once in the result only when they are cheap:
 * bind the others with `(SELECT …)`-free forms such as `list_transform([x], lambda v: …)[1]`, or a native function.
 *
 * The text of a lambda argument is a whole DuckDB lambda, `lambda a, b: …`; its parameters are in `call.args`.
 * A generator's `emit` gives a LIST with one element a row: the plain value when it makes one column, else a struct
 * with fields f1…fn. An aggregate honours `call.distinct` itself; DISTINCT stands inside the raw DuckDB call.
 */
export interface FunctionDefinition {
  /** Spark's name, lower case. */
  readonly name: string;
  readonly kind: "scalar" | "aggregate" | "window" | "generator";
  resolve(args: readonly Expression[], context: ResolveContext): Resolution;
  emit(args: readonly string[], call: Call | AggregateCall, context: EmitContext): string;
  /**
   * For higher-order functions: the parameters of each lambda argument, once the others are resolved. `args` has
   * undefined where a lambda stands and `parameterCounts` how many parameters each argument's lambda has (0: no lambda).
   * A lambda whose parameters depend on another lambda's type (`aggregate`'s finish) is asked for again with that one
   * resolved: give undefined for what is not known yet.
   */
  lambdaParameters?(
    args: readonly (Expression | undefined)[],
    parameterCounts: readonly number[],
    context: ResolveContext,
  ): readonly (readonly LambdaParameter[] | undefined)[];
  /** The name of the result column where Spark's is not `name(arg, …)`; `args` are the arguments' own names. */
  display?(args: readonly string[], call: { readonly distinct: boolean; readonly args: readonly Expression[] }): string;
  /** For aggregates whose state holds every row of a group (collect_list, median): DuckDB cannot spill it. */
  readonly holdsRows?: boolean;
  /** False for functions such as `rand` whose value changes from row to row without an argument. */
  readonly deterministic?: boolean;
  /** For generators: the output columns, given the resolved arguments. */
  generated?(
    args: readonly Expression[],
  ): readonly { readonly name: string; readonly dataType: DataType; readonly nullable: boolean }[];
}
