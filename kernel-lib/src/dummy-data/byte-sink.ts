/** A growing buffer of UTF-8 bytes that column writers append to. */
export class ByteSink {
  bytes: Uint8Array;
  length = 0;

  constructor(capacity = 1 << 16) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Makes room for `count` more bytes. Writers need not ask: the table does, with the widest row's size. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  /** A whole number that is not negative and below 2⁵³, with zeros in front up to `width` digits. */
  digits(value: number, width: number): void {
    const { bytes } = this;
    // Numbers beyond 31 bits are split, since remainders of large doubles are slow.
    if (value > 0x7fffffff) {
      const high = Math.floor(value / 1e9);
      this.digits(high, width - 9);
      this.digits(value - high * 1e9, 9);
      return;
    }
    let rest = value | 0;
    for (let at = this.length + width - 1; at >= this.length; at--) {
      const next = (rest / 10) | 0;
      bytes[at] = 48 + rest - next * 10;
      rest = next;
    }
    this.length += width;
  }

  /** A whole number below 2⁵³ in as many characters as it needs. */
  integer(value: number): void {
    if (value < 0) {
      this.byte(45);
      value = -value;
    }
    let width = 1;
    for (let limit = 10; value >= limit && width < 16; limit *= 10) width++;
    this.digits(value, width);
  }
}

/** A list of texts as UTF-8 bytes, ready to be copied. */
export class Words {
  readonly count: number;
  /** The length of the longest one in bytes. */
  readonly longest: number;
  readonly #bytes: Uint8Array;
  readonly #starts: Uint32Array;

  constructor(texts: readonly string[]) {
    const encoded = texts.map((text) => Buffer.from(text, "utf8"));
    this.count = texts.length;
    this.longest = encoded.reduce((longest, bytes) => Math.max(longest, bytes.length), 0);
    this.#bytes = Uint8Array.from(Buffer.concat(encoded));
    this.#starts = new Uint32Array(texts.length + 1);
    for (const [index, bytes] of encoded.entries()) this.#starts[index + 1] = this.#starts[index]! + bytes.length;
  }

  write(sink: ByteSink, index: number): void {
    const end = this.#starts[index + 1]!;
    const { bytes } = sink;
    let to = sink.length;
    for (let from = this.#starts[index]!; from < end; from++) bytes[to++] = this.#bytes[from]!;
    sink.length = to;
  }
}
