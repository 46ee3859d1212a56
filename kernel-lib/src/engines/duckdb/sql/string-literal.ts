// String literals of Spark's dialect: what their text means, and the form that the parser reads back unchanged.

/** A string literal in any of its forms: `'…'`, `"…"`, and the raw `r'…'` and `r"…"`. */
export const STRING_LITERAL = /[rR]'[^']*'|[rR]"[^"]*"|'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/;

const ESCAPES = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([01][0-7]{2})|([\s\S]))/g;

/** Letters after a backslash that mean another character; `\%` and `\_` stay as they are, for LIKE. */
const LETTERS: Readonly<Record<string, string>> = {
  "0": "\0",
  b: "\b",
  n: "\n",
  r: "\r",
  t: "\t",
  Z: "\x1a",
  "%": "\\%",
  _: "\\_",
};

/** The value of a literal as written, with its quotes: as Spark's `unescapeSQLString`. */
export function stringValue(literal: string): string {
  if (/^r/i.test(literal)) return literal.slice(2, -1);
  return literal
    .slice(1, -1)
    .replace(ESCAPES, (_all, short?: string, long?: string, octal?: string, letter?: string) => {
      if (letter !== undefined) return LETTERS[letter] ?? letter;
      return octal === undefined ? codePoint(parseInt(short ?? long ?? "0", 16)) : codePoint(parseInt(octal, 8));
    });
}

/** Halves of a pair may be written apart; a number beyond Unicode gives what Java's cut to 16 bits gives. */
function codePoint(code: number): string {
  if (code < 0x10000) return String.fromCharCode(code);
  const rest = code - 0x10000;
  return String.fromCharCode(Math.floor(rest / 0x400) + 0xd800, (rest % 0x400) + 0xdc00);
}

/** A literal that the parser reads as exactly this value. */
export function quoted(value: string): string {
  return `'${value.replace(/[\\']/g, "\\$&")}'`;
}
