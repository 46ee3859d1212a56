// Functions about the query itself, hashes of rows, and calls by name.
import type { ColumnOrName } from "../column.ts";
import type { DataFrame } from "../dataframe.ts";
import { Column, toColumn } from "../column.ts";
import * as plan from "../plan/expressions.ts";
import { nullary, unary, value } from "./make.ts";

/** The name of the current catalog. */
export const current_catalog = nullary("current_catalog");

/** The name of the current database. */
export const current_database = nullary("current_database");

/** The name of the current database. */
export const current_schema = nullary("current_schema");

/** The name of the user. */
export const current_user = nullary("current_user");

/** The file that the row was read from. */
export const input_file_name = nullary("input_file_name");

/**
 * A number that grows from row to row, not always by one.
 *
 * @example
 * ```ts
 * accounts.withColumn("n", F.monotonically_increasing_id());
 * ```
 */
export const monotonically_increasing_id = nullary("monotonically_increasing_id");

/** The number of the row's partition. */
export const spark_partition_id = nullary("spark_partition_id");

/** The type of the value, as text. */
const typeOf = unary("typeof");
export { typeOf as typeof };

/** The name of the user. */
export const user = nullary("user");

/** The version of the engine, as text. */
export const version = nullary("version");

/**
 * A column by name; `*` is all columns, `a.*` all fields of a struct or columns of an alias.
 *
 * Names with dots are paths into structs; put a name that contains one in backquotes.
 *
 * @example
 * ```ts
 * col("partyAddress.city");
 * ```
 */
export function col(name: string): Column {
  return new Column(plan.attribute(name));
}

/** A column by name: `col` by its other name. */
export const column = col;

/**
 * A value as a column; a column stays itself. Arrays become ARRAY, plain objects STRUCT, `Map` MAP.
 *
 * @throws SluiceError `INPUT_INVALID` for values that no literal can hold
 * @example
 * ```ts
 * accounts.withColumn("source", lit("landing"));
 * ```
 */
export function lit(item: unknown): Column {
  return value(item);
}

/**
 * An expression written in SQL: `expr("amount * 1.2 AS gross")`.
 *
 * @example
 * ```ts
 * expr("1 + 1"); // 2
 * ```
 */
export function expr(sql: string): Column {
  return new Column(plan.sqlExpression(sql));
}

/**
 * Sorts upwards, nulls first.
 *
 * @example
 * ```ts
 * accounts.orderBy(F.asc("country"));
 * ```
 */
export const asc = (name: ColumnOrName): Column => toColumn(name).asc();

/** Sorts upwards, nulls first. */
export const asc_nulls_first = (name: ColumnOrName): Column => toColumn(name).asc_nulls_first();

/** Sorts upwards, nulls last. */
export const asc_nulls_last = (name: ColumnOrName): Column => toColumn(name).asc_nulls_last();

/**
 * Sorts downwards, nulls last.
 *
 * @example
 * ```ts
 * accounts.orderBy(F.desc("country"));
 * ```
 */
export const desc = (name: ColumnOrName): Column => toColumn(name).desc();

/** Sorts downwards, nulls first. */
export const desc_nulls_first = (name: ColumnOrName): Column => toColumn(name).desc_nulls_first();

/** Sorts downwards, nulls last. */
export const desc_nulls_last = (name: ColumnOrName): Column => toColumn(name).desc_nulls_last();

/**
 * The frame with the hint that it is small enough to be sent to every worker.
 *
 * @example
 * ```ts
 * accounts.join(F.broadcast(parties), "account_id");
 * ```
 */
export function broadcast<R extends object>(frame: DataFrame<R>): DataFrame<R> {
  return frame.hint("broadcast");
}

/**
 * A function by its SQL name, for what has no member here: `call_function("bitmap_count", "bits")`.
 *
 * @example
 * ```ts
 * F.call_function("upper", lit("a")); // "A"
 * ```
 */
export function call_function(name: string, ...cols: readonly ColumnOrName[]): Column {
  return new Column(
    plan.callFunction(
      name,
      cols.map((item) => toColumn(item).expression),
    ),
  );
}
