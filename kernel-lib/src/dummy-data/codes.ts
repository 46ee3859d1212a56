import { SluiceError } from "../errors.ts";
import { drawn } from "./column.ts";
import type { Column } from "./column.ts";
import { Draw } from "./random.ts";

/**
 * A code of a fixed shape: `#` stands for a digit, `?` for a capital letter, anything else for itself.
 *
 * @example
 * ```ts
 * pattern("????##############"); // a tax number of 4 letters and 14 digits
 * ```
 */
export function pattern(shape: string): Column {
  const bytes = Buffer.from(shape, "utf8");
  return drawn(bytes.length, (sink, draw) => {
    for (const byte of bytes) sink.byte(byte === 35 ? 48 + draw.below(10) : byte === 63 ? 65 + draw.below(26) : byte);
  });
}

/**
 * A text of `count` digits, leading zeros included.
 *
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: digits(10) } }).rows();
 * ```
 */
export function digits(count: number): Column {
  if (!Number.isInteger(count) || count < 1)
    throw new SluiceError("USAGE", `digits takes a whole number from 1, not ${count}.`);
  return drawn(count, (sink, draw) => {
    let left = count;
    for (; left > 5; left -= 5) sink.digits(draw.below(100_000), 5);
    sink.digits(draw.below(10 ** left), left);
  });
}

/**
 * A postal code of five digits, as in the United States and Mexico, or of another shape as {@link pattern} takes it. Leading zeros are kept.
 *
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: postalCode() } }).rows();
 * ```
 */
export function postalCode(shape = "#####"): Column {
  return shape === "#####" ? digits(5) : pattern(shape);
}

/**
 * A text of `count` digits that no other row has, in no visible order.
 *
 * @param count - from 1 to 10; there are 10^count different ones, and a row beyond them is an error
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: uniqueDigits(10) } }).rows();
 * ```
 */
export function uniqueDigits(count: number): Column {
  if (!Number.isInteger(count) || count < 1 || count > 10)
    throw new SluiceError("USAGE", `uniqueDigits takes 1 to 10 digits, not ${count}.`);
  const size = 10 ** count;
  return {
    maxBytes: count,
    type: "STRING",
    bind(seed, key) {
      const draw = new Draw(seed, key).at(0);
      const start = draw.below(size);
      // Odd and no multiple of 5: then row → (start + row · step) mod 10^count meets every number once.
      let step = 1 + draw.below(size - 1);
      while (step % 2 === 0 || step % 5 === 0) step--;
      return (sink, row) => {
        if (row >= size)
          throw new SluiceError("USAGE", `There are only ${size} different texts of ${count} digits.`, {
            next: "Use more digits.",
          });
        sink.digits((start + timesModulo(row, step, size)) % size, count);
        return true;
      };
    },
  };
}

/** row · step mod size without leaving the 53 bits of a double; step and size are below 2³⁴. */
function timesModulo(row: number, step: number, size: number): number {
  const high = Math.floor(row / 65536);
  return (((((high * step) % size) * 65536) % size) + (row % 65536) * step) % size;
}

const HEX = Buffer.from("0123456789abcdef");

/**
 * A random UUID (version 4), such as `3f1c0a52-8d7e-4b6f-9a01-5c2e7d98b314`.
 *
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: uuid() } }).rows();
 * ```
 */
export function uuid(): Column {
  return drawn(36, (sink, draw) => {
    let bits = 0;
    for (let digit = 0; digit < 32; digit++) {
      if (digit % 8 === 0) bits = draw.next();
      if (digit === 8 || digit === 12 || digit === 16 || digit === 20) sink.byte(45);
      let value = bits & 15;
      bits >>>= 4;
      if (digit === 12) value = 4;
      else if (digit === 16) value = 8 | (value & 3);
      sink.byte(HEX[value]!);
    }
  });
}

/** The account part of an IBAN: letters (the bank), then digits. */
const IBAN_SHAPES: Readonly<Record<string, readonly [letters: number, digits: number]>> = {
  DE: [0, 18],
  GB: [4, 14],
  NL: [4, 10],
};

/**
 * An international bank account number with valid check digits.
 *
 * @param country - `GB` (22 characters), `DE` (22) or `NL` (18)
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: iban("DE") } }).rows();
 * ```
 */
export function iban(country: "DE" | "GB" | "NL" = "GB"): Column {
  const shape = IBAN_SHAPES[country];
  if (!shape)
    throw new SluiceError("USAGE", `iban knows ${Object.keys(IBAN_SHAPES).join(", ")}, not ${String(country)}.`);
  const [letters, digitCount] = shape;
  const first = country.charCodeAt(0);
  const second = country.charCodeAt(1);
  return drawn(4 + letters + digitCount, (sink, draw) => {
    sink.byte(first);
    sink.byte(second);
    const checkAt = sink.length;
    sink.length += 2;
    // The check number is taken over account, country and 00, a letter counting as 10 (A) to 35 (Z).
    let remainder = 0;
    for (let index = 0; index < letters; index++) {
      const letter = draw.below(26);
      sink.byte(65 + letter);
      remainder = (remainder * 100 + letter + 10) % 97;
    }
    for (let left = digitCount; left > 0; left -= 6) {
      const width = Math.min(left, 6);
      const scale = POWERS[width]!;
      const part = draw.below(scale);
      sink.digits(part, width);
      remainder = (remainder * scale + part) % 97;
    }
    remainder = (remainder * 1_000_000 + (first - 55) * 10_000 + (second - 55) * 100) % 97;
    const check = 98 - remainder;
    sink.bytes[checkAt] = 48 + Math.floor(check / 10);
    sink.bytes[checkAt + 1] = 48 + (check % 10);
  });
}

const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
