// Makes SQL text digestible for the parser: function names get a prefix, so that every call keeps its arguments in the
// order written; positional parameters get numbers; adjacent string literals become one.
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

export function prepare(sql: string): string {
  const pieces = [
    ...sql.matchAll(
      /\d+(?:\.\d*)?BD\b|'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`(?:[^`]|``)*`|--[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_]\w*|[^\S]+|[\s\S]/g,
    ),
  ].map((match) => match[0]);
  let positional = 0;
  let before = "";
  const out: string[] = [];
  pieces.forEach((piece, i) => {
    const blank = /^\s|^--|^\/\*/.test(piece);
    if (piece.startsWith("'") && before.startsWith("'")) {
      // Adjacent literals are one: 'it''s' is its.
      const last = out.findLastIndex((text) => text.startsWith("'"));
      out[last] = (out[last] as string).slice(0, -1) + piece.slice(1);
    } else if (/^\d.*BD$/.test(piece)) {
      // A number with a point is a decimal anyway.
      out.push(piece.includes(".") ? piece.slice(0, -2) : `${piece.slice(0, -2)}.`);
    } else if (piece === "?") out.push(`:${positionalName(positional++)}`);
    else if (/^timestamp_[nl]tz$/i.test(piece) && /^['"]/.test(pieces[nextSolid(pieces, i + 1)] ?? ""))
      out.push(`${FUNCTION_PREFIX}typed__${piece.toLowerCase()}(`);
    else if (/^[A-Za-z_]/.test(piece) && isCall(pieces, i, before)) out.push(`${FUNCTION_PREFIX}${piece}`);
    // Comments and hints mean nothing here, and the parser would tie them to expressions.
    else out.push(/^--|^\/\*/.test(piece) ? " " : piece);
    if (/^['"]/.test(piece) && /^timestamp_[nl]tz$/i.test(before)) out.push(")");
    if (!blank) before = piece;
  });
  return out.join("");
}

function isCall(pieces: readonly string[], at: number, before: string): boolean {
  const word = (pieces[at] as string).toLowerCase();
  const open = nextSolid(pieces, at + 1);
  if (SPECIAL_SYNTAX.has(word) && pieces[open] === "(") return !hasKeyword(pieces, open);
  if (pieces[open] !== "(" || NOT_FUNCTIONS.has(word) !== (word === "filter" && before !== ")")) return false;
  if (before === "." || before === ")" || before === ":" || BEFORE_ALIAS.has(before.toLowerCase())) return false;
  return !isCommonTable(pieces, open);
}

function nextSolid(pieces: readonly string[], from: number): number {
  let at = from;
  while (at < pieces.length && /^\s|^--|^\/\*/.test(pieces[at] as string)) at += 1;
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
