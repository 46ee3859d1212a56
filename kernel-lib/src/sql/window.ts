// Window and WindowSpec: which rows a window function looks at.
import type { Boundary, WindowParts } from "./plan/expressions.ts";
import type { ColumnOrName } from "./column.ts";
import { Column, toColumn } from "./column.ts";
import { SluiceError } from "../errors.ts";
import { isInt32 } from "./plan/literals.ts";
import * as plan from "./plan/expressions.ts";

/** One end of a frame: rows before (negative) or after (positive) the current one, or one of `Window`'s constants. */
export type FrameEnd = number | bigint | Column;

const preceding = Number.NEGATIVE_INFINITY;
const following = Number.POSITIVE_INFINITY;

/**
 * A window: partitions, their order, and the frame around each row. Made from {@link Window}.
 *
 * @example
 * ```ts
 * accounts.withColumn("n", F.row_number().over(Window.partitionBy("country").orderBy("account_id")));
 * ```
 */
export class WindowSpec {
  /** @internal The partition, the order and the frame, as the plan has them. */
  readonly parts: WindowParts;

  constructor(parts: WindowParts) {
    this.parts = parts;
  }

  /**
   * Windows of the rows with equal values in these columns.
   *
   * @example
   * ```ts
   * accounts.withColumn("n", F.count("*").over(Window.orderBy("account_id").partitionBy("country")));
   * ```
   */
  partitionBy(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): WindowSpec {
    return new WindowSpec({ ...this.parts, partitionBy: cols.flat().map((column) => toColumn(column).expression) });
  }

  /**
   * The order of rows inside each partition.
   *
   * @example
   * ```ts
   * accounts.withColumn("n", F.rank().over(Window.partitionBy("country").orderBy(col("balance").desc())));
   * ```
   */
  orderBy(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): WindowSpec {
    return new WindowSpec({ ...this.parts, orderBy: cols.flat().map((column) => toColumn(column).expression) });
  }

  /**
   * A frame counted in rows, both ends included.
   *
   * @example
   * ```ts
   * const upToHere = Window.orderBy("account_id").rowsBetween(Window.unboundedPreceding, Window.currentRow);
   * accounts.withColumn("running", F.sum("balance").over(upToHere));
   * ```
   */
  rowsBetween(start: FrameEnd, end: FrameEnd): WindowSpec {
    return new WindowSpec({ ...this.parts, frame: { type: "rows", lower: boundary(start), upper: boundary(end) } });
  }

  /**
   * A frame by the value of the one ordering column, both ends included.
   *
   * @example
   * ```ts
   * accounts.withColumn("near", F.count("*").over(Window.orderBy("active_ind").rangeBetween(-1, 0)));
   * ```
   */
  rangeBetween(start: FrameEnd, end: FrameEnd): WindowSpec {
    return new WindowSpec({ ...this.parts, frame: { type: "range", lower: boundary(start), upper: boundary(end) } });
  }
}

function boundary(end: FrameEnd): Boundary {
  if (end instanceof Column) return end.expression;
  if (end === preceding || end === following) return "unbounded";
  if (end === 0 || end === 0n) return "current";
  if (typeof end === "number" && !isInt32(end) && !Number.isSafeInteger(end)) {
    throw new SluiceError("USAGE", `A frame's end must be a whole number, not ${end}.`, {
      next: "Use Window.unboundedPreceding or Window.unboundedFollowing for no end.",
    });
  }
  return plan.literal(end);
}

const empty = new WindowSpec({ partitionBy: [], orderBy: [] });

/**
 * Starts a window for {@link Column.over}.
 *
 * @example
 * ```ts
 * const latest = Window.partitionBy("account_id").orderBy(col("load_date").desc());
 * accounts.withColumn("n", F.row_number().over(latest)).filter(col("n").eq(1));
 * ```
 */
export const Window = {
  /** From the first row of the partition. */
  unboundedPreceding: preceding,
  /** To the last row of the partition. */
  unboundedFollowing: following,
  /** The current row. */
  currentRow: 0,
  /** Windows of the rows with equal values in these columns. */
  partitionBy: (...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): WindowSpec => empty.partitionBy(...cols),
  /** One window of all rows, in this order. */
  orderBy: (...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): WindowSpec => empty.orderBy(...cols),
  /** A frame counted in rows, both ends included. */
  rowsBetween: (start: FrameEnd, end: FrameEnd): WindowSpec => empty.rowsBetween(start, end),
  /** A frame by value, both ends included. */
  rangeBetween: (start: FrameEnd, end: FrameEnd): WindowSpec => empty.rangeBetween(start, end),
} as const;
