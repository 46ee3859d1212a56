// GroupedData: rows in groups, waiting to be aggregated.
import type { DataFrame } from "./dataframe.ts";
import type { Grouping } from "./plan/relations.ts";
import { Column, toColumn } from "./column.ts";
import { SparkError, unsupported } from "./errors.ts";
import { alias, call, literal } from "./plan/expressions.ts";
import { isPlainObject } from "./plan/literals.ts";
import { aggregate } from "./plan/relations.ts";

type Frame = Pick<DataFrame, "plan" | "derive" | "knownSchema">;

const numeric = new Set(["byte", "short", "integer", "long", "float", "double", "decimal"]);

/**
 * What `groupBy`, `rollup` and `cube` return.
 *
 * @example
 * ```ts
 * accounts.groupBy("country").agg(F.sum("balance"));
 * ```
 */
export class GroupedData {
  readonly #frame: Frame;
  readonly #grouping: Grouping;

  /** @internal */
  constructor(frame: Frame, grouping: Grouping) {
    this.#frame = frame;
    this.#grouping = grouping;
  }

  /**
   * One row a group: the grouping columns and these aggregates.
   *
   * @example
   * ```ts
   * parties.groupBy("account_id").agg(F.count("*").alias("parties"), F.collect_list("party_id"));
   * parties.groupBy("account_id").agg({ party_id: "count" });
   * ```
   */
  agg(...exprs: readonly [Readonly<Record<string, string>>] | readonly Column[]): DataFrame {
    if (exprs.length === 0) throw new SparkError("CANNOT_BE_EMPTY", "At least one exprs must be specified.");
    checkAggregates(exprs);
    const aggregates = exprs.flatMap((expr) =>
      expr instanceof Column
        ? [expr.expression]
        : Object.entries(expr).map(([name, functionName]) => call(functionName, [toColumn(name).expression])),
    );
    return this.#frame.derive(aggregate(this.#frame.plan, this.#grouping, aggregates));
  }

  /**
   * The number of rows of each group, in a column `count`.
   *
   * @example
   * ```ts
   * accounts.groupBy("country").count();
   * ```
   */
  count(): DataFrame {
    return this.agg(new Column(alias(call("count", [literal(1)]), ["count"])));
  }

  /**
   * The sum of each of these numeric columns.
   *
   * @example
   * ```ts
   * accounts.groupBy("country").sum("balance");
   * ```
   */
  sum(...cols: readonly string[]): DataFrame {
    return this.#each("sum", cols);
  }

  /**
   * The mean of each of these numeric columns.
   *
   * @example
   * ```ts
   * accounts.groupBy("country").avg("balance");
   * ```
   */
  avg(...cols: readonly string[]): DataFrame {
    return this.#each("avg", cols);
  }

  /**
   * The mean of each of these numeric columns: {@link GroupedData.avg} by its other name.
   *
   * @example
   * ```ts
   * accounts.groupBy("country").mean("balance");
   * ```
   */
  mean(...cols: readonly string[]): DataFrame {
    return this.avg(...cols);
  }

  /**
   * The least value of each of these numeric columns.
   *
   * @example
   * ```ts
   * accounts.groupBy("country").min("balance");
   * ```
   */
  min(...cols: readonly string[]): DataFrame {
    return this.#each("min", cols);
  }

  /**
   * The greatest value of each of these numeric columns.
   *
   * @example
   * ```ts
   * accounts.groupBy("country").max("balance", "active_ind");
   * ```
   */
  max(...cols: readonly string[]): DataFrame {
    return this.#each("max", cols);
  }

  #each(functionName: string, cols: readonly string[]): DataFrame {
    const schema = this.#frame.knownSchema;
    const names =
      cols.length > 0
        ? cols
        : schema?.fields.filter(({ dataType }) => numeric.has(dataType.kind)).map(({ name }) => name);
    if (!names) {
      throw unsupported(
        `${functionName}() without columns on a frame whose schema is not known yet`,
        "Name the columns, or call `await df.schema()` first.",
      );
    }
    const invalid = cols.filter((name) =>
      schema?.fields.some((field) => field.name === name && !numeric.has(field.dataType.kind)),
    );
    if (invalid.length > 0) {
      throw new SparkError(
        "NOT_NUMERIC_COLUMNS",
        `Numeric aggregation function can only be applied on numeric columns, got ${invalid.join(", ")}.`,
      );
    }
    const aggregates = names.map((name) => call(functionName, [toColumn(name).expression]));
    return this.#frame.derive(aggregate(this.#frame.plan, this.#grouping, aggregates));
  }

  /**
   * One column for each value of a column; the aggregates that follow fill them.
   *
   * @param pivotCol - the column whose values become columns
   * @param values - these values only, in this order; without them the engine looks for all of them first
   * @example
   * ```ts
   * accounts.groupBy("country").pivot("active_ind", [0, 1]).count();
   * ```
   */
  pivot(pivotCol: string, values: readonly (string | number | bigint | boolean)[] = []): GroupedData {
    if (this.#grouping.type !== "groupby") {
      throw unsupported(`pivot() after ${this.#grouping.type}()`, "Use it once, after groupBy().");
    }
    const pivot = { column: toColumn(pivotCol).expression, values };
    return new GroupedData(this.#frame, { ...this.#grouping, type: "pivot", pivot });
  }
}

/** @throws SparkError `NOT_LIST_OF_COLUMN` */
function checkAggregates(exprs: readonly unknown[]): void {
  const [first] = exprs;
  const named =
    exprs.length === 1 && isPlainObject(first) && Object.values(first).every((name) => typeof name === "string");
  if (named || exprs.every((expr) => expr instanceof Column)) return;
  throw new SparkError(
    "NOT_LIST_OF_COLUMN",
    'Argument `exprs` should be a list of Columns. Write agg(F.max("a"), F.count("*")), or agg({ a: "max" }).',
  );
}
