// Spark's hash functions: Murmur3 with Spark's way of taking the last bytes, and xxHash64.
import { createHash } from "node:crypto";
import { crc32 as zlibCrc32 } from "node:zlib";
import type { DuckDBBlobValue } from "@duckdb/node-api";
import { native } from "./text-natives.ts";

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
const mixKey = (key: number): number => Math.imul(rotate(Math.imul(key, 0xcc9e2d51), 15), 0x1b873593);
const mixHash = (hash: number, key: number): number => (Math.imul(rotate(hash ^ key, 13), 5) + 0xe6546b64) | 0;

function finish(hash: number, length: number): number {
  let h = hash ^ length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

export const murmurOfInt = (value: number, seed: number): number => finish(mixHash(seed, mixKey(value)), 4);

export function murmurOfLong(value: bigint, seed: number): number {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  return finish(mixHash(mixHash(seed, mixKey(low)), mixKey(high)), 8);
}

/** Spark mixes each byte after the last whole four as an integer of its own. */
export function murmurOfBytes(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length & ~3;
  let hash = seed;
  for (let i = 0; i < whole; i += 4) hash = mixHash(hash, mixKey(view.getInt32(i, true)));
  for (let i = whole; i < bytes.length; i += 1) hash = mixHash(hash, mixKey(view.getInt8(i)));
  return finish(hash, bytes.length);
}

const MASK = (1n << 64n) - 1n;
const [P1, P2, P3, P4, P5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
];
const rotate64 = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (64n - by))) & MASK;
const round64 = (hash: bigint, input: bigint): bigint => (rotate64((hash + input * P2) & MASK, 31n) * P1) & MASK;

function finish64(hash: bigint): bigint {
  let h = ((hash ^ (hash >> 33n)) * P2) & MASK;
  h = ((h ^ (h >> 29n)) * P3) & MASK;
  return BigInt.asIntN(64, h ^ (h >> 32n));
}

export const xxOfInt = (value: number, seed: bigint): bigint => {
  const start = (BigInt.asUintN(64, seed) + P5 + 4n) & MASK;
  const mixed = start ^ ((BigInt(value >>> 0) * P1) & MASK);
  return finish64((rotate64(mixed, 23n) * P2 + P3) & MASK);
};

export const xxOfLong = (value: bigint, seed: bigint): bigint => {
  const start = (BigInt.asUintN(64, seed) + P5 + 8n) & MASK;
  const mixed = start ^ round64(0n, BigInt.asUintN(64, value));
  return finish64((rotate64(mixed, 27n) * P1 + P4) & MASK);
};

export function xxOfBytes(bytes: Uint8Array, signedSeed: bigint): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seed = BigInt.asUintN(64, signedSeed);
  const { length } = bytes;
  let at = 0;
  let hash: bigint;
  if (length >= 32) {
    const lanes = [(seed + P1 + P2) & MASK, (seed + P2) & MASK, seed, (seed - P1) & MASK];
    for (; at + 32 <= length; at += 32) {
      for (let lane = 0; lane < 4; lane += 1)
        lanes[lane] = round64(lanes[lane] ?? 0n, view.getBigUint64(at + 8 * lane, true));
    }
    const [v1 = 0n, v2 = 0n, v3 = 0n, v4 = 0n] = lanes;
    hash = (rotate64(v1, 1n) + rotate64(v2, 7n) + rotate64(v3, 12n) + rotate64(v4, 18n)) & MASK;
    for (const lane of lanes) hash = ((hash ^ round64(0n, lane)) * P1 + P4) & MASK;
  } else {
    hash = (seed + P5) & MASK;
  }
  hash = (hash + BigInt(length)) & MASK;
  for (; at + 8 <= length; at += 8)
    hash = (rotate64(hash ^ round64(0n, view.getBigUint64(at, true)), 27n) * P1 + P4) & MASK;
  if (at + 4 <= length) {
    hash = (rotate64(hash ^ ((BigInt(view.getUint32(at, true)) * P1) & MASK), 23n) * P2 + P3) & MASK;
    at += 4;
  }
  for (; at < length; at += 1) hash = (rotate64(hash ^ ((BigInt(view.getUint8(at)) * P5) & MASK), 11n) * P1) & MASK;
  return finish64(hash);
}

/** The bits of a double, -0 taken as 0. */
function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value);
  return view.getBigInt64(0);
}

function floatBits(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value === 0 ? 0 : value);
  return view.getInt32(0);
}

/** The shortest two's complement bytes of a whole number, as Java's BigInteger gives them. */
function bigBytes(text: string): Uint8Array {
  const value = BigInt(text);
  let size = 1;
  while (BigInt.asIntN(8 * size, value) !== value) size += 1;
  const hex = BigInt.asUintN(8 * size, value)
    .toString(16)
    .padStart(2 * size, "0");
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));

export const hashes = {
  murmur: {
    int: native("murmur_int", ["INTEGER", "INTEGER"], "INTEGER", murmurOfInt),
    long: native("murmur_long", ["BIGINT", "INTEGER"], "INTEGER", murmurOfLong),
    float: native("murmur_float", ["FLOAT", "INTEGER"], "INTEGER", (value: number, seed: number) =>
      murmurOfInt(floatBits(value), seed),
    ),
    double: native("murmur_double", ["DOUBLE", "INTEGER"], "INTEGER", (value: number, seed: number) =>
      murmurOfLong(bitsOf(value), seed),
    ),
    text: native("murmur_text", ["VARCHAR", "INTEGER"], "INTEGER", (text: string, seed: number) =>
      murmurOfBytes(utf8(text), seed),
    ),
    bytes: native("murmur_bytes", ["BLOB", "INTEGER"], "INTEGER", (blob: DuckDBBlobValue, seed: number) =>
      murmurOfBytes(blob.bytes, seed),
    ),
    big: native("murmur_big", ["VARCHAR", "INTEGER"], "INTEGER", (digits: string, seed: number) =>
      murmurOfBytes(bigBytes(digits), seed),
    ),
  },
  xx: {
    int: native("xx_int", ["INTEGER", "BIGINT"], "BIGINT", xxOfInt),
    long: native("xx_long", ["BIGINT", "BIGINT"], "BIGINT", xxOfLong),
    float: native("xx_float", ["FLOAT", "BIGINT"], "BIGINT", (value: number, seed: bigint) =>
      xxOfInt(floatBits(value), seed),
    ),
    double: native("xx_double", ["DOUBLE", "BIGINT"], "BIGINT", (value: number, seed: bigint) =>
      xxOfLong(bitsOf(value), seed),
    ),
    text: native("xx_text", ["VARCHAR", "BIGINT"], "BIGINT", (text: string, seed: bigint) =>
      xxOfBytes(utf8(text), seed),
    ),
    bytes: native("xx_bytes", ["BLOB", "BIGINT"], "BIGINT", (blob: DuckDBBlobValue, seed: bigint) =>
      xxOfBytes(blob.bytes, seed),
    ),
    big: native("xx_big", ["VARCHAR", "BIGINT"], "BIGINT", (digits: string, seed: bigint) =>
      xxOfBytes(bigBytes(digits), seed),
    ),
  },
};

export type HashFamily = (typeof hashes)[keyof typeof hashes];

const SHA: Readonly<Record<number, string>> = {
  0: "sha256",
  224: "sha224",
  256: "sha256",
  384: "sha384",
  512: "sha512",
};

export const sha2 = native("sha2", ["BLOB", "INTEGER"], "VARCHAR", (blob: DuckDBBlobValue, bits: number) => {
  const algorithm = SHA[bits];
  return algorithm ? createHash(algorithm).update(blob.bytes).digest("hex") : null;
});

export const crc32 = native("crc32", ["BLOB"], "BIGINT", (blob: DuckDBBlobValue) => BigInt(zlibCrc32(blob.bytes)));
