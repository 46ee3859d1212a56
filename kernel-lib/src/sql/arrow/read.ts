// Reads Arrow columns as JavaScript values, by Spark's types. See the table in row.ts.
import type { Data, DataType as ArrowType } from "apache-arrow";
import { Type } from "apache-arrow";
import type { DataType, StructType } from "../types/data-type.ts";
import { SluiceError } from "../../errors.ts";
import { rowMaker } from "../row.ts";
import { LocalDate, LocalDateTime, Timestamp } from "../values/calendar.ts";
import { Decimal } from "../values/decimal.ts";
import { CalendarInterval, DayTimeInterval, YearMonthInterval } from "../values/interval.ts";

type Cell = (index: number) => unknown;

/**
 * The reader of one column: value by row number, null where the column has a null.
 *
 * It works on Arrow's buffers themselves, by position, so that duplicate names can do no harm.
 */
export function columnReader(data: Data, type: DataType): Cell {
  const read = valueReader(data, type);
  const { nullBitmap, nullCount, offset } = data;
  if (nullCount === 0 || !nullBitmap || nullBitmap.byteLength === 0) return read;
  return (index) => {
    const bit = index + offset;
    return ((nullBitmap[bit >> 3] ?? 0) >> (bit & 7)) & 1 ? read(index) : null;
  };
}

/** All values of one column. */
export function columnValues(data: Data, type: DataType): unknown[] {
  const read = columnReader(data, type);
  return Array.from({ length: data.length }, (_, index) => read(index));
}

/** The reader of a struct's members, one for each field of the type. */
export function memberReaders(data: Data, type: StructType): Cell[] {
  return type.fields.map((field, index) => {
    const child = data.children[index];
    if (!child) throw new SluiceError("PROTOCOL", `The engine sent no data for the column \`${field.name}\`.`);
    return columnReader(child, field.dataType);
  });
}

function valueReader(data: Data, type: DataType): Cell {
  if (data.typeId === Type.Dictionary) return dictionaryReader(data, type);
  const values = data.values as { readonly [index: number]: never };
  switch (type.kind) {
    case "null":
      return () => null;
    case "boolean": {
      const bits = data.values as Uint8Array;
      return (index) => (((bits[(index + data.offset) >> 3] ?? 0) >> ((index + data.offset) & 7)) & 1) === 1;
    }
    case "byte":
    case "short":
    case "integer":
    case "float":
    case "double":
      return numberReader(data);
    case "long":
      return data.values instanceof BigInt64Array ? (index) => values[index] : (index) => BigInt(values[index] ?? 0);
    case "string":
      return textReader(data);
    case "binary":
      return binaryReader(data);
    case "decimal":
      return decimalReader(data, type.scale);
    case "date":
      return dateReader(data);
    case "timestamp":
      return microsReader(data, (micros) => new Timestamp(micros));
    case "timestampNtz":
      return microsReader(data, (micros) => new LocalDateTime(micros));
    case "dayTimeInterval":
      return microsReader(data, (micros) => new DayTimeInterval(micros));
    case "yearMonthInterval":
      return (index) => new YearMonthInterval(Number(values[index]));
    case "calendarInterval":
      return calendarIntervalReader(data);
    case "array":
      return arrayReader(data, type.elementType);
    case "map":
      return mapReader(data, type.keyType, type.valueType);
    case "struct": {
      const members = memberReaders(data, type);
      const make = rowMaker(type);
      return (index) => make(members.map((read) => read(index)));
    }
  }
}

function numberReader(data: Data): Cell {
  const values = data.values as ArrayLike<number | bigint>;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return (index) => Number(values[index]);
  return (index) => values[index];
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Where value `index` of a column of variable length starts; its end is where the next starts. */
function offsetsOf(data: Data): (index: number) => number {
  const offsets = data.valueOffsets as unknown as Int32Array | BigInt64Array;
  return (index) => Number(offsets[index] ?? 0);
}

function textReader(data: Data): Cell {
  const bytes = data.values as Uint8Array;
  const start = offsetsOf(data);
  return (index) => {
    const from = start(index);
    const to = start(index + 1);
    return shortAscii(bytes, from, to) ?? decoder.decode(bytes.subarray(from, to));
  };
}

/** Short texts in ASCII without the cost of a decoder call; undefined for others. */
function shortAscii(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (to - from > 24) return undefined;
  let text = "";
  for (let index = from; index < to; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte > 127) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

function dictionaryReader(data: Data, type: DataType): Cell {
  const keys = data.values as ArrayLike<number>;
  const readers = data.dictionary?.data.map((chunk) => ({
    length: chunk.length,
    read: columnReader(chunk as Data, type),
  }));
  return (index) => {
    let key = Number(keys[index]);
    for (const { length, read } of readers ?? []) {
      if (key < length) return read(key);
      key -= length;
    }
    return null;
  };
}

function binaryReader(data: Data): Cell {
  const bytes = data.values as Uint8Array;
  if (data.typeId === Type.FixedSizeBinary) {
    const width = (data.type as ArrowType & { byteWidth: number }).byteWidth;
    return (index) => bytes.slice(index * width, (index + 1) * width);
  }
  const start = offsetsOf(data);
  return (index) => bytes.slice(start(index), start(index + 1));
}

function decimalReader(data: Data, scale: number): Cell {
  const values = data.values as Uint32Array | BigUint64Array;
  if (values instanceof BigUint64Array) return (index) => new Decimal(values[index] ?? 0n, scale);
  const { bitWidth } = data.type as ArrowType & { bitWidth: number };
  const { byteOffset, byteLength, buffer } = values;
  if (bitWidth === 32) {
    const narrow = new Int32Array(buffer, byteOffset, byteLength / 4);
    return (index) => new Decimal(BigInt(narrow[index] ?? 0), scale);
  }
  const words = new BigUint64Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const width = bitWidth / 64;
  return (index) => {
    let unscaled = BigInt.asIntN(64, words[(index + 1) * width - 1] ?? 0n);
    for (let word = width - 2; word >= 0; word -= 1) unscaled = (unscaled << 64n) | (words[index * width + word] ?? 0n);
    return new Decimal(unscaled, scale);
  };
}

function dateReader(data: Data): Cell {
  const values = data.values as ArrayLike<number | bigint>;
  const perDay = (data.type as ArrowType & { unit: number }).unit === 0 ? 1 : 86_400_000;
  return (index) => new LocalDate(Math.floor(Number(values[index]) / perDay));
}

/** Arrow's time units in order: second, millisecond, microsecond, nanosecond. */
function microsReader<T>(data: Data, make: (micros: bigint) => T): Cell {
  const values = data.values as BigInt64Array;
  const { unit } = data.type as ArrowType & { unit: number };
  const times = [1_000_000n, 1000n, 1n][unit];
  if (times !== undefined) return (index) => make((values[index] ?? 0n) * times);
  return (index) => make(((values[index] ?? 0n) - ((((values[index] ?? 0n) % 1000n) + 1000n) % 1000n)) / 1000n);
}

function calendarIntervalReader(data: Data): Cell {
  const { buffer, byteOffset, byteLength } = data.values as Int32Array;
  const view = new DataView(buffer, byteOffset, byteLength);
  return (index) =>
    new CalendarInterval(
      view.getInt32(index * 16, true),
      view.getInt32(index * 16 + 4, true),
      view.getBigInt64(index * 16 + 8, true) / 1000n,
    );
}

function arrayReader(data: Data, elementType: DataType): Cell {
  const read = columnReader(data.children[0] as Data, elementType);
  if (data.typeId === Type.FixedSizeList) {
    const size = (data.type as ArrowType & { listSize: number }).listSize;
    return (index) => Array.from({ length: size }, (_, position) => read((index + data.offset) * size + position));
  }
  const start = offsetsOf(data);
  return (index) => {
    const from = start(index);
    return Array.from({ length: start(index + 1) - from }, (_, position) => read(from + position));
  };
}

function mapReader(data: Data, keyType: DataType, valueType: DataType): Cell {
  const entries = data.children[0] as Data;
  const readKey = columnReader(entries.children[0] as Data, keyType);
  const readValue = columnReader(entries.children[1] as Data, valueType);
  const start = offsetsOf(data);
  return (index) => {
    const result = new Map<unknown, unknown>();
    for (let entry = start(index); entry < start(index + 1); entry += 1) result.set(readKey(entry), readValue(entry));
    return result;
  };
}
