import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { SluiceError } from "../errors.ts";
import { ByteSink } from "./byte-sink.ts";
import type { CellWriter, Column } from "./column.ts";

/** What a table of dummy data is made of. */
export interface TableOptions {
  /** How many rows, up to 2³². */
  readonly rows: number;
  /** A whole number; the same seed gives the same bytes everywhere. */
  readonly seed: number;
  readonly columns: Readonly<Record<string, Column>>;
  /** The table's name: part of each column's key, so that equal columns of two tables differ. `table` when left out. */
  readonly name?: string;
}

/** One column of a batch as UTF-8: value `i` is `bytes[offsets[i] … offsets[i + 1])`, and null where `nulls[i]` is 1. */
export interface TextColumn {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly nulls: Uint8Array;
}

/** Some rows of a table, by columns. */
export interface Batch {
  readonly firstRow: number;
  readonly rows: number;
  readonly columns: readonly TextColumn[];
}

/** How {@link DummyTable.writeCsv} writes. */
export interface CsvOptions {
  /** How many rows a file of the folder holds; all in one when left out. */
  readonly rowsPerFile?: number;
  readonly onProgress?: (rowsDone: number, rows: number) => void;
  readonly signal?: AbortSignal;
}

const COMMA = 44;
const QUOTE = 34;
const NEWLINE = 10;
const FLUSH_BYTES = 1 << 20;

/**
 * A table of seeded dummy data: nothing is made before it is asked for, and memory does not grow with the rows.
 *
 * @example
 * ```ts
 * const people = table({ rows: 3, seed: 42, columns: { name: personName() } });
 * console.log(people.rowCount, people.columnNames.join()); // 3 name
 * ```
 */
export class DummyTable {
  /** How many rows it has. */
  readonly rowCount: number;
  /** The names of its columns, in order. */
  readonly columnNames: readonly string[];
  /** The table's schema as Spark DDL. */
  readonly ddl: string;
  readonly #writers: readonly CellWriter[];
  readonly #columns: readonly Column[];

  constructor({ rows, seed, columns, name = "table" }: TableOptions) {
    if (!Number.isInteger(rows) || rows < 0 || rows > 2 ** 32)
      throw new SluiceError("USAGE", `A table has 0 to 2³² rows, not ${rows}.`);
    if (!Number.isSafeInteger(seed)) throw new SluiceError("USAGE", `A seed is a whole number, not ${seed}.`);
    this.rowCount = rows;
    this.columnNames = Object.keys(columns);
    if (this.columnNames.length === 0) throw new SluiceError("USAGE", "A table needs at least one column.");
    this.#columns = Object.values(columns);
    this.#writers = Object.entries(columns).map(([column, maker]) => maker.bind(seed, `${name}.${column}`));
    this.ddl = Object.entries(columns)
      .map(([column, { type }]) => `${/^\w+$/.test(column) ? column : `\`${column.replaceAll("`", "``")}\``} ${type}`)
      .join(", ");
  }

  /**
   * The rows by columns, `size` rows at a time. The arrays of a batch are its own: they may be kept.
   *
   * @example
   * ```ts
   * const ids = table({ rows: 3, seed: 42, columns: { id: uniqueDigits(10) } });
   * for (const batch of ids.batches(2)) console.log(batch.rows);
   * ```
   */
  *batches(size = 10_000): Generator<Batch, void> {
    for (let firstRow = 0; firstRow < this.rowCount; firstRow += size) {
      const rows = Math.min(size, this.rowCount - firstRow);
      yield { firstRow, rows, columns: this.#writers.map((write, index) => this.#fill(write, index, firstRow, rows)) };
    }
  }

  /**
   * The rows as objects of texts, null where there is none. Meant for small tables and tests.
   *
   * @example
   * ```ts
   * const [row] = table({ rows: 1, seed: 42, columns: { n: constant("1") } }).rows();
   * console.log(row?.n); // 1
   * ```
   */
  *rows(): Generator<Record<string, string | null>, void> {
    const sink = new ByteSink();
    for (let row = 0; row < this.rowCount; row++) {
      const values: Record<string, string | null> = {};
      for (const [index, write] of this.#writers.entries()) {
        sink.length = 0;
        sink.reserve(this.#columns[index]!.maxBytes);
        values[this.columnNames[index]!] = write(sink, row)
          ? Buffer.from(sink.bytes.buffer, 0, sink.length).toString("utf8")
          : null;
      }
      yield values;
    }
  }

  /**
   * Writes the table as RFC 4180 CSV in UTF-8 with a header: to a stream, or into a folder as `part-00000.csv` and so on.
   *
   * A null is an empty field, an empty text is `""`. Lines end with a line feed. When it fails or is stopped, the files
   * made so far are removed.
   *
   * @returns the names of the files, none for a stream
   * @example
   * ```ts
   * await table({ rows: 100, seed: 42, columns: { id: uniqueDigits(10) } }).writeCsv("ids", { rowsPerFile: 50 });
   * ```
   */
  async writeCsv(target: string | Writable, options: CsvOptions = {}): Promise<string[]> {
    if (typeof target !== "string") {
      await this.#writeRows(0, this.rowCount, (bytes) => writeToStream(target, bytes), options);
      return [];
    }
    await mkdir(target, { recursive: true });
    const perFile = options.rowsPerFile ?? Math.max(this.rowCount, 1);
    const files: string[] = [];
    try {
      for (let first = 0; first === 0 || first < this.rowCount; first += perFile) {
        const file = join(target, `part-${String(files.length).padStart(5, "0")}.csv`);
        files.push(file);
        await using handle = await openFile(file);
        await this.#writeRows(first, Math.min(first + perFile, this.rowCount), (bytes) => handle.write(bytes), options);
      }
    } catch (error) {
      for (const file of files) await rm(file, { force: true });
      throw storageFull(error, target);
    }
    return files;
  }

  async #writeRows(
    first: number,
    end: number,
    write: (bytes: Uint8Array) => Promise<void>,
    options: CsvOptions,
  ): Promise<void> {
    // Two buffers: one is filled while the other is written.
    let sink = new ByteSink(FLUSH_BYTES * 2);
    let spare = new ByteSink(FLUSH_BYTES * 2);
    let writing: Promise<void> = Promise.resolve();
    const widest = this.#columns.reduce((sum, column) => sum + column.maxBytes * 2 + 3, 1);
    sink.length = Buffer.from(sink.bytes.buffer).write(this.columnNames.map(quoted).join(",") + "\n");
    for (let row = first; row < end; row++) {
      sink.reserve(widest);
      this.#writeRow(sink, row);
      if (sink.length < FLUSH_BYTES) continue;
      await writing;
      options.signal?.throwIfAborted();
      options.onProgress?.(row + 1, this.rowCount);
      writing = write(sink.bytes.subarray(0, sink.length));
      // A failure is thrown where it is awaited; until then it must not count as unhandled.
      writing.catch(() => undefined);
      [sink, spare] = [spare, sink];
      sink.length = 0;
    }
    await writing;
    await write(sink.bytes.subarray(0, sink.length));
    options.onProgress?.(end, this.rowCount);
  }

  #writeRow(sink: ByteSink, row: number): void {
    const writers = this.#writers;
    for (let column = 0; column < writers.length; column++) {
      if (column > 0) sink.byte(COMMA);
      const start = sink.length;
      if (writers[column]!(sink, row)) quoteWhereNeeded(sink, start);
    }
    sink.byte(NEWLINE);
  }

  #fill(write: CellWriter, index: number, firstRow: number, rows: number): TextColumn {
    const column = this.#columns[index]!;
    const sink = new ByteSink(rows * Math.min(column.maxBytes, 32) + column.maxBytes);
    const offsets = new Uint32Array(rows + 1);
    const nulls = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) {
      sink.reserve(column.maxBytes);
      if (!write(sink, firstRow + row)) nulls[row] = 1;
      offsets[row + 1] = sink.length;
    }
    return { name: this.columnNames[index]!, bytes: sink.bytes.subarray(0, sink.length), offsets, nulls };
  }
}

/**
 * Describes a table of dummy data.
 *
 * @example
 * ```ts
 * import { iban, personName, table } from "sluice/dummy-data";
 * const people = table({ rows: 1000, seed: 42, columns: { name: personName(), account: iban() } });
 * await people.writeCsv("people");
 * ```
 */
export function table(options: TableOptions): DummyTable {
  return new DummyTable(options);
}

/** Puts quotes around the value that starts at `start`, where CSV needs them. */
function quoteWhereNeeded(sink: ByteSink, start: number): void {
  const { bytes } = sink;
  const end = sink.length;
  let needed = end === start;
  let quotes = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > COMMA) continue;
    if (byte === QUOTE) quotes++;
    if (byte === COMMA || byte === QUOTE || byte === NEWLINE || byte === 13) needed = true;
  }
  if (!needed) return;
  // Moved from the end, so that nothing is overwritten before it is read.
  let to = end + quotes + 1;
  sink.length = to + 1;
  bytes[to--] = QUOTE;
  for (let at = end - 1; at >= start; at--) {
    bytes[to--] = bytes[at]!;
    if (bytes[at] === QUOTE) bytes[to--] = QUOTE;
  }
  bytes[start] = QUOTE;
}

function quoted(name: string): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

async function openFile(file: string): Promise<{ write(bytes: Uint8Array): Promise<void> } & AsyncDisposable> {
  const handle = await open(file, "w");
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

function writeToStream(stream: Writable, bytes: Uint8Array): Promise<void> {
  // A copy: the stream may keep the bytes after it has called back.
  return new Promise((resolve, reject) =>
    stream.write(Buffer.from(bytes), (error) => (error ? reject(error) : resolve())),
  );
}

function storageFull(error: unknown, folder: string): unknown {
  if ((error as { code?: unknown }).code !== "ENOSPC") return error;
  return new SluiceError("STORAGE_FULL", `The disk is full: the dummy data in ${folder} could not be written.`, {
    cause: error,
    next: "Free some space or ask for fewer rows.",
  });
}
