// DataFrame: a lazy plan over columns. This file has the members that make new frames.
import type { Relation } from "../generated/spark/connect/relations_pb.ts";
import type { ColumnOrName } from "./column.ts";
import type { UntypedRow } from "./row.ts";
import type { StructType } from "./types/data-type.ts";
import { Column, columnFor, expressionOf, toColumn } from "./column.ts";
import { checkColumn, checkInt } from "./arguments.ts";
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

  /**
   * The same frame with rows of another TypeScript type. Nothing is checked or converted.
   *
   * @example
   * ```ts
   * const typed = accounts.as<{ account_id: string; active_ind: number }>();
   * const ids: string[] = await typed.toArray("account_id");
   * ```
   */
  as<T extends object>(): DataFrame<T> {
    return this.derive<T>(this.plan, this.knownSchema);
  }

  /**
   * A column of this very frame, where a name alone could mean another frame's, as after a self-join.
   *
   * @example
   * ```ts
   * accounts.join(parties, accounts.col("account_id").eq(parties.col("account_id")));
   * ```
   */
  col(colName: NameOf<R>): Column {
    return new Column(expressions.attribute(colName, plan.planIdOf(this.plan)));
  }

  /**
   * The columns whose names match a regular expression in backquotes: "`legal_title_.*`".
   *
   * @example
   * ```ts
   * accounts.select(accounts.colRegex("`.*_i.*`"));
   * ```
   */
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
    return this.derive(plan.project(this.plan, expressionsOf(cols, SELECT)));
  }

  /**
   * Expressions written in SQL: `df.selectExpr("abs(amount) AS amount")`.
   *
   * @example
   * ```ts
   * accounts.selectExpr("account_id", "abs(balance) AS amount");
   * ```
   */
  selectExpr(...exprs: readonly (string | readonly string[])[]): DataFrame {
    return this.derive(plan.project(this.plan, exprs.flat().map(expressions.sqlExpression)));
  }

  /**
   * The rows for which a condition, a Column or SQL text, is true.
   *
   * @example
   * ```ts
   * accounts.filter(col("balance").gt(10));
   * accounts.filter("balance > 10 AND country = 'Canada'");
   * ```
   */
  filter(condition: Column | string): DataFrame<R> {
    const expression =
      typeof condition === "string" ? expressions.sqlExpression(condition) : columnFor(condition, FILTER).expression;
    return this.#same(plan.relation({ case: "filter", value: { input: this.plan, condition: expression } }));
  }

  /**
   * The rows for which a condition is true: {@link DataFrame.filter} by its SQL name.
   *
   * @example
   * ```ts
   * accounts.where("active_ind = 1");
   * ```
   */
  where(condition: Column | string): DataFrame<R> {
    return this.filter(condition);
  }

  /**
   * All columns and one more, which replaces a column of the same name.
   *
   * @example
   * ```ts
   * accounts.withColumn("is_active", col("active_ind").eq(1));
   * ```
   */
  withColumn(colName: string, col: Column): DataFrame {
    return this.withColumns({ [colName]: col });
  }

  /**
   * All columns and several more. They see this frame's columns, not each other.
   *
   * @example
   * ```ts
   * accounts.withColumns({ is_active: col("active_ind").eq(1), doubled: col("balance").times(2) });
   * ```
   */
  withColumns(colsMap: Readonly<Record<string, Column>>): DataFrame {
    const columns = Object.entries(colsMap).map(([name, column]) => {
      checkColumn(name, column);
      return [name, column.expression] as const;
    });
    return this.derive(plan.withColumns(this.plan, Object.fromEntries(columns)));
  }

  /**
   * One column under a new name; nothing happens when there is no such column.
   *
   * @example
   * ```ts
   * accounts.withColumnRenamed("account_id", "id");
   * ```
   */
  withColumnRenamed(existing: MaybeNameOf<R>, newName: string): DataFrame {
    return this.withColumnsRenamed({ [existing]: newName });
  }

  /**
   * Columns under new names: `{ old: "new" }`.
   *
   * @example
   * ```ts
   * accounts.withColumnsRenamed({ account_id: "id", active_ind: "active" });
   * ```
   */
  withColumnsRenamed(colsMap: Readonly<Record<string, string>>): DataFrame {
    const renames = Object.entries(colsMap).map(([colName, newColName]) => ({ colName, newColName }));
    return this.derive(plan.relation({ case: "withColumnsRenamed", value: { input: this.plan, renames } }));
  }

  /**
   * All columns but these; names that do not exist are passed over.
   *
   * @example
   * ```ts
   * accounts.drop("tax_id", "prices");
   * ```
   */
  drop(...cols: readonly (Column | MaybeNameOf<R>)[]): DataFrame {
    const columns = cols.filter((column) => column instanceof Column).map((column) => column.expression);
    const columnNames = cols.filter((column) => typeof column === "string");
    return this.derive(plan.relation({ case: "drop", value: { input: this.plan, columns, columnNames } }));
  }

  /**
   * The columns under these names, in order.
   *
   * @example
   * ```ts
   * parties.toDF("account", "party", "relation", "day");
   * ```
   */
  toDF(...cols: readonly string[]): DataFrame {
    return this.derive(plan.relation({ case: "toDf", value: { input: this.plan, columnNames: [...cols] } }));
  }

  /**
   * The columns of a schema, in its order, each cast to its type.
   *
   * @example
   * ```ts
   * parties.to(parseSchema("party_id STRING, account_id STRING"));
   * ```
   */
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

  /**
   * Every row of this frame with every row of another.
   *
   * @example
   * ```ts
   * accounts.select("account_id").crossJoin(spark.range(2));
   * ```
   */
  crossJoin(other: DataFrame): DataFrame {
    return this.derive(plan.join(this.plan, this.#other(other), {}, "cross"));
  }

  #other(other: { readonly sparkSession: unknown; readonly plan: Relation }): Relation {
    if (other.sparkSession !== this.sparkSession) {
      throw new SparkError("SESSION_NOT_SAME", "Both Datasets must belong to the same SparkSession.");
    }
    return other.plan;
  }

  /**
   * Groups rows by columns, to aggregate them.
   *
   * @example
   * ```ts
   * await accounts.groupBy("country").agg(F.count("*").alias("n")).orderBy("country").show();
   * // +-------+---+
   * // |country|  n|
   * // +-------+---+
   * // | Canada|  2|
   * // | Mexico|  1|
   * // +-------+---+
   * ```
   */
  groupBy(...cols: Columns<R>): GroupedData {
    return new GroupedData(this, { type: "groupby", expressions: expressionsOf(cols) });
  }

  /**
   * Groups rows by columns: {@link DataFrame.groupBy} by its other name.
   *
   * @example
   * ```ts
   * accounts.groupby("country").count();
   * ```
   */
  groupby(...cols: Columns<R>): GroupedData {
    return this.groupBy(...cols);
  }

  /**
   * Groups by all columns, then by all but the last, and so on to the whole frame.
   *
   * @example
   * ```ts
   * accounts.rollup("country", "active_ind").count();
   * ```
   */
  rollup(...cols: Columns<R>): GroupedData {
    return new GroupedData(this, { type: "rollup", expressions: expressionsOf(cols) });
  }

  /**
   * Groups by every combination of the columns.
   *
   * @example
   * ```ts
   * accounts.cube("country", "active_ind").count();
   * ```
   */
  cube(...cols: Columns<R>): GroupedData {
    return new GroupedData(this, { type: "cube", expressions: expressionsOf(cols) });
  }

  /**
   * Aggregates the whole frame: `df.agg(F.max("age"))` or `df.agg({ age: "max" })`.
   *
   * @example
   * ```ts
   * accounts.agg(F.max("balance"), F.count("*"));
   * ```
   */
  agg(...exprs: readonly [Readonly<Record<string, string>>] | readonly Column[]): DataFrame {
    return this.groupBy().agg(...exprs);
  }

  /**
   * Rows in order; a name sorts upwards, nulls first.
   *
   * @example
   * ```ts
   * accounts.orderBy("country", col("balance").desc());
   * ```
   */
  orderBy(...cols: SortKeys<R>): DataFrame<R> {
    return this.#same(plan.sort(this.plan, sortKeysOf(cols), true));
  }

  /**
   * Rows in order: {@link DataFrame.orderBy} by its other name.
   *
   * @example
   * ```ts
   * accounts.sort("account_id");
   * ```
   */
  sort(...cols: SortKeys<R>): DataFrame<R> {
    return this.orderBy(...cols);
  }

  /**
   * Rows in order within each partition.
   *
   * @example
   * ```ts
   * accounts.repartition("country").sortWithinPartitions("account_id");
   * ```
   */
  sortWithinPartitions(...cols: SortKeys<R>): DataFrame<R> {
    return this.#same(plan.sort(this.plan, sortKeysOf(cols), false));
  }

  /**
   * At most `num` rows.
   *
   * @example
   * ```ts
   * accounts.orderBy("account_id").limit(2);
   * ```
   */
  limit(num: number): DataFrame<R> {
    checkInt("num", num, "Write how many rows to keep, such as limit(5).");
    return this.#same(plan.relation({ case: "limit", value: { input: this.plan, limit: num } }));
  }

  /**
   * All rows but the first `num`.
   *
   * @example
   * ```ts
   * accounts.orderBy("account_id").offset(1);
   * ```
   */
  offset(num: number): DataFrame<R> {
    checkInt("num", num, "Write how many rows to leave out, such as offset(5).");
    return this.#same(plan.relation({ case: "offset", value: { input: this.plan, offset: num } }));
  }

  /**
   * The rows of both frames, by position of the columns; duplicates stay.
   *
   * @example
   * ```ts
   * accounts.select("account_id").union(parties.select("account_id"));
   * ```
   */
  union(other: DataFrame): DataFrame {
    return this.derive(plan.setOperation("union", this.plan, this.#other(other), { isAll: true }));
  }

  /**
   * The rows of both frames: {@link DataFrame.union} by its other name.
   *
   * @example
   * ```ts
   * accounts.unionAll(accounts);
   * ```
   */
  unionAll(other: DataFrame): DataFrame {
    return this.union(other);
  }

  /**
   * The rows of both frames, by the columns' names; missing columns may be filled with null.
   *
   * @example
   * ```ts
   * accounts.unionByName(parties, true);
   * ```
   */
  unionByName(other: DataFrame, allowMissingColumns = false): DataFrame {
    const options = { isAll: true, byName: true, allowMissingColumns };
    return this.derive(plan.setOperation("union", this.plan, this.#other(other), options));
  }

  /**
   * The distinct rows that both frames have.
   *
   * @example
   * ```ts
   * accounts.select("account_id").intersect(parties.select("account_id"));
   * ```
   */
  intersect(other: DataFrame): DataFrame {
    return this.derive(plan.setOperation("intersect", this.plan, this.#other(other), { isAll: false }));
  }

  /**
   * The rows that both frames have, as often as both have them.
   *
   * @example
   * ```ts
   * accounts.select("account_id").intersectAll(parties.select("account_id"));
   * ```
   */
  intersectAll(other: DataFrame): DataFrame {
    return this.derive(plan.setOperation("intersect", this.plan, this.#other(other), { isAll: true }));
  }

  /**
   * The distinct rows that the other frame does not have.
   *
   * @example
   * ```ts
   * accounts.select("account_id").subtract(parties.select("account_id"));
   * ```
   */
  subtract(other: DataFrame): DataFrame {
    return this.derive(plan.setOperation("except", this.plan, this.#other(other), { isAll: false }));
  }

  /**
   * The rows that remain when each row of the other frame takes one away.
   *
   * @example
   * ```ts
   * parties.select("account_id").exceptAll(accounts.select("account_id"));
   * ```
   */
  exceptAll(other: DataFrame): DataFrame {
    return this.derive(plan.setOperation("except", this.plan, this.#other(other), { isAll: true }));
  }

  /**
   * The rows without duplicates.
   *
   * @example
   * ```ts
   * parties.select("account_id").distinct();
   * ```
   */
  distinct(): DataFrame<R> {
    return this.dropDuplicates();
  }

  /**
   * One row for each combination of these columns, or of all of them.
   *
   * @example
   * ```ts
   * parties.dropDuplicates(["account_id"]);
   * ```
   */
  dropDuplicates(subset?: readonly NameOf<R>[]): DataFrame<R> {
    const keys = subset === undefined ? { allColumnsAsKeys: true } : { columnNames: [...subset] };
    return this.#same(plan.relation({ case: "deduplicate", value: { input: this.plan, ...keys } }));
  }

  /**
   * One row for each combination of these columns: {@link DataFrame.dropDuplicates} by its other name.
   *
   * @example
   * ```ts
   * parties.drop_duplicates();
   * ```
   */
  drop_duplicates(subset?: readonly NameOf<R>[]): DataFrame<R> {
    return this.dropDuplicates(subset);
  }

  /**
   * A random part of the rows: about `fraction` of them, not exactly.
   *
   * @param withReplacement - whether a row may come more than once; may be left out
   * @param seed - the same seed gives the same rows on the same engine
   * @example
   * ```ts
   * spark.range(1000).sample(0.1, 42);
   * ```
   */
  sample(fraction: number, seed?: number): DataFrame<R>;
  sample(withReplacement: boolean, fraction: number, seed?: number): DataFrame<R>;
  sample(first: boolean | number, second?: number, third?: number): DataFrame<R> {
    const [withReplacement, fraction, seed] =
      typeof first === "boolean" ? [first, second ?? 0, third] : [false, first, second];
    return this.#sampled(0, fraction, seed ?? randomSeed(), { withReplacement });
  }

  /**
   * The rows split at random into frames of about these shares.
   *
   * @example
   * ```ts
   * const [train, test] = spark.range(1000).randomSplit([0.8, 0.2], 42);
   * ```
   */
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

  /**
   * The frame under a name, by which `col("name.column")` means its columns.
   *
   * @example
   * ```ts
   * accounts.alias("a").join(parties.alias("p"), col("a.account_id").eq(col("p.account_id")));
   * ```
   */
  alias(alias: string): DataFrame<R> {
    return this.#same(plan.relation({ case: "subqueryAlias", value: { input: this.plan, alias } }));
  }

  /**
   * Columns into rows: one row for each value column, with its name and its value.
   *
   * @example
   * ```ts
   * accounts.unpivot(["account_id"], ["country", "tax_id"], "field", "value");
   * ```
   */
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

  /**
   * Columns into rows: {@link DataFrame.unpivot} by its other name.
   *
   * @example
   * ```ts
   * accounts.melt(["account_id"], ["country", "tax_id"], "field", "value");
   * ```
   */
  melt(
    ids: ColumnOrName | readonly ColumnOrName[],
    values: ColumnOrName | readonly ColumnOrName[] | null,
    variableColumnName: string,
    valueColumnName: string,
  ): DataFrame {
    return this.unpivot(ids, values, variableColumnName, valueColumnName);
  }

  /**
   * A hint to the planner, such as `broadcast`. The embedded engine needs none and passes over them.
   *
   * @example
   * ```ts
   * accounts.join(parties.hint("broadcast"), "account_id");
   * ```
   */
  hint(name: string, ...parameters: readonly unknown[]): DataFrame<R> {
    const value = { input: this.plan, name, parameters: parameters.flat().map(expressionOf) };
    return this.#same(plan.relation({ case: "hint", value }));
  }

  /**
   * The rows in this many partitions, or partitioned by columns. It changes how many files are written, not the rows.
   *
   * @example
   * ```ts
   * accounts.repartition(4, "country");
   * ```
   */
  repartition(numPartitions: number | ColumnOrName, ...cols: Columns<R>): DataFrame<R> {
    const count = typeof numPartitions === "number" ? numPartitions : undefined;
    const columns = typeof numPartitions === "number" ? cols : [numPartitions, ...cols];
    if (count !== undefined) checkPositive(count);
    if (columns.length === 0 && count !== undefined) return this.#repartitioned(count, true);
    return this.#partitionedBy(expressionsOf(columns), count);
  }

  /**
   * The rows in partitions by ranges of the columns' values.
   *
   * @example
   * ```ts
   * accounts.repartitionByRange(2, "account_id");
   * ```
   */
  repartitionByRange(numPartitions: number | ColumnOrName, ...cols: Columns<R>): DataFrame<R> {
    const count = typeof numPartitions === "number" ? numPartitions : undefined;
    const columns = typeof numPartitions === "number" ? cols : [numPartitions, ...cols];
    const keys = columns.flat().map((column) => toColumn(column));
    const sorted = keys.map((key) => (key.expression.exprType.case === "sortOrder" ? key : key.asc()));
    return this.#partitionedBy(expressionsOf(sorted), count);
  }

  /**
   * The rows in at most this many partitions.
   *
   * @example
   * ```ts
   * accounts.coalesce(1);
   * ```
   */
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

  /**
   * Count, mean, stddev, min and max of the columns, as text.
   *
   * @example
   * ```ts
   * accounts.describe("balance");
   * ```
   */
  describe(...cols: readonly (string | readonly string[])[]): DataFrame {
    return this.derive(plan.relation({ case: "describe", value: { input: this.plan, cols: cols.flat() } }));
  }

  /**
   * Statistics of all columns, as text: `count`, `mean`, `stddev`, `min`, `25%`, … unless others are named.
   *
   * @example
   * ```ts
   * accounts.select("balance").summary("count", "max");
   * ```
   */
  summary(...statistics: readonly string[]): DataFrame {
    return this.derive(plan.relation({ case: "summary", value: { input: this.plan, statistics: [...statistics] } }));
  }

  /** What to do with nulls: `na.fill`, `na.drop`, `na.replace`. */
  get na(): DataFrameNaFunctions<R> {
    return new DataFrameNaFunctions(this);
  }

  /**
   * Nulls replaced: see {@link DataFrameNaFunctions.fill}.
   *
   * @example
   * ```ts
   * accounts.fillna(0, ["balance"]);
   * ```
   */
  fillna(...args: Parameters<DataFrameNaFunctions<R>["fill"]>): DataFrame<R> {
    return this.na.fill(...args);
  }

  /**
   * Rows with nulls left out: see {@link DataFrameNaFunctions.drop}.
   *
   * @example
   * ```ts
   * accounts.dropna();
   * ```
   */
  dropna(...args: Parameters<DataFrameNaFunctions<R>["drop"]>): DataFrame<R> {
    return this.na.drop(...args);
  }

  /**
   * Values replaced by others: see {@link DataFrameNaFunctions.replace}.
   *
   * @example
   * ```ts
   * accounts.replace("Canada", "CA", ["country"]);
   * ```
   */
  replace(...args: Parameters<DataFrameNaFunctions<R>["replace"]>): DataFrame<R> {
    return this.na.replace(...args);
  }

  /**
   * Each row as a JSON text, in one column named `value`.
   *
   * @example
   * ```ts
   * const texts = await accounts.toJSON().toArray("value");
   * ```
   */
  toJSON(): DataFrame {
    const json = expressions.call("to_json", [expressions.call("struct", [expressions.star()])]);
    return this.derive(plan.project(this.plan, [expressions.alias(json, ["value"])]));
  }

  /**
   * What a function makes of the frame, so that steps can be named and chained.
   *
   * @example
   * ```ts
   * const active = (frame: DataFrame) => frame.filter("active_ind = 1");
   * accounts.transform(active);
   * ```
   */
  transform<T extends object>(func: (frame: DataFrame<R>) => DataFrame<T>): DataFrame<T> {
    return func(this);
  }

  /**
   * Returns the frame itself. The embedded engine keeps no results between actions, so each action computes anew;
   * to compute once, write the frame as Parquet and read that, or `collect()` a small one.
   *
   * @example
   * ```ts
   * const again = accounts.filter("active_ind = 1").cache();
   * ```
   */
  cache(): DataFrame<R> {
    return this;
  }

  /**
   * Returns the frame itself: see {@link DataFrame.cache}.
   *
   * @example
   * ```ts
   * accounts.persist();
   * ```
   */
  persist(): DataFrame<R> {
    return this;
  }

  /**
   * Returns the frame itself: see {@link DataFrame.cache}.
   *
   * @example
   * ```ts
   * accounts.persist().unpersist();
   * ```
   */
  unpersist(): DataFrame<R> {
    return this;
  }

  /** Writes the frame: `df.write.mode("overwrite").parquet(path)`. */
  get write(): DataFrameWriter {
    return new DataFrameWriter(this.sparkSession.client, this.plan);
  }
}

const FILTER = 'Write filter(col("a").gt(1)), or SQL text such as filter("a > 1").';
const SELECT = 'Write columns or names, such as select("a", col("b")), and a value as lit(5).';

function expressionsOf(cols: Columns, takes?: string) {
  return cols.flat().map((column) => columnFor(column, takes).expression);
}

function sortKeysOf(cols: SortKeys) {
  return cols.flat().map((column) => columnFor(column, sortHint(column)).expression);
}

/** PySpark takes the direction as a named argument. */
function sortHint(key: unknown): string {
  return typeof key === "object" && key !== null && "ascending" in key
    ? 'Write the direction at the column, such as orderBy(col("a").desc()).'
    : 'Write columns or names, such as orderBy("a", col("b").desc()).';
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
