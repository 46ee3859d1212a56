import { crc32c as libraryCrc32c } from "@platformatic/kafka";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { textAt, utf8Column } from "./columns.ts";
import { partitionOfKey } from "./murmur2.ts";
import { RecordCollector, decodeBatches } from "./record-batch-decoder.ts";
import { RecordBatchEncoder, RecordTooLarge } from "./record-batch-encoder.ts";
import type { Compression, EncodedBatch, EncoderOptions } from "./record-batch-encoder.ts";

const crc32c = (bytes: Buffer): number => libraryCrc32c(bytes);

afterEach(() => {
  vi.useRealTimers();
});

test("the checksum is CRC-32C", () => {
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
  expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
});

test("a batch of two records has Kafka's bytes", () => {
  vi.useFakeTimers({ now: 0x0102030405 });
  const { batches } = encode(["k", null], ["value", null], { producerId: 7n, producerEpoch: 2 });
  expect(batches).toHaveLength(1);
  const records = [
    ...[24, 0, 0, 0, 2, 0x6b, 10, ...Buffer.from("value"), 0], // 12 bytes: attributes, time 0, offset 0, "k", "value", no headers
    ...[12, 0, 0, 2, 1, 1, 0], // 6 bytes: offset 1, no key, no value, no headers
  ];
  const time = [0, 0, 0, 1, 2, 3, 4, 5];
  const checked = [
    ...[0, 0],
    ...[0, 0, 0, 1],
    ...time,
    ...time,
    ...[0, 0, 0, 0, 0, 0, 0, 7],
    ...[0, 2],
    ...[0, 0, 0, 0],
    ...[0, 0, 0, 2],
    ...records,
  ];
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32c(Buffer.from(checked)));
  const length = [0, 0, 0, 9 + checked.length];
  expect([...(batches[0]?.bytes ?? [])]).toEqual([
    ...[0, 0, 0, 0, 0, 0, 0, 0],
    ...length,
    ...[255, 255, 255, 255],
    2,
    ...checksum,
    ...checked,
  ]);
});

test.each<Compression>(["none", "gzip"])(
  "what is encoded with compression %s is decoded again, in the order of each partition",
  (compression) => {
    const text = fc.option(
      fc.oneof(fc.string({ unit: "binary", maxLength: 8 }), fc.string({ minLength: 50, maxLength: 400 })),
      { freq: 5 },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 120 }), (rows) => {
        const keys = rows.map(([key]) => key);
        const values = rows.map(([, value]) => value);
        const { decoded } = encode(keys, values, { partitions: 3, batchBytes: 1000, compression });
        expect(decoded.flat()).toHaveLength(rows.length);
        for (const key of new Set(keys.filter((one) => one !== null))) {
          const bytes = Buffer.from(key);
          const there = decoded[partitionOfKey(bytes, 0, bytes.length, 3)] ?? [];
          expect(there.filter((record) => record.key === key).map((record) => record.value)).toEqual(
            values.filter((_, row) => keys[row] === key),
          );
        }
        const keyless = decoded.flat().filter((record) => record.key === null);
        expect(keyless.map((record) => record.value).sort()).toEqual(
          values.filter((_, row) => keys[row] === null).sort(),
        );
      }),
      { numRuns: 200 },
    );
  },
);

test("each batch continues the sequence of its partition and stays within its size", () => {
  const values = Array.from({ length: 500 }, (_, i) => "v".repeat(i % 90));
  const { batches } = encode(
    values.map((_, i) => `key ${i}`),
    values,
    { partitions: 2, batchBytes: 700 },
  );
  for (const partition of [0, 1]) {
    let sequence = 0;
    for (const { bytes, count } of batches.filter((batch) => batch.partition === partition)) {
      expect(bytes.length).toBeLessThanOrEqual(700);
      expect(bytes.readInt32BE(53)).toBe(sequence);
      sequence += count;
    }
    expect(sequence).toBeGreaterThan(0);
  }
});

test("a record above the size of a batch gets one of its own, and one above the topic's limit is refused", () => {
  expect(
    encode(["k"], ["v".repeat(900)], { batchBytes: 500, maxBatchBytes: 1000 }).decoded[0]?.[0]?.value,
  ).toHaveLength(900);
  expect(() => encode(["a", "k"], ["b", "v".repeat(1000)], { batchBytes: 500, maxBatchBytes: 1000 })).toThrow(
    new RecordTooLarge(1, 1071),
  );
});

test("a damaged batch is noticed", () => {
  const { batches } = encode(["k"], ["value"], {});
  const bytes = Buffer.from(batches[0]?.bytes ?? []);
  bytes[bytes.length - 3] = 0;
  expect(() => decodeBatches(bytes, 0n, 10n, crc32c, new RecordCollector(100))).toThrow(/damaged/);
});

test("records before the wanted offset and from the end on are left out, and a cut batch waits", () => {
  const values = Array.from({ length: 20 }, (_, i) => `v${i}`);
  const { batches } = encode(
    values.map(() => "k"),
    values,
    {},
  );
  const whole = batches[0]?.bytes ?? Buffer.alloc(0);
  const into = new RecordCollector(100);
  const cut = Buffer.concat([whole, whole.subarray(0, 80)]);
  expect(decodeBatches(cut, 5n, 8n, crc32c, into)).toBe(20n);
  expect([...into.offsets]).toEqual([5n, 6n, 7n]);
});

interface Decoded {
  key: string | null;
  value: string | null;
}

function encode(keys: (string | null)[], values: (string | null)[], options: Partial<EncoderOptions>) {
  const batches: (Pick<EncodedBatch, "partition" | "count"> & { bytes: Buffer })[] = [];
  const encoder: RecordBatchEncoder = new RecordBatchEncoder({
    ...{
      partitions: 1,
      batchBytes: 4096,
      maxBatchBytes: 8192,
      producerId: 1n,
      producerEpoch: 0,
      compression: "none",
      crc32c,
    },
    ...options,
    onBatch: ({ partition, buffer, length, count }) => {
      batches.push({ partition, count, bytes: Buffer.from(buffer.subarray(0, length)) });
      // The next batch is written over this one: what was kept must be a copy.
      encoder.release(buffer.fill(0xee));
    },
  });
  encoder.encode({ rows: values.length, key: utf8Column(keys), value: utf8Column(values) }, 0, values.length);
  encoder.flush();
  const decoded = Array.from({ length: options.partitions ?? 1 }, (_, partition): Decoded[] =>
    batches.filter((batch) => batch.partition === partition).flatMap(({ bytes }) => decode(bytes)),
  );
  return { batches, decoded };
}

function decode(bytes: Buffer): Decoded[] {
  const into = new RecordCollector(bytes.length);
  decodeBatches(bytes, 0n, 1_000_000n, crc32c, into);
  const key = into.keys.finish();
  const value = into.values.finish();
  return Array.from({ length: into.rows }, (_, row) => ({ key: textAt(key, row), value: textAt(value, row) }));
}
