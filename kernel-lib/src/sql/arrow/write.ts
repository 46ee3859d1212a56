// Builds Arrow IPC streams from columns of JavaScript values that fit their Spark types (see local-data/convert.ts).
import * as arrow from "apache-arrow";
import type { DataType, StructType } from "../types/data-type.ts";
import { toArrowType } from "../types/arrow.ts";

type Column = readonly unknown[];

/** Arrow's own maker, whose type can't be chosen at run time. */
const makeData = arrow.makeData as (parts: object) => arrow.Data;

/** The Arrow IPC stream of a table given as columns of values. */
export function writeIpc(schema: StructType, columns: readonly Column[], length: number): Uint8Array {
  const children = schema.fields.map(({ dataType }, index) => buildData(dataType, columns[index] ?? []));
  return writeColumns(schema, children, length);
}

/**
 * The Arrow IPC stream, of one batch, of a table given as columns of data in Spark's own types. The columns are named by their
 * position, because Arrow's JavaScript writer mixes up columns of the same name; the real names go beside the stream.
 */
export function writeColumns(schema: StructType, children: readonly arrow.Data[], length: number): Uint8Array {
  const fields = schema.fields.map(
    ({ dataType, nullable }, index) => new arrow.Field(`c${index}`, toArrowType(dataType), nullable),
  );
  const data = arrow.makeData({ type: new arrow.Struct(fields), length, nullCount: 0, children: [...children] });
  const batch = new arrow.RecordBatch(new arrow.Schema(fields), data);
  return arrow.tableToIPC(new arrow.Table([batch]), "stream");
}

/** The Arrow data of one column. Values are null or what the table in row.ts says, integers also as `number`. */
export function buildData(type: DataType, values: Column): arrow.Data {
  const length = values.length;
  const { nullCount, nullBitmap } = validity(values);
  const arrowType = toArrowType(type);
  const parts = buffers(type, values);
  return makeData({ type: arrowType, length, nullCount, nullBitmap, ...parts });
}

function validity(values: Column): { nullCount: number; nullBitmap: Uint8Array } {
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 64) * 8);
  let nullCount = 0;
  values.forEach((value, index) => {
    if (value === null || value === undefined) nullCount += 1;
    else nullBitmap[index >> 3] = (nullBitmap[index >> 3] ?? 0) | (1 << (index & 7));
  });
  return { nullCount, nullBitmap };
}

interface Buffers {
  data?: ArrayBufferView;
  valueOffsets?: Int32Array;
  child?: arrow.Data;
  children?: arrow.Data[];
}

function buffers(type: DataType, values: Column): Buffers {
  switch (type.kind) {
    case "null":
      return {};
    case "boolean":
      return { data: bits(values) };
    case "byte":
      return { data: numbers(values, new Int8Array(values.length)) };
    case "short":
      return { data: numbers(values, new Int16Array(values.length)) };
    case "integer":
      return { data: numbers(values, new Int32Array(values.length)) };
    case "float":
      return { data: numbers(values, new Float32Array(values.length)) };
    case "double":
      return { data: numbers(values, new Float64Array(values.length)) };
    case "long":
      return { data: longs(values) };
    case "date":
      return { data: Int32Array.from(values, (value) => (value as { epochDay: number } | null)?.epochDay ?? 0) };
    case "timestamp":
    case "timestampNtz":
      return { data: bigints(values, (value) => (value as { epochMicros: bigint }).epochMicros) };
    case "dayTimeInterval":
      return { data: bigints(values, (value) => (value as { micros: bigint }).micros) };
    case "yearMonthInterval":
      return { data: Int32Array.from(values, (value) => (value as { months: number } | null)?.months ?? 0) };
    case "calendarInterval":
      return { data: calendarIntervals(values) };
    case "decimal":
      return { data: decimals(values) };
    case "string":
      return texts(values);
    case "binary":
      return blobs(values);
    case "array": {
      const { offsets, items } = flatten(values, (value) => value as Column);
      return { valueOffsets: offsets, child: buildData(type.elementType, items) };
    }
    case "map":
      return mapBuffers(type, values);
    case "struct":
      return {
        children: type.fields.map((field, index) =>
          buildData(
            field.dataType,
            values.map((value) => (value as Column | null)?.[index] ?? null),
          ),
        ),
      };
  }
}

// Plain loops: a million values through `from` and a function take three times as long.
function numbers<T extends Int8Array | Int16Array | Int32Array | Float32Array | Float64Array>(
  values: Column,
  data: T,
): T {
  for (let index = 0; index < values.length; index += 1) data[index] = Number(values[index] ?? 0);
  return data;
}

/** Whole numbers are written as two halves, without a bigint for each. */
function longs(values: Column): BigInt64Array {
  const data = new BigInt64Array(values.length);
  const halves = new Int32Array(data.buffer);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as bigint | number | null | undefined;
    if (typeof value === "number") {
      halves[index * 2] = value % 2 ** 32;
      halves[index * 2 + 1] = Math.floor(value / 2 ** 32);
    } else if (value) data[index] = value;
  }
  return data;
}

function bigints(values: Column, of: (value: unknown) => bigint): BigInt64Array {
  return BigInt64Array.from(values, (value) => (value === null || value === undefined ? 0n : of(value)));
}

function bits(values: Column): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 64) * 8);
  values.forEach((value, index) => {
    if (value === true) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
  });
  return bytes;
}

function decimals(values: Column): Uint32Array {
  const words = new BigUint64Array(values.length * 2);
  values.forEach((value, index) => {
    const unscaled = (value as { unscaled: bigint } | null)?.unscaled ?? 0n;
    words[index * 2] = BigInt.asUintN(64, unscaled);
    words[index * 2 + 1] = BigInt.asUintN(64, unscaled >> 64n);
  });
  return new Uint32Array(words.buffer);
}

function calendarIntervals(values: Column): Int32Array {
  const view = new DataView(new ArrayBuffer(values.length * 16));
  values.forEach((value, index) => {
    const interval = value as { months: number; days: number; micros: bigint } | null;
    if (!interval) return;
    view.setInt32(index * 16, interval.months, true);
    view.setInt32(index * 16 + 4, interval.days, true);
    view.setBigInt64(index * 16 + 8, interval.micros * 1000n, true);
  });
  return new Int32Array(view.buffer);
}

/** The most bytes that one UTF-16 unit takes in UTF-8. */
const BYTES_A_UNIT = 3;

// Written into one buffer: a million small ones would cost more than the writing.
function texts(values: Column): Buffers {
  const valueOffsets = new Int32Array(values.length + 1);
  let data = Buffer.allocUnsafe(Math.max(1024, values.length * 16));
  let length = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as string | null | undefined;
    if (value) {
      const most = length + value.length * BYTES_A_UNIT;
      if (most > data.byteLength) {
        const larger = Buffer.allocUnsafe(Math.max(most, data.byteLength * 2));
        data.copy(larger, 0, 0, length);
        data = larger;
      }
      length += data.write(value, length, "utf8");
    }
    valueOffsets[index + 1] = length;
  }
  return { data: data.subarray(0, length), valueOffsets };
}

function blobs(values: Column): Buffers {
  const chunks = values.map((value) => (value as Uint8Array | null | undefined) ?? new Uint8Array(0));
  const valueOffsets = new Int32Array(values.length + 1);
  chunks.forEach((chunk, index) => (valueOffsets[index + 1] = (valueOffsets[index] ?? 0) + chunk.byteLength));
  const data = new Uint8Array(valueOffsets[values.length] ?? 0);
  chunks.forEach((chunk, index) => data.set(chunk, valueOffsets[index]));
  return { data, valueOffsets };
}

function flatten(values: Column, itemsOf: (value: unknown) => Column): { offsets: Int32Array; items: unknown[] } {
  const offsets = new Int32Array(values.length + 1);
  const items: unknown[] = [];
  values.forEach((value, index) => {
    if (value !== null && value !== undefined) for (const item of itemsOf(value)) items.push(item);
    offsets[index + 1] = items.length;
  });
  return { offsets, items };
}

function mapBuffers(type: Extract<DataType, { kind: "map" }>, values: Column): Buffers {
  const { offsets, items } = flatten(values, (value) => [...(value as ReadonlyMap<unknown, unknown>)]);
  const entries = toArrowType(type).children[0] as arrow.Field<arrow.Struct>;
  const children = [
    buildData(
      type.keyType,
      items.map((entry) => (entry as [unknown, unknown])[0]),
    ),
    buildData(
      type.valueType,
      items.map((entry) => (entry as [unknown, unknown])[1]),
    ),
  ];
  const child = arrow.makeData({ type: entries.type, length: items.length, nullCount: 0, children });
  return { valueOffsets: offsets, child };
}
