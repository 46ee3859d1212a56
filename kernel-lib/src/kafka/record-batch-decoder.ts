import { gunzipSync } from "node:zlib";
import { SluiceError } from "../errors.ts";
import { Utf8Builder } from "./columns.ts";

const headerBytes = 61;
const compressionNames = ["none", "gzip", "snappy", "lz4", "zstd"];
const controlAttribute = 32;
const logAppendTimeAttribute = 8;

/** Collects decoded records as columns. */
export class RecordCollector {
  readonly keys: Utf8Builder;
  readonly values: Utf8Builder;
  #offsets = new BigInt64Array(0);
  #timestamps = new BigInt64Array(0);
  rows = 0;

  constructor(bytes: number) {
    this.keys = new Utf8Builder(1024, bytes >> 3);
    this.values = new Utf8Builder(1024, bytes);
  }

  /** Makes room for so many more rows, with so many bytes in keys and in values. */
  reserve(rows: number, bytes: number): void {
    this.keys.reserve(rows, bytes);
    this.values.reserve(rows, bytes);
    if (this.#offsets.length >= this.rows + rows) return;
    const size = Math.max(this.rows + rows, this.#offsets.length * 2);
    this.#offsets = grow(this.#offsets, size);
    this.#timestamps = grow(this.#timestamps, size);
  }

  note(offset: bigint, timestamp: bigint): void {
    this.#offsets[this.rows] = offset;
    this.#timestamps[this.rows++] = timestamp;
  }

  get offsets(): BigInt64Array {
    return this.#offsets.subarray(0, this.rows);
  }

  get timestamps(): BigInt64Array {
    return this.#timestamps.subarray(0, this.rows);
  }
}

function grow(array: BigInt64Array, size: number): BigInt64Array<ArrayBuffer> {
  const grown = new BigInt64Array(size);
  grown.set(array);
  return grown;
}

/**
 * Decodes the whole record batches in `bytes`, of which the last may be cut off.
 *
 * @param from records before this offset are left out: a broker sends whole batches
 * @param to records from this offset on are left out
 * @returns the offset to go on from
 */
export function decodeBatches(
  bytes: Buffer,
  from: bigint,
  to: bigint,
  crc32c: (bytes: Buffer) => number,
  into: RecordCollector,
): bigint {
  let next = from;
  for (let start = 0; bytes.length - start >= headerBytes;) {
    const end = start + 12 + bytes.readInt32BE(start + 8);
    if (end > bytes.length) break;
    if (bytes[start + 16] !== 2) throw unsupported("records in the format of Kafka before 0.11");
    if (crc32c(bytes.subarray(start + 21, end)) !== bytes.readUInt32BE(start + 17)) {
      throw new SluiceError(
        "PROTOCOL",
        `A record batch at offset ${bytes.readBigInt64BE(start)} was damaged on its way: its checksum differs.`,
        { next: "Read it again." },
      );
    }
    const base = bytes.readBigInt64BE(start);
    next = base + BigInt(bytes.readInt32BE(start + 23)) + 1n;
    if ((bytes.readInt16BE(start + 21) & controlAttribute) === 0)
      decodeBatch(bytes.subarray(start, end), base, from, to, into);
    start = end;
  }
  return next;
}

function decodeBatch(batch: Buffer, base: bigint, from: bigint, to: bigint, into: RecordCollector): void {
  const attributes = batch.readInt16BE(21);
  const firstTimestamp = batch.readBigInt64BE(27);
  // With LogAppendTime the broker's time stands in the header, and those of the records do not count.
  const appended = (attributes & logAppendTimeAttribute) !== 0 ? batch.readBigInt64BE(35) : undefined;
  const count = batch.readInt32BE(57);
  const records = unpack(batch.subarray(headerBytes), attributes & 7);
  into.reserve(count, records.length);
  const { keys, values } = into;
  const reader = new VarintReader(records);
  for (let i = 0; i < count; i++) {
    const length = reader.next();
    const end = reader.at + length;
    reader.at++;
    const timestampDelta = reader.nextLong();
    const offset = base + BigInt(reader.next());
    const keyLength = reader.next();
    const keyStart = reader.at;
    if (keyLength > 0) reader.at += keyLength;
    const valueLength = reader.next();
    if (offset >= from && offset < to) {
      if (keyLength < 0) keys.appendNull();
      else keys.append(records, keyStart, keyLength);
      if (valueLength < 0) values.appendNull();
      else values.append(records, reader.at, valueLength);
      into.note(offset, appended ?? firstTimestamp + timestampDelta);
    }
    reader.at = end;
  }
}

class VarintReader {
  at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The next zigzag varint of 32 bits. */
  next(): number {
    let byte = this.#bytes[this.at++] as number;
    let value = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      byte = this.#bytes[this.at++] as number;
      value |= (byte & 127) << shift;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** The next zigzag varint of 64 bits. */
  nextLong(): bigint {
    // Time differences within a batch nearly always fit into one byte.
    const first = this.#bytes[this.at] as number;
    if (first < 128) return BigInt(this.next());
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#bytes[this.at++] as number;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return (value >> 1n) ^ -(value & 1n);
    }
  }
}

function unpack(records: Buffer, compression: number): Buffer {
  if (compression === 0) return records;
  if (compression === 1) return gunzipSync(records);
  throw unsupported(`records compressed with ${compressionNames[compression] ?? `codec ${compression}`}`);
}

function unsupported(what: string): SluiceError {
  return new SluiceError("UNSUPPORTED", `The topic holds ${what}, which can't be read yet.`, {
    next: "Have its producers use the compression none or gzip.",
  });
}
