import { gzipSync } from "node:zlib";
import type { RecordColumns, Utf8Column } from "./columns.ts";
import { isNull } from "./columns.ts";
import { partitionOfKey } from "./murmur2.ts";

/** How batches are compressed. */
export type Compression = "none" | "gzip";

/** A finished record batch of one partition. */
export interface EncodedBatch {
  partition: number;
  /** The batch is `buffer[0 .. length]`. Give the buffer back with `release` when it is no longer needed. */
  buffer: Buffer;
  length: number;
  /** How many records are in it. */
  count: number;
}

/** What the encoder of one producer is made with. */
export interface EncoderOptions {
  partitions: number;
  /** The size in bytes at which a batch is finished. */
  batchBytes: number;
  /** The size in bytes that no batch may exceed. */
  maxBatchBytes: number;
  producerId: bigint;
  producerEpoch: number;
  compression: Compression;
  crc32c: (bytes: Buffer) => number;
  onBatch: (batch: EncodedBatch) => void;
}

/** Thrown for a record that does not fit into a batch by itself. */
export class RecordTooLarge extends Error {
  readonly row: number;
  readonly bytes: number;

  constructor(row: number, bytes: number) {
    super(`record ${row} takes ${bytes} bytes`);
    this.row = row;
    this.bytes = bytes;
  }
}

/*
  Record batch, format 2: base offset INT64, length INT32 (of all that follows), partition leader epoch INT32, magic INT8,
  CRC-32C UINT32 (of all that follows), attributes INT16, last offset delta INT32, base timestamp INT64, max timestamp INT64,
  producer id INT64, producer epoch INT16, base sequence INT32, record count INT32, records.
  Record: length, attributes INT8, timestamp delta, offset delta, key length, key, value length, value, header count;
  lengths, deltas and counts are zigzag varints, and the length of a null is -1.
*/
const headerBytes = 61;
const shortText = 48;
const gzipAttribute = 1;

interface OpenBatch {
  readonly partition: number;
  buffer: Buffer | undefined;
  end: number;
  count: number;
  sequence: number;
}

/** Writes records straight from columns into record batches, one open batch a partition. */
export class RecordBatchEncoder {
  readonly #options: EncoderOptions;
  readonly #open: OpenBatch[];
  readonly #free: Buffer[] = [];
  /** Where records without a key go; it moves on with each finished batch. */
  #keyless = 0;

  constructor(options: EncoderOptions) {
    this.#options = options;
    this.#open = Array.from({ length: options.partitions }, (_, partition) => ({
      partition,
      buffer: undefined,
      end: headerBytes,
      count: 0,
      sequence: 0,
    }));
  }

  /** Takes back a buffer that was handed out, to be used again. */
  release(buffer: Buffer): void {
    if (buffer.length === this.#options.batchBytes) this.#free.push(buffer);
  }

  /** Writes the rows `from` to `to` (exclusive). */
  encode(columns: RecordColumns, from: number, to: number): void {
    const { key, value } = columns;
    for (let row = from; row < to; row++) this.#write(key, value, row);
  }

  /** Finishes the open batches. */
  flush(): void {
    for (const batch of this.#open) this.#finish(batch);
  }

  #write(key: Utf8Column | undefined, value: Utf8Column, row: number): void {
    const keyStart = key ? (key.offsets[row] as number) : 0;
    const keyLength = !key || isNull(key, row) ? -1 : (key.offsets[row + 1] as number) - keyStart;
    const valueStart = value.offsets[row] as number;
    const valueLength = isNull(value, row) ? -1 : (value.offsets[row + 1] as number) - valueStart;
    const partition =
      key && keyLength >= 0 ? partitionOfKey(key.data, keyStart, keyLength, this.#options.partitions) : this.#keyless;
    const batch = this.#open[partition] as OpenBatch;
    let body = bodyBytes(batch.count, keyLength, valueLength);
    if (batch.buffer && batch.end + varintBytes(body) + body > batch.buffer.length) {
      this.#finish(batch);
      body = bodyBytes(0, keyLength, valueLength);
    }
    const buffer = (batch.buffer ??= this.#take(headerBytes + varintBytes(body) + body, row));
    let at = writeVarint(buffer, batch.end, body);
    buffer[at++] = 0;
    buffer[at++] = 0;
    at = writeVarint(buffer, at, batch.count++);
    at = key && keyLength >= 0 ? writeText(buffer, at, key.data, keyStart, keyLength) : writeNull(buffer, at);
    at = valueLength >= 0 ? writeText(buffer, at, value.data, valueStart, valueLength) : writeNull(buffer, at);
    buffer[at++] = 0;
    batch.end = at;
  }

  #take(needed: number, row: number): Buffer {
    const { batchBytes, maxBatchBytes, compression } = this.#options;
    if (needed <= batchBytes) return this.#free.pop() ?? Buffer.allocUnsafeSlow(batchBytes);
    // What compression makes of it is known only afterwards: then the broker judges.
    if (needed > maxBatchBytes && compression === "none") throw new RecordTooLarge(row, needed);
    return Buffer.allocUnsafeSlow(needed);
  }

  #finish(batch: OpenBatch): void {
    const { producerId, producerEpoch, compression, crc32c, onBatch } = this.#options;
    let { buffer, end } = batch;
    if (!buffer) return;
    if (compression === "gzip") {
      const packed = gzipSync(buffer.subarray(headerBytes, end));
      const whole = Buffer.allocUnsafeSlow(headerBytes + packed.length);
      packed.copy(whole, headerBytes);
      this.release(buffer);
      buffer = whole;
      end = whole.length;
    }
    const now = BigInt(Date.now());
    buffer.writeBigInt64BE(0n, 0);
    buffer.writeInt32BE(end - 12, 8);
    buffer.writeInt32BE(-1, 12);
    buffer.writeInt8(2, 16);
    buffer.writeInt16BE(compression === "gzip" ? gzipAttribute : 0, 21);
    buffer.writeInt32BE(batch.count - 1, 23);
    buffer.writeBigInt64BE(now, 27);
    buffer.writeBigInt64BE(now, 35);
    buffer.writeBigInt64BE(producerId, 43);
    buffer.writeInt16BE(producerEpoch, 51);
    buffer.writeInt32BE(batch.sequence, 53);
    buffer.writeInt32BE(batch.count, 57);
    buffer.writeUInt32BE(crc32c(buffer.subarray(21, end)), 17);
    const { partition, count } = batch;
    batch.sequence = (batch.sequence + count) % 0x80000000;
    batch.buffer = undefined;
    batch.end = headerBytes;
    batch.count = 0;
    if (partition === this.#keyless) this.#keyless = (partition + 1) % this.#options.partitions;
    onBatch({ partition, buffer, length: end, count });
  }
}

/** The bytes of a record after its length. */
function bodyBytes(offsetDelta: number, keyLength: number, valueLength: number): number {
  return (
    3 +
    varintBytes(offsetDelta) +
    varintBytes(keyLength) +
    Math.max(keyLength, 0) +
    varintBytes(valueLength) +
    Math.max(valueLength, 0)
  );
}

/** The bytes of the zigzag varint of a number from -1 up. */
function varintBytes(value: number): number {
  return value < 64 ? 1 : value < 8192 ? 2 : value < 1048576 ? 3 : value < 134217728 ? 4 : 5;
}

function writeVarint(buffer: Buffer, at: number, value: number): number {
  let rest = value << 1;
  while (rest > 127) {
    buffer[at++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  return at;
}

function writeNull(buffer: Buffer, at: number): number {
  buffer[at] = 1;
  return at + 1;
}

function writeText(buffer: Buffer, at: number, data: Uint8Array, start: number, length: number): number {
  let to = writeVarint(buffer, at, length);
  // A loop beats a typed-array copy for short texts.
  if (length < shortText) {
    for (let from = start, end = start + length; from < end; from++) buffer[to++] = data[from] as number;
    return to;
  }
  buffer.set(new Uint8Array(data.buffer, data.byteOffset + start, length), to);
  return to + length;
}
