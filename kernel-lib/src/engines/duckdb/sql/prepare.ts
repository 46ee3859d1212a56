// Makes SQL text digestible for the parser: function names get a prefix, so that every call keeps its arguments in the
// order written; positional parameters get numbers; adjacent string literals become one, with Spark's escapes undone;
// numbers with a suffix become calls, so that `1L` is told from `CAST(1 AS BIGINT)`.
import { STRING_LITERAL, quoted, stringValue } from "./string-literal.ts";

export const FUNCTION_PREFIX = "fn__";

/** The name of the parameter that stands for the question mark at a position, from 0. */
export function positionalName(position: number): string {
  return `positional__${position}`;
}

/** Words before a parenthesis that are no functions, or that have a syntax of their own. */
const NOT_FUNCTIONS = new Set(
  (
    "in exists values over and or not when then else case on using where having select from join as by cube rollup sets " +
    "any some all union except intersect minus cast try_cast within group pivot " +
    "unpivot for tablesample interval with like ilike rlike regexp between is distinct limit offset decimal numeric dec " +
    "varchar char array map struct if left right first last any_value first_value last_value qualify window lateral table " +
    "partition order only percent rows insert into view exclude replace include filter ignore respect nulls anti semi " +
    "cross inner outer full natural escape recursive"
  ).split(" "),
);

/** Functions that may also be written with keywords: `substring(x FROM 2)`, `extract(year FROM x)`. */
const SPECIAL_SYNTAX = new Set(["extract", "trim", "substring", "position", "overlay"]);
const KEYWORDS = new Set(["from", "in", "placing", "both", "leading", "trailing"]);

/** Words after which a name with a parenthesis is an alias with column names. */
const BEFORE_ALIAS = new Set(["as", "with", "into", "table", "recursive"]);

/** The calls that stand for `TIMESTAMP_NTZ '…'` and `TIMESTAMP_LTZ '…'`, which the parser does not know: their types. */
export const TIMESTAMP_LITERALS: Readonly<Record<string, string>> = {
  typed__timestamp_ntz: "timestamp_ntz",
  typed__timestamp_ltz: "timestamp",
};

/** The call that stands for a number with a suffix, such as `1L`: its one argument is the number as written. */
export const NUMBER_CALL = "typed__number";

const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?:[bB][dD]|[lLsSyYdDfF])?(?!\w)/;
const BLANK = /--[^\n]*|\/\*[\s\S]*?\*\/|\s+/;
const PIECES = new RegExp(
  [STRING_LITERAL, NUMBER, /`(?:[^`]|``)*`/, BLANK, /[A-Za-z_]\w*/, /[\s\S]/].map((form) => form.source).join("|"),
  "g",
);

const isBlank = (piece: string): boolean => /^\s|^--|^\/\*/.test(piece);
const isString = (piece: string): boolean => /^[rR]?['"]/.test(piece) && piece.length > 1;
const isSuffixed = (piece: string): boolean => /^\.?\d.*[a-z]$/i.test(piece);

/** A text for the parser, and where its parts came from. */
export interface Prepared {
  readonly text: string;
  /** Where in the source each part of the text begins, and where in the text; in order. */
  readonly parts: readonly { readonly source: number; readonly made: number }[];
}

export const prepare = (sql: string): string => prepared(sql).text;

export function prepared(sql: string): Prepared {
  const pieces = [...sql.matchAll(PIECES)].map((match) => match[0]);
  let positional = 0;
  let before = "";
  // The string literal just read: adjacent literals are one, 'it''s' is its.
  let joined = { value: "", at: -1 };
  const out: string[] = [];
  const sources: number[] = [];
  let source = 0;
  pieces.forEach((piece, i) => {
    if (isString(piece)) {
      const value = stringValue(piece);
      joined = isString(before) ? { value: joined.value + value, at: joined.at } : { value, at: out.push("") - 1 };
      out[joined.at] = quoted(joined.value);
    } else if (isSuffixed(piece)) out.push(`${FUNCTION_PREFIX}${NUMBER_CALL}('${piece}')`);
    else if (piece === "?") out.push(`:${positionalName(positional++)}`);
    else if (/^timestamp_[nl]tz$/i.test(piece) && isString(pieces[nextSolid(pieces, i + 1)] ?? ""))
      out.push(`${FUNCTION_PREFIX}typed__${piece.toLowerCase()}(`);
    else if (/^[A-Za-z_]/.test(piece) && isCall(pieces, i, before)) out.push(`${FUNCTION_PREFIX}${piece}`);
    // Comments and hints mean nothing here, and the parser would tie them to expressions.
    else out.push(/^--|^\/\*/.test(piece) ? " " : piece);
    if (isString(piece) && /^timestamp_[nl]tz$/i.test(before)) out.push(")");
    if (!isBlank(piece)) before = piece;
    while (sources.length < out.length) sources.push(source);
    source += piece.length;
  });
  let made = 0;
  const parts = out.map((text, i) => {
    made += text.length;
    return { source: sources[i] ?? 0, made: made - text.length };
  });
  return { text: out.join(""), parts };
}

function isCall(pieces: readonly string[], at: number, before: string): boolean {
  const word = (pieces[at] as string).toLowerCase();
  const open = nextSolid(pieces, at + 1);
  if (SPECIAL_SYNTAX.has(word) && pieces[open] === "(") return !hasKeyword(pieces, open);
  if (pieces[open] !== "(" || NOT_FUNCTIONS.has(word) !== (word === "filter" && before !== ")")) return false;
  if (before === "." || before === ")" || before === ":" || BEFORE_ALIAS.has(before.toLowerCase())) return false;
  return !isCommonTable(pieces, open);
}

/** The word, number, literal or sign of a source at a place that is not blank. */
export function tokenAt(sql: string, at: number): string | undefined {
  return new RegExp(PIECES.source, "y").exec(sql.slice(at))?.[0];
}

function nextSolid(pieces: readonly string[], from: number): number {
  let at = from;
  while (at < pieces.length && isBlank(pieces[at] as string)) at += 1;
  return at;
}

function hasKeyword(pieces: readonly string[], open: number): boolean {
  let depth = 0;
  for (let at = open; at < pieces.length; at += 1) {
    if (pieces[at] === "(") depth += 1;
    if (pieces[at] === ")" && (depth -= 1) === 0) return false;
    if (depth === 1 && KEYWORDS.has((pieces[at] as string).toLowerCase())) return true;
  }
  return false;
}

/** `name(columns) AS (`: a common table expression. */
function isCommonTable(pieces: readonly string[], open: number): boolean {
  let depth = 0;
  for (let at = open; at < pieces.length; at += 1) {
    if (pieces[at] === "(") depth += 1;
    if (pieces[at] === ")" && (depth -= 1) === 0) {
      const as = nextSolid(pieces, at + 1);
      return pieces[as]?.toLowerCase() === "as" && pieces[nextSolid(pieces, as + 1)] === "(";
    }
  }
  return false;
}
