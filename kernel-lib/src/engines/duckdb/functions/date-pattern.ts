// Java's date patterns: a list of fields and texts.
import { SparkError, unsupported } from "../../../sql/errors.ts";

export type PatternPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "field"; readonly letter: string; readonly count: number }
  | { readonly kind: "optional"; readonly parts: readonly PatternPart[] };

const KNOWN = "GyuMLdDHhkKmsSaEQqXxZzVOF";

function illegal(pattern: string, character: string): SparkError {
  return new SparkError(
    "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER",
    `Unrecognized datetime pattern: ${pattern}. Illegal pattern character found in datetime pattern: ${character}. Please provide legal character.`,
    { sqlState: "22007", messageParameters: { c: character, pattern } },
  );
}

function tooLong(pattern: string): SparkError {
  return new SparkError(
    "INVALID_DATETIME_PATTERN.LENGTH",
    `Unrecognized datetime pattern: ${pattern}. Too many letters in datetime pattern: ${pattern}. Please reduce pattern length.`,
    { sqlState: "22007", messageParameters: { pattern } },
  );
}

/**
 * The parts of a Java date pattern.
 *
 * @throws SparkError INVALID_DATETIME_PATTERN for letters Spark refuses, INCONSISTENT_BEHAVIOR_CROSS_VERSION for those of weeks.
 */
export function parsePattern(pattern: string): PatternPart[] {
  const stack: PatternPart[][] = [[]];
  const add = (part: PatternPart) => stack.at(-1)?.push(part);
  for (let i = 0; i < pattern.length;) {
    const char = pattern[i] as string;
    if (char === "'") {
      const end = closingQuote(pattern, i);
      if (end < 0) throw illegal(pattern, "'");
      const text = pattern.slice(i + 1, end).replaceAll("''", "'");
      add({ kind: "text", text: end === i + 1 ? "'" : text });
      i = end + 1;
    } else if (char === "[") {
      stack.push([]);
      i += 1;
    } else if (char === "]") {
      const parts = stack.pop();
      if (stack.length === 0 || !parts) throw illegal(pattern, "]");
      add({ kind: "optional", parts });
      i += 1;
    } else if (/[a-zA-Z]/.test(char)) {
      let count = 1;
      while (pattern[i + count] === char) count += 1;
      checkField(pattern, char, count);
      add({ kind: "field", letter: char, count });
      i += count;
    } else {
      if ("{}#".includes(char)) throw illegal(pattern, char);
      add({ kind: "text", text: char });
      i += 1;
    }
  }
  if (stack.length !== 1) throw illegal(pattern, "[");
  return stack[0] ?? [];
}

function closingQuote(pattern: string, open: number): number {
  for (let i = open + 1; i < pattern.length; i += 1) {
    if (pattern[i] !== "'") continue;
    if (pattern[i + 1] !== "'" || i === open + 1) return i;
    i += 1;
  }
  return -1;
}

function checkField(pattern: string, letter: string, count: number): void {
  if ("YWwec".includes(letter)) {
    throw new SparkError(
      "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
      `You may get a different result due to the upgrading to Spark >= 3.0: Spark >= 3.0 does not support week-based patterns: ${letter}. Please use the SQL function EXTRACT instead.`,
      { sqlState: "42K0B" },
    );
  }
  if (!KNOWN.includes(letter)) throw illegal(pattern, letter);
  const most: Readonly<Record<string, number>> = {
    y: 6,
    u: 6,
    M: 4,
    L: 4,
    d: 2,
    H: 2,
    h: 2,
    k: 2,
    K: 2,
    m: 2,
    s: 2,
    S: 9,
    D: 3,
    E: 4,
    a: 1,
    Q: 4,
    q: 4,
    F: 1,
  };
  if (count > (most[letter] ?? 5)) throw tooLong(pattern);
  if ("zVOG".includes(letter)) {
    throw unsupported(
      `The letter ${letter} of the date pattern ${pattern}`,
      "Use XXX for the offset of the time zone.",
    );
  }
}
