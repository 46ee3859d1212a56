// String functions in JavaScript, for what DuckDB has no exact equal of.
import { blobValue } from "@duckdb/node-api";
import { SparkError } from "../../../sql/errors.ts";
import type { NativeFunction } from "./definition.ts";

/** A native function of strings and whole numbers, by its DuckDB parameter types. */
export function native(
  name: string,
  parameters: readonly string[],
  result: string,
  evaluate: NativeFunction["evaluate"],
): NativeFunction {
  return { name: `spark_${name}`, parameters, result, evaluate };
}

const S = "VARCHAR";

export const upperText = native("upper", [S], S, (text: string) => text.toUpperCase());
export const lowerText = native("lower", [S], S, (text: string) => text.toLowerCase());

/** The first letter after each space in upper case, the others in lower case. */
export const initcap = native("initcap", [S], S, (text: string) =>
  text.toLowerCase().replace(/(^| )(\S)/gu, (_, space: string, letter: string) => space + letter.toUpperCase()),
);

export const reverseText = native("reverse", [S], S, (text: string) => [...text].reverse().join(""));

export function levenshteinDistance(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  a.forEach((letter, i) => {
    const row = [i + 1];
    b.forEach((other, j) => {
      const replaced = (previous[j] ?? 0) + (letter === other ? 0 : 1);
      row.push(Math.min(replaced, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    });
    previous = row;
  });
  return previous[b.length] ?? 0;
}

export const levenshtein = native("levenshtein", [S, S], "INTEGER", levenshteinDistance);

const SOUNDS: Readonly<Record<string, string>> = Object.fromEntries(
  ["BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"].flatMap((letters, i) =>
    [...letters].map((letter) => [letter, `${i + 1}`]),
  ),
);

/** Spark's soundex: text that does not begin with a letter stays as it is. */
export function soundexCode(text: string): string {
  const letters = [...text.toUpperCase()];
  const [first] = letters;
  if (first === undefined || !/[A-Z]/.test(first)) return text;
  let code = first;
  let last = SOUNDS[first] ?? "0";
  for (const letter of letters.slice(1)) {
    if (code.length === 4) break;
    if (!/[A-Z]/.test(letter)) last = "0";
    else if (letter !== "H" && letter !== "W") {
      const sound = SOUNDS[letter] ?? "0";
      if (sound !== "0" && sound !== last) code += sound;
      last = sound;
    }
  }
  return code.padEnd(4, "0");
}

export const soundex = native("soundex", [S], S, soundexCode);

/**
 * `conv`: a number's text from one base in another; what is no digit ends it.
 *
 * @throws SparkError ARITHMETIC_OVERFLOW for a number of more than 64 bits, unless it is to be cut to the largest.
 */
export function convertBase(text: string, from: number, to: number, cut = true): string | null {
  const outside = (base: number) => Math.abs(base) < 2 || Math.abs(base) > 36;
  if (from < 2 || outside(from) || outside(to)) return null;
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const negative = trimmed.startsWith("-");
  const limit = 2n ** 64n;
  let value = 0n;
  for (const letter of trimmed.slice(negative ? 1 : 0)) {
    const digit = parseInt(letter, 36);
    if (!(digit < from)) break;
    value = value * BigInt(from) + BigInt(digit);
    if (value >= limit) {
      if (!cut)
        throw new SparkError(
          "ARITHMETIC_OVERFLOW",
          'Overflow in function conv(). If necessary set "spark.sql.ansi.enabled" to "false" to bypass this error.',
          { sqlState: "22003" },
        );
      value = limit - 1n;
      break;
    }
  }
  if (negative && to > 0) value = value >= 2n ** 63n ? limit - 1n : BigInt.asUintN(64, -value);
  if (to < 0) {
    const signed = BigInt.asIntN(64, negative ? -value : value);
    return `${signed < 0n ? "-" : ""}${(signed < 0n ? -signed : signed).toString(-to)}`.toUpperCase();
  }
  return value.toString(to).toUpperCase();
}

export const conv = native("conv", [S, "INTEGER", "INTEGER"], S, (text: string, from: number, to: number) =>
  convertBase(text, from, to),
);
export const convAnsi = native("conv_ansi", [S, "INTEGER", "INTEGER"], S, (text: string, from: number, to: number) =>
  convertBase(text, from, to, false),
);

export const fromBase64 = native("unbase64", [S], "BLOB", (text: string) =>
  // Characters of no meaning are passed over, as in MIME; Buffer would take those of base64url too.
  blobValue(new Uint8Array(Buffer.from(text.replace(/[^A-Za-z0-9+/=]/g, ""), "base64"))),
);

const CHARSETS: Readonly<Record<string, BufferEncoding>> = {
  "utf-8": "utf8",
  utf8: "utf8",
  "us-ascii": "ascii",
  "iso-8859-1": "latin1",
  "utf-16le": "utf16le",
};

/** The charsets Spark 4 allows and how the bytes of UTF-16 are ordered. */
export const isCharset = (name: string): boolean => name in CHARSETS || name === "utf-16" || name === "utf-16be";

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes).swap16();
}

export function encodeText(text: string, charset: string): Uint8Array {
  if (charset === "utf-16") return new Uint8Array([0xfe, 0xff, ...swapped(Buffer.from(text, "utf16le"))]);
  if (charset === "utf-16be") return new Uint8Array(swapped(Buffer.from(text, "utf16le")));
  const narrow = charset === "us-ascii" ? /[^\0-\x7f]/gu : charset === "iso-8859-1" ? /[^\0-\xff]/gu : undefined;
  return new Uint8Array(Buffer.from(narrow ? text.replace(narrow, "?") : text, CHARSETS[charset]));
}

export function decodeText(bytes: Uint8Array, charset: string): string {
  const buffer = Buffer.from(bytes);
  if (charset === "us-ascii") return buffer.toString("latin1").replace(/[\x80-\xff]/g, "\ufffd");
  if (charset !== "utf-16" && charset !== "utf-16be") return buffer.toString(CHARSETS[charset]);
  if (charset === "utf-16" && buffer[0] === 0xff && buffer[1] === 0xfe) return buffer.subarray(2).toString("utf16le");
  const marked = charset === "utf-16" && buffer[0] === 0xfe && buffer[1] === 0xff;
  return swapped(marked ? buffer.subarray(2) : buffer).toString("utf16le");
}
