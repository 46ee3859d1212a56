// DuckDB vectors to Arrow column buffers, read raw: one writer for each column gathers the chunks of a batch.
import duckdb from "@duckdb/node-bindings";

import type { DataType } from "../../../sql/types/data-type.ts";
import { Bitmap, Bytes, withFirstOffset } from "./buffers.ts";
import type { ColumnSink, ColumnWriter } from "./column-writer.ts";
import { handValidity } from "./column-writer.ts";
import { StringColumn } from "./arrow-strings.ts";

/** The writer for a Spark type. */
export function columnWriter(dataType: DataType): ColumnWriter {
  switch (dataType.kind) {
    case "null":
      return new NullColumn();
    case "boolean":
      return new BooleanColumn();
    case "byte":
      return new FixedColumn(1);
    case "short":
      return new FixedColumn(2);
    case "integer":
    case "float":
    case "date":
      return new FixedColumn(4);
    case "long":
    case "double":
    case "timestamp":
    case "timestampNtz":
      return new FixedColumn(8);
    case "decimal":
      return dataType.precision > 18
        ? new FixedColumn(16)
        : new ConvertedColumn(decimalWidth(dataType.precision), 16, widenDecimal);
    case "yearMonthInterval":
      return new ConvertedColumn(16, 4, (from, at, to, out) => to.setInt32(out, from.getInt32(at, true), true));
    case "dayTimeInterval":
      return new ConvertedColumn(16, 8, (from, at, to, out) => to.setBigInt64(out, intervalMicros(from, at), true));
    case "calendarInterval":
      return new ConvertedColumn(16, 16, (from, at, to, out) => {
        to.setInt32(out, from.getInt32(at, true), true);
        to.setInt32(out + 4, from.getInt32(at + 4, true), true);
        to.setBigInt64(out + 8, from.getBigInt64(at + 8, true) * 1000n, true);
      });
    case "string":
    case "binary":
      return new StringColumn();
    case "array":
      return new ListColumn(columnWriter(dataType.elementType));
    case "map":
      return new ListColumn(
        new StructColumn([columnWriter(dataType.keyType), columnWriter(dataType.valueType)], false),
      );
    case "struct":
      return new StructColumn(
        dataType.fields.map((field) => columnWriter(field.dataType)),
        true,
      );
  }
}

function decimalWidth(precision: number): 2 | 4 | 8 {
  return precision <= 4 ? 2 : precision <= 9 ? 4 : 8;
}

type Convert = (from: DataView, at: number, to: DataView, out: number, width: number) => void;

const widenDecimal: Convert = (from, at, to, out, width) => {
  const value =
    width === 2
      ? BigInt(from.getInt16(at, true))
      : width === 4
        ? BigInt(from.getInt32(at, true))
        : from.getBigInt64(at, true);
  to.setBigInt64(out, value, true);
  to.setBigInt64(out + 8, value < 0n ? -1n : 0n, true);
};

/** An interval_t is { int32 months, int32 days, int64 micros }; day-time intervals have no months. */
function intervalMicros(from: DataView, at: number): bigint {
  return BigInt(from.getInt32(at + 4, true)) * 86_400_000_000n + from.getBigInt64(at + 8, true);
}

const NOTHING: Uint8Array = new Uint8Array(0);

/** What every column with a validity bitmap does. */
abstract class Nullable implements ColumnWriter {
  protected readonly validity = new Bitmap();
  protected mask: Uint8Array | null = null;

  bind(vector: duckdb.Vector, size: number): void {
    // Both sides have 1 for valid, lowest bit first; no mask means that all are valid.
    this.mask = size === 0 ? null : duckdb.vector_get_validity(vector, Math.ceil(size / 64) * 8);
    this.look(vector, size);
  }

  take(start: number, count: number): void {
    this.validity.append(this.mask, start, count);
    this.gather(start, count);
  }

  finish(sink: ColumnSink): void {
    handValidity(this.validity, sink);
    this.hand(sink);
  }

  protected isValid(row: number): boolean {
    return this.mask === null || ((this.mask[row >> 3] as number) >> (row & 7)) % 2 === 1;
  }

  abstract readonly size: number;
  protected abstract look(vector: duckdb.Vector, size: number): void;
  protected abstract gather(start: number, count: number): void;
  protected abstract hand(sink: ColumnSink): void;
}

/** Arrow's null type has a length and nothing else. */
class NullColumn implements ColumnWriter {
  readonly size = 0;
  private length = 0;

  bind(): void {}

  take(_start: number, count: number): void {
    this.length += count;
  }

  finish(sink: ColumnSink): void {
    sink.node(this.length, this.length);
    this.length = 0;
  }
}

class FixedColumn extends Nullable {
  private readonly width: number;
  private readonly values = new Bytes();
  private source = NOTHING;

  constructor(width: number) {
    super();
    this.width = width;
  }

  override get size(): number {
    return this.values.length;
  }

  protected override look(vector: duckdb.Vector, size: number): void {
    this.source = size === 0 ? NOTHING : duckdb.vector_get_data(vector, size * this.width);
  }

  protected override gather(start: number, count: number): void {
    this.values.append(this.source.subarray(start * this.width, (start + count) * this.width));
  }

  protected override hand(sink: ColumnSink): void {
    sink.buffer(this.values.take());
  }
}

class BooleanColumn extends Nullable {
  private readonly values = new Bitmap();
  private source = NOTHING;

  override get size(): number {
    return this.values.length >> 3;
  }

  protected override look(vector: duckdb.Vector, size: number): void {
    this.source = size === 0 ? NOTHING : duckdb.vector_get_data(vector, size);
  }

  protected override gather(start: number, count: number): void {
    for (let row = start; row < start + count; row++) this.values.push(this.source[row] === 1);
  }

  protected override hand(sink: ColumnSink): void {
    sink.buffer(this.values.take());
  }
}

/** Fixed width on both sides, but not the same. */
class ConvertedColumn extends Nullable {
  private readonly from: number;
  private readonly to: number;
  private readonly convert: Convert;
  private readonly values = new Bytes();
  private source: DataView = new DataView(NOTHING.buffer);

  constructor(from: number, to: number, convert: Convert) {
    super();
    this.from = from;
    this.to = to;
    this.convert = convert;
  }

  override get size(): number {
    return this.values.length;
  }

  protected override look(vector: duckdb.Vector, size: number): void {
    const bytes = size === 0 ? NOTHING : duckdb.vector_get_data(vector, size * this.from);
    this.source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  protected override gather(start: number, count: number): void {
    const target = this.values.reserve(count * this.to);
    target.fill(0);
    const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
    for (let i = 0; i < count; i++) {
      if (this.isValid(start + i)) this.convert(this.source, (start + i) * this.from, view, i * this.to, this.from);
    }
  }

  protected override hand(sink: ColumnSink): void {
    sink.buffer(this.values.take());
  }
}

/** Arrays, and maps as lists of entries. A list_entry_t is { uint64 offset, uint64 length } into the child vector. */
class ListColumn extends Nullable {
  private readonly child: ColumnWriter;
  private readonly offsets = new Bytes();
  private length = 0;
  private entries: DataView = new DataView(NOTHING.buffer);

  constructor(child: ColumnWriter) {
    super();
    this.child = child;
  }

  override get size(): number {
    return this.offsets.length + this.child.size;
  }

  protected override look(vector: duckdb.Vector, size: number): void {
    const bytes = size === 0 ? NOTHING : duckdb.vector_get_data(vector, size * 16);
    this.entries = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const childSize = size === 0 ? 0 : duckdb.list_vector_get_size(vector);
    this.child.bind(duckdb.list_vector_get_child(vector), childSize);
  }

  protected override gather(start: number, count: number): void {
    const target = this.offsets.reserve(count * 4);
    const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
    // Entries mostly follow one another in the child; those that do are taken in one go.
    let runStart = 0;
    let runEnd = 0;
    for (let i = 0; i < count; i++) {
      if (this.isValid(start + i)) {
        const offset = Number(this.entries.getBigUint64((start + i) * 16, true));
        const length = Number(this.entries.getBigUint64((start + i) * 16 + 8, true));
        if (length > 0 && offset !== runEnd) {
          if (runEnd > runStart) this.child.take(runStart, runEnd - runStart);
          runStart = offset;
          runEnd = offset;
        }
        runEnd += length;
        this.length += length;
      }
      view.setInt32(i * 4, this.length, true);
    }
    if (runEnd > runStart) this.child.take(runStart, runEnd - runStart);
  }

  protected override hand(sink: ColumnSink): void {
    sink.buffer(withFirstOffset(this.offsets.take()));
    this.length = 0;
    this.child.finish(sink);
  }
}

class StructColumn extends Nullable {
  private readonly children: readonly ColumnWriter[];
  private readonly nullable: boolean;

  /** The entries of a map are never null, whatever DuckDB's mask says of slots it does not use. */
  constructor(children: readonly ColumnWriter[], nullable: boolean) {
    super();
    this.children = children;
    this.nullable = nullable;
  }

  override get size(): number {
    return this.children.reduce((sum, child) => sum + child.size, 0);
  }

  protected override look(vector: duckdb.Vector, size: number): void {
    if (!this.nullable) this.mask = null;
    this.children.forEach((child, i) => child.bind(duckdb.struct_vector_get_child(vector, i), size));
  }

  protected override gather(start: number, count: number): void {
    for (const child of this.children) child.take(start, count);
  }

  protected override hand(sink: ColumnSink): void {
    for (const child of this.children) child.finish(sink);
  }
}
