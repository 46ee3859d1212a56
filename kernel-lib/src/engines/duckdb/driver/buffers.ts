// Growing byte buffers and bitmaps that are filled chunk by chunk and handed over batch by batch.

/** Bytes that grow by doubling. */
export class Bytes {
  private store = new Uint8Array(1024);
  length = 0;

  append(bytes: Uint8Array): void {
    this.reserve(bytes.byteLength).set(bytes);
  }

  /** Room for more bytes, as a view that is good until the next call; its content is not defined. */
  reserve(count: number): Uint8Array {
    const end = this.length + count;
    if (end > this.store.byteLength) {
      const larger = new Uint8Array(Math.max(end, this.store.byteLength * 2));
      larger.set(this.store.subarray(0, this.length));
      this.store = larger;
    }
    const room = this.store.subarray(this.length, end);
    this.length = end;
    return room;
  }

  /** Gives the bytes of this batch and starts anew; good until the next append, so copy them before that. */
  take(): Uint8Array {
    const bytes = this.store.subarray(0, this.length);
    this.length = 0;
    return bytes;
  }
}

/** Bits, lowest first in each byte, with a count of the zeros. */
export class Bitmap {
  private store = new Uint8Array(256);
  length = 0;
  zeros = 0;

  push(bit: boolean): void {
    this.grow(1);
    if (bit) this.store[this.length >> 3] = (this.store[this.length >> 3] as number) | (1 << (this.length & 7));
    else this.zeros++;
    this.length++;
  }

  /** Appends bits `start` to `start + count` of a mask; all ones when there is no mask. */
  append(mask: Uint8Array | null, start: number, count: number): void {
    this.grow(count);
    if (mask === null) {
      this.ones(count);
      return;
    }
    for (let i = start; i < start + count; i++) {
      // A whole byte at once where both sides are at a byte's start.
      if ((i & 7) === 0 && (this.length & 7) === 0 && i + 8 <= start + count) {
        const bits = mask[i >> 3] as number;
        this.store[this.length >> 3] = bits;
        this.zeros += 8 - (POPULATION[bits] as number);
        this.length += 8;
        i += 7;
      } else this.push(((mask[i >> 3] as number) >> (i & 7)) % 2 === 1);
    }
  }

  /** Gives a copy of the bits of this batch and starts anew. */
  take(): Uint8Array {
    const used = Math.ceil(this.length / 8);
    const bits = this.store.slice(0, used);
    this.store.fill(0, 0, used);
    this.length = 0;
    this.zeros = 0;
    return bits;
  }

  private ones(count: number): void {
    const end = this.length + count;
    while (this.length < end && (this.length & 7) !== 0) this.push(true);
    const bytes = Math.max(0, (end - this.length) >> 3);
    this.store.fill(255, this.length >> 3, (this.length >> 3) + bytes);
    this.length += bytes * 8;
    while (this.length < end) this.push(true);
  }

  private grow(count: number): void {
    const bytes = Math.ceil((this.length + count) / 8);
    if (bytes <= this.store.byteLength) return;
    const larger = new Uint8Array(Math.max(bytes, this.store.byteLength * 2));
    larger.set(this.store);
    this.store = larger;
  }
}

const POPULATION = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
  return ones;
});

/** Arrow's offsets start with a 0 before the end of the first value. */
export function withFirstOffset(ends: Uint8Array): Uint8Array {
  const offsets = new Uint8Array(ends.byteLength + 4);
  offsets.set(ends, 4);
  return offsets;
}
