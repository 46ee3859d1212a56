/**
 * A column of UTF-8 texts in Arrow's layout. Text `i` is `data[offsets[i] .. offsets[i + 1]]`.
 */
export interface Utf8Column {
  data: Uint8Array;
  /** One more than there are rows; the first need not be 0. */
  offsets: Int32Array;
  /** Arrow's validity bitmap: bit `i` (least significant first) is 1 where row `i` has a text and 0 where it is null. Without it no row is null. */
  validity?: Uint8Array | undefined;
}

/** The records of one batch, as columns. */
export interface RecordColumns {
  /** How many records there are. */
  rows: number;
  /** The keys; without them all records have none, and go to the partitions in turn, batch by batch. */
  key?: Utf8Column | undefined;
  value: Utf8Column;
}

/** True when the row of the column is null. */
export function isNull(column: Utf8Column, row: number): boolean {
  return column.validity !== undefined && ((column.validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0;
}

/**
 * The text of a row, or null.
 *
 * @example
 * ```ts
 * textAt(utf8Column(["first", null]), 0); // "first"
 * ```
 */
export function textAt(column: Utf8Column, row: number): string | null {
  if (isNull(column, row)) return null;
  const { data, offsets } = column;
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8", offsets[row], offsets[row + 1]);
}

/**
 * Makes a column of texts, null where an entry is null.
 *
 * @example
 * ```ts
 * import { utf8Column } from "sluice/kafka";
 * const value = utf8Column(["first", null, "third"]);
 * ```
 */
export function utf8Column(texts: readonly (string | null)[]): Utf8Column {
  const builder = new Utf8Builder(texts.length, 0);
  for (const text of texts) {
    const bytes = text === null ? undefined : Buffer.from(text);
    builder.reserve(1, bytes?.length ?? 0);
    if (bytes) builder.append(bytes, 0, bytes.length);
    else builder.appendNull();
  }
  return builder.finish();
}

const shortText = 48;

/** Collects texts into a column. Room is reserved first, so that appending checks nothing. */
export class Utf8Builder {
  #rows = 0;
  #offsets: Int32Array;
  #data: Uint8Array;
  #validity: Uint8Array | undefined;

  constructor(rows: number, bytes: number) {
    this.#offsets = new Int32Array(rows + 1);
    this.#data = new Uint8Array(bytes);
  }

  /** Makes room for so many more rows, and bytes in all of them. */
  reserve(rows: number, bytes: number): void {
    const needRows = this.#rows + rows + 1;
    if (this.#offsets.length < needRows) {
      const grown = new Int32Array(Math.max(needRows, this.#offsets.length * 2));
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    if (this.#validity && this.#validity.length * 8 < needRows)
      this.#validity = growValidity(this.#validity, this.#offsets.length);
    const needBytes = this.#end() + bytes;
    if (this.#data.length < needBytes) {
      const grown = new Uint8Array(Math.max(needBytes, this.#data.length * 2));
      grown.set(this.#data);
      this.#data = grown;
    }
  }

  append(source: Uint8Array, start: number, length: number): void {
    const data = this.#data;
    let to = this.#end();
    // A loop beats a typed-array copy for short texts.
    if (length < shortText)
      for (let from = start, end = start + length; from < end; from++) data[to++] = source[from] as number;
    else {
      data.set(new Uint8Array(source.buffer, source.byteOffset + start, length), to);
      to += length;
    }
    this.#offsets[++this.#rows] = to;
  }

  appendNull(): void {
    this.#validity ??= growValidity(new Uint8Array(0), this.#offsets.length);
    const row = this.#rows;
    this.#validity[row >> 3] = (this.#validity[row >> 3] ?? 0) & ~(1 << (row & 7));
    const end = this.#end();
    this.#offsets[++this.#rows] = end;
  }

  finish(): Utf8Column {
    const column = { data: this.#data.subarray(0, this.#end()), offsets: this.#offsets.subarray(0, this.#rows + 1) };
    return this.#validity ? { ...column, validity: this.#validity.subarray(0, (this.#rows + 7) >> 3) } : column;
  }

  #end(): number {
    return this.#offsets[this.#rows] as number;
  }
}

function growValidity(validity: Uint8Array, rows: number): Uint8Array {
  const grown = new Uint8Array((rows >> 3) + 1).fill(255);
  grown.set(validity);
  return grown;
}
