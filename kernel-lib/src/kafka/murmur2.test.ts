import { expect, test } from "vitest";
import { murmur2, partitionOfKey } from "./murmur2.ts";

// The values that stand in the tests of Kafka's own Java client.
const javaValues: [string, number][] = [
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
];

test.each(javaValues)("murmur2 of %s is Java's", (text, expected) => {
  const bytes = Buffer.from(`..${text}..`);
  expect(murmur2(bytes, 2, text.length)).toBe(expected);
});

test("the partition of a key is the positive hash modulo the partitions", () => {
  expect(partitionOfKey(Buffer.from("21"), 0, 2, 7)).toBe((-973932308 & 0x7fffffff) % 7);
});
