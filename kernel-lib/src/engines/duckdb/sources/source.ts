// What a data source is to the analyzer and the compiler. One file beside this one for each format.
import type { DataType, StructType } from "../../../sql/types/data-type.ts";
import type { TableBatch } from "../driver/local-table.ts";
import type { NativeFunction } from "../functions/definition.ts";

/** A resolved read: its schema is known, and `prepare` says which SQL gives its rows. */
export interface ScanSource {
  /** For explain: the format and the paths. */
  readonly description: string;
  readonly schema: StructType;
  /**
   * SQL of a table expression with exactly the columns asked for, named as given and of the DuckDB types of
   * `duckdbType(dataType)` (struct fields f1…fn). Called once for each run; may download files first.
   */
  prepare(columns: readonly ScanColumn[], context: ScanContext): Promise<string>;
}

export interface ScanColumn {
  /** Position in the source's schema. */
  readonly ordinal: number;
  /** The name the column must have in the SQL. */
  readonly id: string;
  readonly dataType: DataType;
}

/** What a source may use of the operation it runs in; the driver's `Operation` is one. */
export interface ScanContext {
  readonly signal: AbortSignal;
  /** Registers the JavaScript functions that the source's SQL calls. */
  use(natives: readonly NativeFunction[]): void;
  /** Puts rows into a temporary table, and returns its name in SQL. */
  table(schema: StructType, ids: readonly string[], batches: AsyncIterable<TableBatch>): Promise<string>;
  /** Runs when the operation has ended, however it ended: removes temporary files, closes connections. */
  onEnd(cleanUp: () => Promise<void> | void): void;
}

/** Rows that came with a plan: one Arrow IPC stream, or rows of literals already in the compiler's hands. */
export interface LocalData {
  readonly schema: StructType;
  /** Arrow IPC stream bytes; absent for an empty relation. */
  readonly arrow?: Uint8Array;
}
