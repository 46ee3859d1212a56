// One operation on one connection: queries out as Arrow, rows in, statements; canceled by its signal, ended once.
import type { DuckDBConnection, DuckDBType, DuckDBValue } from "@duckdb/node-api";

import { SluiceError } from "../../../errors.ts";
import type { DataType, StructType } from "../../../sql/types/data-type.ts";
import { canceled, duckdbError, quoteName } from "../errors.ts";
import type { NativeFunction } from "../functions/definition.ts";
import type { LocalData, ScanContext } from "../sources/source.ts";
import type { ArrowBatch } from "./arrow-stream.ts";
import { ArrowStreamWriter } from "./arrow-stream.ts";
import type { TableBatch } from "./local-table.ts";
import { duckdbType } from "../types.ts";
import { batchesOf, createTable } from "./local-table.ts";
import type { NativeFunctions } from "./native-functions.ts";

interface OperationParts {
  readonly connection: DuckDBConnection;
  readonly natives: NativeFunctions;
  readonly timeZone: string;
  readonly tempDirectory: string;
  readonly signal: AbortSignal | undefined;
  /** Gives the connection back; it may serve again only when nothing of this operation is left on it. */
  readonly release: (reusable: boolean) => void;
}

/** How far a statement is, as DuckDB tells it. */
export interface Progress {
  /** 0 to 1. */
  readonly fraction: number;
  readonly rows: bigint;
}

const ignore = () => {};

/** How often a cancellation is repeated while a statement may not have begun to listen. */
const INTERRUPT_EVERY_MS = 5;

/**
 * One connection in use. Begun by `Driver.begin`; `end` must be called in a `finally`.
 *
 * It runs one statement at a time: a second one would end a running query without an error.
 */
export class Operation implements ScanContext {
  /** Aborts when the caller cancels or the driver closes. */
  readonly signal: AbortSignal;
  private readonly parts: OperationParts;
  private readonly abort = new AbortController();
  private readonly cleanUps: (() => Promise<void> | void)[] = [];
  private readonly forward = () => this.abort.abort();
  private busy: Promise<void> | undefined;
  private fetching: Promise<void> | undefined;
  /** Between two batches nothing runs but the fetch of the next chunk, and the consumer may never come back. */
  private waitsForConsumer = false;
  private localTables = 0;
  private reusable = true;
  private ended: Promise<void> | undefined;

  constructor(parts: OperationParts) {
    this.parts = parts;
    this.signal = this.abort.signal;
    if (parts.signal?.aborted) this.abort.abort();
    parts.signal?.addEventListener("abort", this.forward, { once: true });
  }

  get tempDirectory(): string {
    return this.parts.tempDirectory;
  }

  get timeZone(): string {
    return this.parts.timeZone;
  }

  /**
   * Runs a query and streams its rows as Arrow batches of up to 60,000 rows or about 4 MiB.
   *
   * DuckDB computes no further than the batches that were asked for, plus a small buffer. A result without rows gives
   * one empty batch.
   *
   * @param sql a query whose columns have the types `duckdbType` gives for the fields of `schema`, in the same order.
   * @param natives the JavaScript functions it calls.
   * @throws SparkError OPERATION_CANCELED when the signal aborts, and whatever condition the query raises.
   */
  async *query(
    sql: string,
    schema: StructType,
    natives: readonly NativeFunction[],
  ): AsyncGenerator<ArrowBatch, void, undefined> {
    const done = this.occupy();
    // Until the last row is out, the connection has a result that nobody may reuse.
    this.reusable = false;
    try {
      this.use(natives);
      const writer = new ArrowStreamWriter(schema, this.parts.timeZone);
      const stream = await this.parts.connection.stream(sql);
      schema.fields.forEach((field, i) => checkWidth(field.dataType, String(stream.columnType(i))));
      let sent = false;
      // DuckDB fills the next chunk while this one is written.
      const fetch = () => {
        const chunk = stream.fetchChunk();
        this.fetching = chunk.then(ignore, ignore);
        return chunk;
      };
      let next = fetch();
      for (;;) {
        const chunk = await next;
        this.check();
        if (!chunk || chunk.rowCount === 0) break;
        next = fetch();
        writer.append(chunk);
        if (writer.isFull) {
          this.waitsForConsumer = true;
          yield writer.finish();
          this.waitsForConsumer = false;
          sent = true;
          this.check();
        }
      }
      if (writer.rowCount > 0 || !sent) yield writer.finish();
      this.reusable = this.localTables === 0;
    } catch (thrown) {
      throw this.translate(thrown);
    } finally {
      // A consumer that stops early leaves a chunk on its way.
      if (!this.reusable) this.parts.connection.interrupt();
      await this.fetching;
      this.waitsForConsumer = false;
      done();
    }
  }

  /**
   * Runs a statement, and returns how many rows it changed or wrote.
   *
   * @param target the folder it writes to, named when there is no space left in it.
   */
  async run(sql: string, natives: readonly NativeFunction[] = [], target?: string): Promise<number> {
    return this.statement(natives, async () => (await this.parts.connection.run(sql)).rowsChanged, target);
  }

  /** Runs a small query, and returns its rows as DuckDB's values. For metadata; data leave by `query`. */
  async rows(sql: string, natives: readonly NativeFunction[] = []): Promise<DuckDBValue[][]> {
    return this.statement(natives, async () => (await this.parts.connection.runAndReadAll(sql)).getRows());
  }

  /** The names and types of a query's columns; nothing runs. */
  async columns(sql: string): Promise<{ name: string; type: DuckDBType }[]> {
    return this.statement([], async () => {
      const prepared = await this.parts.connection.prepare(sql);
      try {
        return Array.from({ length: prepared.columnCount }, (_, i) => ({
          name: prepared.columnName(i),
          type: prepared.columnType(i),
        }));
      } finally {
        prepared.destroySync();
      }
    });
  }

  /**
   * Puts rows that came with a plan into a temporary table, which is dropped when the operation ends.
   *
   * @param data rows as an Arrow IPC stream; its types must be those of the schema (see `structTypeOfArrow`).
   * @param ids the column names in SQL.
   * @returns the table's name in SQL, quoted.
   */
  localTable(data: LocalData, ids: readonly string[]): Promise<string> {
    return this.table(data.schema, ids, batchesOf(data));
  }

  /**
   * Puts rows into a temporary table, which is dropped when the operation ends.
   *
   * @param batches Arrow columns of the types that `arrowType` gives for the schema; text and binary may be either.
   * @returns the table's name in SQL, quoted.
   */
  async table(
    schema: StructType,
    ids: readonly string[],
    batches: AsyncIterable<TableBatch> | Iterable<TableBatch>,
  ): Promise<string> {
    const name = `local_${++this.localTables}`;
    this.reusable = false;
    return this.statement([], async () => {
      await createTable(this.parts.connection, name, schema, ids, batches, this.signal);
      return quoteName(name);
    });
  }

  /**
   * Puts a query's rows into a temporary table that can spill, which is gone when the operation ends.
   *
   * @param into a table that an earlier call gave; the rows are added to it.
   */
  async stage(sql: string, natives: readonly NativeFunction[], into?: string): Promise<string> {
    const table = into ?? quoteName(`staged_${++this.localTables}`);
    this.reusable = false;
    await this.run(`${into ? `INSERT INTO ${into}` : `CREATE TEMPORARY TABLE ${table} AS`} ${sql}`, natives);
    return table;
  }

  /** How far the running statement is; undefined when DuckDB cannot tell. */
  progress(): Progress | undefined {
    if (!this.busy) return undefined;
    const { percentage, rows_processed: rows } = this.parts.connection.progress;
    return percentage < 0 ? undefined : { fraction: Math.min(1, percentage / 100), rows };
  }

  /** Registers JavaScript functions for the SQL to come. */
  use(natives: readonly NativeFunction[]): void {
    this.parts.natives.register(this.parts.connection, natives);
  }

  onEnd(cleanUp: () => Promise<void> | void): void {
    this.cleanUps.push(cleanUp);
  }

  /** Stops what still runs, drops local tables, runs the clean-ups and gives the connection back. */
  end(): Promise<void> {
    this.ended ??= this.finish();
    return this.ended;
  }

  private async finish(): Promise<void> {
    if (this.busy) {
      this.reusable = false;
      this.abort.abort();
      await (this.waitsForConsumer ? this.fetching : this.busy);
    }
    this.parts.signal?.removeEventListener("abort", this.forward);
    if (this.signal.aborted) this.reusable = false;
    this.parts.release(this.reusable);
    for (const cleanUp of this.cleanUps.reverse()) {
      try {
        await cleanUp();
      } catch {
        // What could not be removed lies in a temporary folder; the operation's own outcome matters more.
      }
    }
  }

  private async statement<T>(natives: readonly NativeFunction[], work: () => Promise<T>, target?: string): Promise<T> {
    const done = this.occupy();
    try {
      this.use(natives);
      const result = await work();
      this.check();
      return result;
    } catch (thrown) {
      this.reusable = false;
      throw this.translate(thrown, target);
    } finally {
      done();
    }
  }

  /** Marks the connection as in use and listens for cancellation until the returned function is called. */
  private occupy(): () => void {
    if (this.ended) throw new SluiceError("INTERNAL", "The operation has ended already.");
    if (this.busy) throw new SluiceError("INTERNAL", "An operation runs one statement at a time.");
    this.check();
    let settle = () => {};
    this.busy = new Promise((resolve) => (settle = resolve));
    let timer: NodeJS.Timeout | undefined;
    const interrupt = () => {
      // A statement that is only being prepared forgets an interrupt, so it is repeated until the work has stopped.
      this.parts.connection.interrupt();
      timer = setInterval(() => this.parts.connection.interrupt(), INTERRUPT_EVERY_MS);
    };
    this.signal.addEventListener("abort", interrupt, { once: true });
    return () => {
      clearInterval(timer);
      this.signal.removeEventListener("abort", interrupt);
      this.busy = undefined;
      settle();
    };
  }

  private check(): void {
    if (this.signal.aborted) throw canceled();
  }

  private translate(thrown: unknown, target?: string): SluiceError {
    if (this.signal.aborted && !(thrown instanceof SluiceError)) return canceled(thrown);
    return duckdbError(thrown, {
      tempDirectory: this.parts.tempDirectory,
      ...(target === undefined ? {} : { target }),
    });
  }
}

const WIDTHS = new Set(["byte", "short", "integer", "long", "float", "double", "decimal"]);

/** Bytes of another width would be read as wrong numbers without a word. */
function checkWidth(expected: DataType, actual: string): void {
  if (!WIDTHS.has(expected.kind) || actual === duckdbType(expected)) return;
  throw new SluiceError("INTERNAL", `The engine computed a column of ${duckdbType(expected)} as ${actual}.`);
}
