// Arrow data without dictionaries: a dictionary-encoded column becomes its values, gathered by index.
import type { Data } from "apache-arrow";
import { DataType, makeData } from "apache-arrow";

import { unsupported } from "../../../sql/errors.ts";

/** A row of some data; undefined stands for null. */
type Source = readonly [Data, number] | undefined;

/** The data with every dictionary, nested ones too, replaced by its values; look at the children's own types then. */
export function plain(data: Data): Data {
  const type = data.type;
  if (DataType.isDictionary(type)) return gatherDictionary(data);
  if (!hasDictionary(data)) return data;
  return data.clone(type, data.offset, data.length, data.nullCount, data.buffers, data.children.map(plain));
}

function hasDictionary(data: Data): boolean {
  return DataType.isDictionary(data.type) || data.children.some(hasDictionary);
}

function gatherDictionary(data: Data): Data {
  // The values may come in several pieces; an index counts through all of them.
  const values = (data.dictionary?.data ?? []).flatMap((chunk) =>
    Array.from({ length: chunk.length }, (_, row): Source => [chunk, row]),
  );
  const keys = data.values as ArrayLike<number | bigint>;
  const rows = Array.from({ length: data.length }, (_, row): Source => {
    const source = data.getValid(row) ? values[Number(keys[row])] : undefined;
    return source?.[0].getValid(source[1]) ? source : undefined;
  });
  return gatherRows((data.type as unknown as { dictionary: DataType }).dictionary, rows);
}

function gatherRows(type: DataType, rows: readonly Source[]): Data {
  const nullBitmap = new Uint8Array(Math.ceil(rows.length / 8));
  rows.forEach((source, row) => source && setBit(nullBitmap, row));
  const nullCount = rows.filter((source) => source === undefined).length;
  const base = { type, length: rows.length, nullCount, nullBitmap };
  if (isBytes(type)) return makeData({ ...base, ...gatherBytes(type, rows) } as never);
  if (type.children?.length || DataType.isBool(type) || DataType.isNull(type)) {
    throw unsupported(
      "A dictionary of nested values or booleans in Arrow data",
      "Send those columns without a dictionary.",
    );
  }
  return makeData({ ...base, data: gatherFixed(type, rows) } as never);
}

/** Text or binary of any offset width. */
export function isBytes(type: DataType): boolean {
  return DataType.isUtf8(type) || DataType.isBinary(type) || DataType.isLargeUtf8(type) || DataType.isLargeBinary(type);
}

function gatherBytes(type: DataType, rows: readonly Source[]) {
  const offsets = new Int32Array(rows.length + 1);
  const parts = rows.map((source, row) => {
    const part = source && (source[0].values as Uint8Array).subarray(...rangeOf(source[0], source[1]));
    offsets[row + 1] = (offsets[row] as number) + (part?.byteLength ?? 0);
    return part;
  });
  const data = new Uint8Array(offsets[rows.length] as number);
  parts.forEach((part, row) => part && data.set(part, offsets[row]));
  const large = DataType.isLargeUtf8(type) || DataType.isLargeBinary(type);
  return { valueOffsets: large ? BigInt64Array.from(offsets, BigInt) : offsets, data };
}

function gatherFixed(type: DataType, rows: readonly Source[]): ArrayBufferView {
  const ArrayType = type.ArrayType as new (buffer: ArrayBuffer) => Uint8Array;
  const some = rows.find((source) => source !== undefined);
  if (!some) return new ArrayType(new ArrayBuffer(rows.length * 16));
  const width = bytesPerRow(some[0]);
  const bytes = new Uint8Array(rows.length * width);
  rows.forEach((source, row) => {
    if (source) bytes.set(fixedBytes(source[0], source[1], 1), row * width);
  });
  return new ArrayType(bytes.buffer);
}

/** How many bytes a row of fixed width takes. */
export function bytesPerRow(data: Data): number {
  return data.stride * (data.values as Uint8Array).BYTES_PER_ELEMENT;
}

/** The bytes of `count` rows of fixed width. */
export function fixedBytes(data: Data, start: number, count: number): Uint8Array {
  const values = data.values as Uint8Array;
  const width = bytesPerRow(data);
  return new Uint8Array(values.buffer, values.byteOffset + start * width, count * width);
}

/** Where a row's bytes or elements begin and end. */
export function rangeOf(data: Data, row: number): [number, number] {
  const offsets = data.valueOffsets as unknown as ArrayLike<number | bigint>;
  return [Number(offsets[row]), Number(offsets[row + 1])];
}

function setBit(bits: Uint8Array, at: number): void {
  bits[at >> 3] = (bits[at >> 3] as number) | (1 << (at & 7));
}
