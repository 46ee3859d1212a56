// Arrow columns into DuckDB vectors: whole ranges of bytes where both agree, converted ones where they do not.
import duckdb from "@duckdb/node-bindings";
import type { Data } from "apache-arrow";
import { DataType, DateUnit, IntervalUnit, TimeUnit } from "apache-arrow";

import { unsupported } from "../../../sql/errors.ts";
import { fixedBytes, isBytes, rangeOf } from "./arrow-plain.ts";

/**
 * Fills a vector of an empty chunk with rows `start` to `start + count` of plain Arrow data (see `plain`).
 *
 * @param above for a field of a struct: 1 where the struct is not null. DuckDB wants the fields of a null struct null.
 */
export function fillVector(vector: duckdb.Vector, data: Data, start: number, count: number, above?: Uint8Array): void {
  if (count === 0) return;
  const valid = validRows(data, start, count);
  above?.forEach((ok, row) => (valid[row] = (valid[row] as number) & ok));
  fillValidity(vector, valid);
  const type = data.type;
  if (DataType.isNull(type)) return;
  if (isBytes(type)) fillBytes(vector, data, start, count);
  else if (DataType.isList(type) || DataType.isMap(type)) fillList(vector, data, start, count);
  else if (DataType.isStruct(type)) fillStruct(vector, data, start, count, valid);
  else copyInto(vector, fixedRows(type, data, start, count));
}

/** 1 for each valid row. */
function validRows(data: Data, start: number, count: number): Uint8Array {
  const rows = new Uint8Array(count);
  if (DataType.isNull(data.type)) return rows;
  if (data.nullCount === 0) return rows.fill(1);
  for (let i = 0; i < count; i++) rows[i] = data.getValid(start + i) ? 1 : 0;
  return rows;
}

function fillValidity(vector: duckdb.Vector, rows: Uint8Array): void {
  if (!rows.includes(0)) return;
  // DuckDB keeps its masks in words of 64 bits.
  const mask = new Uint8Array(Math.ceil(rows.length / 64) * 8).fill(255);
  rows.forEach((valid, row) => {
    if (!valid) mask[row >> 3] = (mask[row >> 3] as number) & ~(1 << (row & 7));
  });
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, mask.buffer, 0, mask.byteLength);
}

function fillBytes(vector: duckdb.Vector, data: Data, start: number, count: number): void {
  const values = data.values as Uint8Array;
  for (let i = 0; i < count; i++) {
    if (!data.getValid(start + i)) continue;
    const [from, to] = rangeOf(data, start + i);
    duckdb.vector_assign_string_element_len(vector, i, values.subarray(from, to));
  }
}

/** A list_entry_t is { uint64 offset, uint64 length } into the child vector. */
function fillList(vector: duckdb.Vector, data: Data, start: number, count: number): void {
  const entries = new BigUint64Array(count * 2);
  const [first] = rangeOf(data, start);
  const [, end] = rangeOf(data, start + count - 1);
  for (let i = 0; i < count; i++) {
    const [from, to] = rangeOf(data, start + i);
    entries[i * 2] = BigInt(from - first);
    entries[i * 2 + 1] = BigInt(to - from);
  }
  copyInto(vector, entries);
  duckdb.list_vector_reserve(vector, end - first);
  duckdb.list_vector_set_size(vector, end - first);
  fillVector(duckdb.list_vector_get_child(vector), data.children[0] as Data, first, end - first);
}

function fillStruct(vector: duckdb.Vector, data: Data, start: number, count: number, valid: Uint8Array): void {
  data.children.forEach((child, i) => {
    fillVector(duckdb.struct_vector_get_child(vector, i), child, data.offset + start, count, valid);
  });
}

function copyInto(vector: duckdb.Vector, rows: ArrayBufferView): void {
  duckdb.copy_data_to_vector(vector, 0, rows.buffer as ArrayBuffer, rows.byteOffset, rows.byteLength);
}

/** Rows of fixed width as DuckDB lays them out. */
function fixedRows(type: DataType, data: Data, start: number, count: number): ArrayBufferView {
  if (DataType.isBool(type)) {
    const bits = data.values as Uint8Array;
    return Uint8Array.from({ length: count }, (_, i) => {
      const bit = data.offset + start + i;
      return ((bits[bit >> 3] as number) >> (bit & 7)) & 1;
    });
  }
  const bytes = fixedBytes(data, start, count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (DataType.isDecimal(type)) return narrowDecimals(type.precision, view, count);
  if (DataType.isDate(type) && type.unit === DateUnit.MILLISECOND) {
    return Int32Array.from({ length: count }, (_, i) => Math.floor(Number(view.getBigInt64(i * 8, true)) / 86_400_000));
  }
  if (DataType.isTimestamp(type)) {
    if (type.unit === TimeUnit.MICROSECOND) return bytes;
    return BigInt64Array.from({ length: count }, (_, i) => micros(view.getBigInt64(i * 8, true), type.unit));
  }
  if (DataType.isDuration(type)) {
    return intervals(count, (i) => [0, 0, micros(view.getBigInt64(i * 8, true), type.unit)]);
  }
  if (DataType.isInterval(type)) {
    if (type.unit === IntervalUnit.YEAR_MONTH) return intervals(count, (i) => [view.getInt32(i * 4, true), 0, 0n]);
    if (type.unit === IntervalUnit.MONTH_DAY_NANO) {
      return intervals(count, (i) => [
        view.getInt32(i * 16, true),
        view.getInt32(i * 16 + 4, true),
        floorDivide(view.getBigInt64(i * 16 + 8, true), 1000n),
      ]);
    }
  }
  if (DataType.isInt(type) || DataType.isFloat(type) || DataType.isDate(type)) return bytes;
  throw unsupported("This Arrow type", "Send the column as another type.");
}

function narrowDecimals(precision: number, view: DataView, count: number): ArrayBufferView {
  if (precision > 18) return view;
  // A value that fits the precision is in the lower half; the upper one only repeats its sign.
  const low = (i: number) => view.getBigInt64(i * 16, true);
  if (precision > 9) return BigInt64Array.from({ length: count }, (_, i) => low(i));
  if (precision > 4) return Int32Array.from({ length: count }, (_, i) => Number(low(i)));
  return Int16Array.from({ length: count }, (_, i) => Number(low(i)));
}

/** An interval_t is { int32 months, int32 days, int64 micros }. */
function intervals(count: number, at: (row: number) => [number, number, bigint]): ArrayBufferView {
  const view = new DataView(new ArrayBuffer(count * 16));
  for (let i = 0; i < count; i++) {
    const [months, days, us] = at(i);
    view.setInt32(i * 16, months, true);
    view.setInt32(i * 16 + 4, days, true);
    view.setBigInt64(i * 16 + 8, us, true);
  }
  return view;
}

function micros(value: bigint, unit: TimeUnit): bigint {
  if (unit === TimeUnit.SECOND) return value * 1_000_000n;
  if (unit === TimeUnit.MILLISECOND) return value * 1000n;
  return unit === TimeUnit.MICROSECOND ? value : floorDivide(value, 1000n);
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
