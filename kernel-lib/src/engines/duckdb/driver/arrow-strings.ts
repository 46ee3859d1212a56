// Strings and binaries out of DuckDB vectors: up to 12 bytes stand in the vector, longer ones behind a pointer.
import duckdb from "@duckdb/node-bindings";

import type { ColumnSink, ColumnWriter } from "./column-writer.ts";
import { handValidity } from "./column-writer.ts";
import { Bitmap, Bytes, withFirstOffset } from "./buffers.ts";

const INLINE = 12;
/** Both ends of a gap smaller than a page are on mapped pages, and so is all that lies between. */
const GAP = 4096;
const NOTHING: Uint8Array = new Uint8Array(0);

/**
 * One call to follow a pointer costs as much as copying fifty strings, but DuckDB lays the strings of a chunk one
 * after the other: a first pass finds the runs, each is fetched by one call.
 */
export class StringColumn implements ColumnWriter {
  private readonly validity = new Bitmap();
  private readonly ends = new Bytes();
  private readonly data = new Bytes();
  private mask: Uint8Array | null = null;
  private source = NOTHING;
  private words: Uint32Array = new Uint32Array(0);

  bind(vector: duckdb.Vector, size: number): void {
    this.mask = size === 0 ? null : duckdb.vector_get_validity(vector, Math.ceil(size / 64) * 8);
    this.source = size === 0 ? NOTHING : duckdb.vector_get_data(vector, size * 16);
    this.words = new Uint32Array(this.source.buffer, this.source.byteOffset, size * 4);
  }

  take(start: number, count: number): void {
    this.validity.append(this.mask, start, count);
    const ends = new Int32Array(count);
    let end = this.data.length;
    let row = start;
    while (row < start + count) {
      const next = this.nextRun(row, start + count);
      for (let i = row; i < next; i++) {
        if (this.isValid(i)) end += this.words[i * 4] as number;
        ends[i - start] = end;
      }
      if (end > 0x7fff_ffff) throw new RangeError("A batch holds more than 2 GiB of text.");
      this.copyRun(row, next, end - this.data.length);
      row = next;
    }
    this.ends.append(new Uint8Array(ends.buffer));
  }

  finish(sink: ColumnSink): void {
    handValidity(this.validity, sink);
    sink.buffer(withFirstOffset(this.ends.take()));
    sink.buffer(this.data.take());
  }

  get size(): number {
    return this.ends.length + this.data.length;
  }

  private isValid(row: number): boolean {
    return this.mask === null || ((this.mask[row >> 3] as number) >> (row & 7)) % 2 === 1;
  }

  private pointer(row: number): number {
    return (this.words[row * 4 + 2] as number) + (this.words[row * 4 + 3] as number) * 0x1_0000_0000;
  }

  /** The first row after `from` whose long string does not lie just behind the one before. */
  private nextRun(from: number, to: number): number {
    let behind = -1;
    for (let row = from; row < to; row++) {
      const length = this.words[row * 4] as number;
      if (length <= INLINE || !this.isValid(row)) continue;
      const at = this.pointer(row);
      if (behind >= 0 && (at < behind || at - behind >= GAP)) return row;
      behind = at + length;
    }
    return to;
  }

  private copyRun(from: number, to: number, total: number): void {
    const target = this.data.reserve(total);
    let run = NOTHING;
    let runAt = 0;
    let out = 0;
    for (let row = from; row < to; row++) {
      if (!this.isValid(row)) continue;
      const length = this.words[row * 4] as number;
      if (length <= INLINE) {
        const at = row * 16 + 4;
        for (let i = 0; i < length; i++) target[out + i] = this.source[at + i] as number;
      } else {
        const at = this.pointer(row);
        if (run === NOTHING) {
          run = this.fetchRun(row, to);
          runAt = at;
        }
        const inRun = at - runAt;
        if (length < 48) for (let i = 0; i < length; i++) target[out + i] = run[inRun + i] as number;
        else target.set(run.subarray(inRun, inRun + length), out);
      }
      out += length;
    }
  }

  private fetchRun(first: number, to: number): Uint8Array {
    let last = first;
    for (let row = to - 1; row > first; row--) {
      if ((this.words[row * 4] as number) > INLINE && this.isValid(row)) {
        last = row;
        break;
      }
    }
    const bytes = this.pointer(last) + (this.words[last * 4] as number) - this.pointer(first);
    const { buffer, byteOffset } = this.source;
    return duckdb.get_data_from_pointer(buffer as ArrayBuffer, byteOffset + first * 16 + 8, bytes);
  }
}
