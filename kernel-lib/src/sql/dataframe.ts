// DataFrame: a lazy plan over columns. This file has the members that make new frames.
import type { Relation } from "../generated/spark/connect/relations_pb.ts";
import type { ColumnOrName } from "./column.ts";
import type { UntypedRow } from "./row.ts";
import type { StructType } from "./types/data-type.ts";
import { Column, expressionOf, toColumn } from "./column.ts";
import { DataFrameNaFunctions } from "./dataframe-na.ts";
import { SparkError } from "./errors.ts";
import { FrameActions } from "./frame-actions.ts";
import { GroupedData } from "./grouped-data.ts";
import * as expressions from "./plan/expressions.ts";
import * as plan from "./plan/relations.ts";
import { DataFrameWriter } from "./writer.ts";

/**
 * The name of a column that a typed frame has, in any case, or a path (`a.b`, `alias.a`), a name in backquotes or `*`.
 * Any text for untyped frames.
 */
export type NameOf<R> = string extends keyof R
  ? string
  : | (keyof R & string)
    | Uppercase<keyof R & string>
    | Lowercase<keyof R & string>
    | `${string}.${string}`
    | `\`${string}\``
    | "*";

/** Any text; an editor completes the frame's columns. */
export type MaybeNameOf<R> = (keyof R & string) | (string & {});

/** Columns as arguments, as one array, or mixed. */
export type Columns<R = UntypedRow> = readonly (Column | NameOf<R> | readonly (Column | NameOf<R>)[])[];

/** Sort keys: as in Spark, also columns that a `select` before left out. */
export type SortKeys<R = UntypedRow> = readonly (Column | MaybeNameOf<R> | readonly (Column | MaybeNameOf<R>)[])[];

/** The condition of a join: a common column's name, several, or expressions. */
export type JoinOn = string | readonly string[] | Column | readonly Column[];

/**
 * A table to be: columns and the steps to compute them. Nothing runs before an action (`collect`, `show`, `count`, `write…`)
 * asks for rows. Frames never change; each method returns a new one.
 *
 * @example
 * ```ts
 * const active = accounts.filter(col("active_ind").eq(1)).select("account_id", "country");
 * await active.groupBy("country").count().show();
 * ```
 */
export class DataFrame<R extends object = UntypedRow> extends FrameActions<R> {
  /** @internal A frame of the same session. */
  derive<T extends object = UntypedRow>(relation: Relation, schema?: StructType): DataFrame<T> {
    return new DataFrame<T>(this.sparkSession, relation, schema);
  }

  /** @internal A frame with the same columns. */
  #same(relation: Relation): DataFrame<R> {
    return this.derive<R>(relation, this.knownSchema);
  }

  protected override selected(column: string): Relation {
    return plan.project(this.plan, [toColumn(column).expression]);
  }

  /** The same frame with rows of another TypeScript type. Nothing is checked or converted. */
  as<T extends object>(): DataFrame<T> {
    return this.derive<T>(this.plan, this.knownSchema);
  }

  /** A column of this very frame, where a name alone could mean another frame's, as after a self-join. */
  col(colName: NameOf<R>): Column {
    return new Column(expressions.attribute(colName, plan.planIdOf(this.plan)));
  }

  /** The columns whose names match a regular expression in backquotes: "`legal_title_.*`". */
  colRegex(colName: string): Column {
    return new Column(expressions.regex(colName, plan.planIdOf(this.plan)));
  }

  /**
   * These columns and expressions.
   *
   * @example
   * ```ts
   * accounts.select("account_id", col("tax_id").substr(1, 4).alias("tax_office"));
   * ```
   */
  select(...cols: Columns<R>): DataFrame {
    return this.derive(plan.project(this.plan, expressionsOf(cols)));
  }

  /** Expressions written in SQL: `df.selectExpr("abs(amount) AS amount")`. */
  selectExpr(...exprs: readonly (string | readonly string[])[]): DataFrame {
    return this.derive(plan.project(this.plan, exprs.flat().map(expressions.sqlExpression)));
  }

  /** The rows for which a condition, a Column or SQL text, is true. */
  filter(condition: Column | string): DataFrame<R> {
    const expression = typeof condition === "string" ? expressions.sqlExpression(condition) : condition.expression;
    return this.#same(plan.relation({ case: "filter", value: { input: this.plan, condition: expression } }));
  }

  /** The rows for which a condition is true: {@link DataFrame.filter} by its SQL name. */
  where(condition: Column | string): DataFrame<R> {
    return this.filter(condition);
  }

  /** All columns and one more, which replaces a column of the same name. */
  withColumn(colName: string, col: Column): DataFrame {
    return this.withColumns({ [colName]: col });
  }

  /** All columns and several more. They see this frame's columns, not each other. */
  withColumns(colsMap: Readonly<Record<string, Column>>): DataFrame {
    const columns = Object.entries(colsMap).map(([name, column]) => [name, column.expression] as const);
    return this.derive(plan.withColumns(this.plan, Object.fromEntries(columns)));
  }

  /** One column under a new name; nothing happens when there is no such column. */
  withColumnRenamed(existing: MaybeNameOf<R>, newName: string): DataFrame {
    return this.withColumnsRenamed({ [existing]: newName });
  }

  /** Columns under new names: `{ old: "new" }`. */
  withColumnsRenamed(colsMap: Readonly<Record<string, string>>): DataFrame {
    const renames = Object.entries(colsMap).map(([colName, newColName]) => ({ colName, newColName }));
    return this.derive(plan.relation({ case: "withColumnsRenamed", value: { input: this.plan, renames } }));
  }

  /** All columns but these; names that do not exist are passed over. */
  drop(...cols: readonly (Column | MaybeNameOf<R>)[]): DataFrame {
    const columns = cols.filter((column) => column instanceof Column).map((column) => column.expression);
    const columnNames = cols.filter((column) => typeof column === "string");
    return this.derive(plan.relation({ case: "drop", value: { input: this.plan, columns, columnNames } }));
  }

  /** The columns under these names, in order. */
  toDF(...cols: readonly string[]): DataFrame {
    return this.derive(plan.relation({ case: "toDf", value: { input: this.plan, columnNames: [...cols] } }));
  }

  /** The columns of a schema, in its order, each cast to its type. */
  to(schema: StructType): DataFrame {
    return this.derive(plan.toSchema(this.plan, schema));
  }

  /**
   * This frame joined with another.
   *
   * @param on - a common column or several (each appears once in the result), or a condition
   * @param how - `inner`, `left`, `right`, `full`, `semi`, `anti`, `cross`, or Spark's longer names such as `left_outer`
   * @throws SparkError `UNSUPPORTED_JOIN_TYPE`
   * @example
   * ```ts
   * accounts.join(parties, "account_id", "left");
   * accounts.join(parties, accounts.col("account_id").eq(parties.col("account_id")), "left_anti");
   * ```
   */
  join(other: DataFrame, on?: JoinOn, how?: string): DataFrame {
    return this.derive(plan.join(this.plan, this.#other(other), joinCondition(on), how));
  }

  /** Every row of this frame with every row of another. */
  crossJoin(other: DataFrame): DataFrame {
    return this.derive(plan.join(this.plan, this.#other(other), {}, "cross"));
  }

  #other(other: { readonly sparkSession: unknown; readonly plan: Relation }): Relation {
    if (other.sparkSession !== this.sparkSession) {
      throw new SparkError("SESSION_NOT_SAME", "Both Datasets must belong to the same SparkSession.");
    }
    return other.plan;
  }

  /** Groups rows by columns, to aggregate them. */
  groupBy(...cols: Columns<R>): GroupedData {
    return new GroupedData(this, { type: "groupby", expressions: expressionsOf(cols) });
  }

  /** Groups rows by columns: {@link DataFrame.groupBy} by its other name. */
  groupby(...cols: Columns<R>): GroupedData {
    return this.groupBy(...cols);
  }

  /** Groups by all columns, then by all but the last, and so on to the whole frame. */
  rollup(...cols: Columns<R>): GroupedData {
    return new GroupedData(this, { type: "rollup", expressions: expressionsOf(cols) });
  }

  /** Groups by every combination of the columns. */
  cube(...cols: Columns<R>): GroupedData {
    return new GroupedData(this, { type: "cube", expressions: expressionsOf(cols) });
  }

  /** Aggregates the whole frame: `df.agg(F.max("age"))` or `df.agg({ age: "max" })`. */
  agg(...exprs: readonly [Readonly<Record<string, string>>] | readonly Column[]): DataFrame {
    return this.groupBy().agg(...exprs);
  }

  /** Rows in order; a name sorts upwards, nulls first. */
  orderBy(...cols: SortKeys<R>): DataFrame<R> {
    return this.#same(plan.sort(this.plan, expressionsOf(cols), true));
  }

  /** Rows in order: {@link DataFrame.orderBy} by its other name. */
  sort(...cols: SortKeys<R>): DataFrame<R> {
    return this.orderBy(...cols);
  }

  /** Rows in order within each partition. */
  sortWithinPartitions(...cols: SortKeys<R>): DataFrame<R> {
    return this.#same(plan.sort(this.plan, expressionsOf(cols), false));
  }

  /** At most `num` rows. */
  limit(num: number): DataFrame<R> {
    return this.#same(plan.relation({ case: "limit", value: { input: this.plan, limit: num } }));
  }

  /** All rows but the first `num`. */
  offset(num: number): DataFrame<R> {
    return this.#same(plan.relation({ case: "offset", value: { input: this.plan, offset: num } }));
  }

  /** The rows of both frames, by position of the columns; duplicates stay. */
  union(other: DataFrame): DataFrame {
    return this.derive(plan.setOperation("union", this.plan, this.#other(other), { isAll: true }));
  }

  /** The rows of both frames: {@link DataFrame.union} by its other name. */
  unionAll(other: DataFrame): DataFrame {
    return this.union(other);
  }

  /** The rows of both frames, by the columns' names; missing columns may be filled with null. */
  unionByName(other: DataFrame, allowMissingColumns = false): DataFrame {
    const options = { isAll: true, byName: true, allowMissingColumns };
    return this.derive(plan.setOperation("union", this.plan, this.#other(other), options));
  }

  /** The distinct rows that both frames have. */
  intersect(other: DataFrame): DataFrame {
    return this.derive(plan.setOperation("intersect", this.plan, this.#other(other), { isAll: false }));
  }

  /** The rows that both frames have, as often as both have them. */
  intersectAll(other: DataFrame): DataFrame {
    return this.derive(plan.setOperation("intersect", this.plan, this.#other(other), { isAll: true }));
  }

  /** The distinct rows that the other frame does not have. */
  subtract(other: DataFrame): DataFrame {
    return this.derive(plan.setOperation("except", this.plan, this.#other(other), { isAll: false }));
  }

  /** The rows that remain when each row of the other frame takes one away. */
  exceptAll(other: DataFrame): DataFrame {
    return this.derive(plan.setOperation("except", this.plan, this.#other(other), { isAll: true }));
  }

  /** The rows without duplicates. */
  distinct(): DataFrame<R> {
    return this.dropDuplicates();
  }

  /** One row for each combination of these columns, or of all of them. */
  dropDuplicates(subset?: readonly NameOf<R>[]): DataFrame<R> {
    const keys = subset === undefined ? { allColumnsAsKeys: true } : { columnNames: [...subset] };
    return this.#same(plan.relation({ case: "deduplicate", value: { input: this.plan, ...keys } }));
  }

  /** One row for each combination of these columns: {@link DataFrame.dropDuplicates} by its other name. */
  drop_duplicates(subset?: readonly NameOf<R>[]): DataFrame<R> {
    return this.dropDuplicates(subset);
  }

  /**
   * A random part of the rows: about `fraction` of them, not exactly.
   *
   * @param withReplacement - whether a row may come more than once; may be left out
   * @param seed - the same seed gives the same rows on the same engine
   */
  sample(fraction: number, seed?: number): DataFrame<R>;
  sample(withReplacement: boolean, fraction: number, seed?: number): DataFrame<R>;
  sample(first: boolean | number, second?: number, third?: number): DataFrame<R> {
    const [withReplacement, fraction, seed] =
      typeof first === "boolean" ? [first, second ?? 0, third] : [false, first, second];
    return this.#sampled(0, fraction, seed ?? randomSeed(), { withReplacement });
  }

  /** The rows split at random into frames of about these shares. */
  randomSplit(weights: readonly number[], seed = randomSeed()): DataFrame<R>[] {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (!(total > 0) || weights.some((weight) => !(weight >= 0))) {
      throw new SparkError("VALUE_NOT_POSITIVE", `Value for \`weights\` must be positive, got ${weights.join(", ")}.`);
    }
    const bounds = weights.map(
      (_, index) => weights.slice(0, index + 1).reduce((sum, weight) => sum + weight, 0) / total,
    );
    return bounds.map((upper, index) =>
      this.#sampled(bounds[index - 1] ?? 0, upper, seed, { deterministicOrder: true }),
    );
  }

  #sampled(
    lowerBound: number,
    upperBound: number,
    seed: number,
    options: { withReplacement?: boolean; deterministicOrder?: boolean },
  ): DataFrame<R> {
    const value = { input: this.plan, lowerBound, upperBound, seed: BigInt(seed), ...options };
    return this.#same(plan.relation({ case: "sample", value }));
  }

  /** The frame under a name, by which `col("name.column")` means its columns. */
  alias(alias: string): DataFrame<R> {
    return this.#same(plan.relation({ case: "subqueryAlias", value: { input: this.plan, alias } }));
  }

  /** Columns into rows: one row for each value column, with its name and its value. */
  unpivot(
    ids: ColumnOrName | readonly ColumnOrName[],
    values: ColumnOrName | readonly ColumnOrName[] | null,
    variableColumnName: string,
    valueColumnName: string,
  ): DataFrame {
    const value = {
      input: this.plan,
      ids: expressionsOf([ids]),
      variableColumnName,
      valueColumnName,
      ...(values === null ? {} : { values: { values: expressionsOf([values]) } }),
    };
    return this.derive(plan.relation({ case: "unpivot", value }));
  }

  /** Columns into rows: {@link DataFrame.unpivot} by its other name. */
  melt(
    ids: ColumnOrName | readonly ColumnOrName[],
    values: ColumnOrName | readonly ColumnOrName[] | null,
    variableColumnName: string,
    valueColumnName: string,
  ): DataFrame {
    return this.unpivot(ids, values, variableColumnName, valueColumnName);
  }

  /** A hint to the planner, such as `broadcast`. The embedded engine needs none and passes over them. */
  hint(name: string, ...parameters: readonly unknown[]): DataFrame<R> {
    const value = { input: this.plan, name, parameters: parameters.flat().map(expressionOf) };
    return this.#same(plan.relation({ case: "hint", value }));
  }

  /** The rows in this many partitions, or partitioned by columns. It changes how many files are written, not the rows. */
  repartition(numPartitions: number | ColumnOrName, ...cols: Columns<R>): DataFrame<R> {
    const count = typeof numPartitions === "number" ? numPartitions : undefined;
    const columns = typeof numPartitions === "number" ? cols : [numPartitions, ...cols];
    if (count !== undefined) checkPositive(count);
    if (columns.length === 0 && count !== undefined) return this.#repartitioned(count, true);
    return this.#partitionedBy(expressionsOf(columns), count);
  }

  /** The rows in partitions by ranges of the columns' values. */
  repartitionByRange(numPartitions: number | ColumnOrName, ...cols: Columns<R>): DataFrame<R> {
    const count = typeof numPartitions === "number" ? numPartitions : undefined;
    const columns = typeof numPartitions === "number" ? cols : [numPartitions, ...cols];
    const keys = columns.flat().map((column) => toColumn(column));
    const sorted = keys.map((key) => (key.expression.exprType.case === "sortOrder" ? key : key.asc()));
    return this.#partitionedBy(expressionsOf(sorted), count);
  }

  /** The rows in at most this many partitions. */
  coalesce(numPartitions: number): DataFrame<R> {
    checkPositive(numPartitions);
    return this.#repartitioned(numPartitions, false);
  }

  #repartitioned(numPartitions: number, shuffle: boolean): DataFrame<R> {
    return this.#same(plan.relation({ case: "repartition", value: { input: this.plan, numPartitions, shuffle } }));
  }

  #partitionedBy(partitionExprs: ReturnType<typeof expressionsOf>, count: number | undefined): DataFrame<R> {
    const value = { input: this.plan, partitionExprs, ...(count === undefined ? {} : { numPartitions: count }) };
    return this.#same(plan.relation({ case: "repartitionByExpression", value }));
  }

  /** Count, mean, stddev, min and max of the columns, as text. */
  describe(...cols: readonly (string | readonly string[])[]): DataFrame {
    return this.derive(plan.relation({ case: "describe", value: { input: this.plan, cols: cols.flat() } }));
  }

  /** Statistics of all columns, as text: `count`, `mean`, `stddev`, `min`, `25%`, … unless others are named. */
  summary(...statistics: readonly string[]): DataFrame {
    return this.derive(plan.relation({ case: "summary", value: { input: this.plan, statistics: [...statistics] } }));
  }

  /** What to do with nulls: `na.fill`, `na.drop`, `na.replace`. */
  get na(): DataFrameNaFunctions<R> {
    return new DataFrameNaFunctions(this);
  }

  /** Nulls replaced: see {@link DataFrameNaFunctions.fill}. */
  fillna(...args: Parameters<DataFrameNaFunctions<R>["fill"]>): DataFrame<R> {
    return this.na.fill(...args);
  }

  /** Rows with nulls left out: see {@link DataFrameNaFunctions.drop}. */
  dropna(...args: Parameters<DataFrameNaFunctions<R>["drop"]>): DataFrame<R> {
    return this.na.drop(...args);
  }

  /** Values replaced by others: see {@link DataFrameNaFunctions.replace}. */
  replace(...args: Parameters<DataFrameNaFunctions<R>["replace"]>): DataFrame<R> {
    return this.na.replace(...args);
  }

  /** Each row as a JSON text, in one column named `value`. */
  toJSON(): DataFrame {
    const json = expressions.call("to_json", [expressions.call("struct", [expressions.star()])]);
    return this.derive(plan.project(this.plan, [expressions.alias(json, ["value"])]));
  }

  /** What a function makes of the frame, so that steps can be named and chained. */
  transform<T extends object>(func: (frame: DataFrame<R>) => DataFrame<T>): DataFrame<T> {
    return func(this);
  }

  /**
   * Returns the frame itself. The embedded engine keeps no results between actions, so each action computes anew;
   * to compute once, write the frame as Parquet and read that, or `collect()` a small one.
   */
  cache(): DataFrame<R> {
    return this;
  }

  /** Returns the frame itself: see {@link DataFrame.cache}. */
  persist(): DataFrame<R> {
    return this;
  }

  /** Returns the frame itself: see {@link DataFrame.cache}. */
  unpersist(): DataFrame<R> {
    return this;
  }

  /** Writes the frame: `df.write.mode("overwrite").parquet(path)`. */
  get write(): DataFrameWriter {
    return new DataFrameWriter(this.sparkSession.client, this.plan);
  }
}

function expressionsOf(cols: Columns) {
  return cols.flat().map((column) => toColumn(column).expression);
}

function joinCondition(on: JoinOn | undefined): Parameters<typeof plan.join>[2] {
  if (on === undefined) return {};
  if (typeof on === "string") return { using: [on] };
  if (on instanceof Column) return { condition: on.expression };
  const names = on.filter((key) => typeof key === "string");
  if (names.length === on.length) return names.length === 0 ? {} : { using: names };
  const conditions = on.filter((key) => key instanceof Column);
  return { condition: conditions.reduce((all, next) => all.and(next)).expression };
}

function checkPositive(numPartitions: number): void {
  if (!(numPartitions > 0)) {
    throw new SparkError("VALUE_NOT_POSITIVE", `Value for \`numPartitions\` must be positive, got '${numPartitions}'.`);
  }
}

function randomSeed(): number {
  return Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
}
