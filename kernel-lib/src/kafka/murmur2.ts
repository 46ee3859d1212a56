const multiplier = 0x5bd1e995;

/** Kafka's murmur2 of `bytes[start .. start + length]`, as a signed 32-bit number: the same as Java's `Utils.murmur2`. */
export function murmur2(bytes: Uint8Array, start: number, length: number): number {
  let hash = 0x9747b28c ^ length;
  let i = start;
  for (const end = start + (length & ~3); i < end; i += 4) {
    let word = at(bytes, i) | (at(bytes, i + 1) << 8) | (at(bytes, i + 2) << 16) | (at(bytes, i + 3) << 24);
    word = Math.imul(word, multiplier);
    word ^= word >>> 24;
    hash = Math.imul(hash, multiplier) ^ Math.imul(word, multiplier);
  }
  const rest = length & 3;
  if (rest > 2) hash ^= at(bytes, i + 2) << 16;
  if (rest > 1) hash ^= at(bytes, i + 1) << 8;
  if (rest > 0) hash = Math.imul(hash ^ at(bytes, i), multiplier);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, multiplier);
  return hash ^ (hash >>> 15);
}

/**
 * The partition of a key, as Kafka's own default partitioner chooses it.
 *
 * @example
 * ```ts
 * const key = new TextEncoder().encode("4000000001");
 * console.log(partitionOfKey(key, 0, key.length, 3) < 3); // true
 * ```
 */
export function partitionOfKey(bytes: Uint8Array, start: number, length: number, partitions: number): number {
  return (murmur2(bytes, start, length) & 0x7fffffff) % partitions;
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}
