// Cuts DDL text into tokens, with the place of each for error messages.
import { SparkError } from "../errors.ts";

export interface Token {
  readonly kind: "word" | "quoted" | "string" | "number" | "symbol" | "end";
  /** The token's meaning: quotes and doubled quotes are gone. */
  readonly text: string;
  /** What stands in the source. */
  readonly source: string;
  readonly offset: number;
}

const pattern =
  /(?<space>\s+)|(?<word>[\p{L}_][\p{L}\p{N}_]*|\d+[\p{L}_][\p{L}\p{N}_]*)|`(?<quoted>(?:[^`]|``)+)`|'(?<single>(?:[^'\\]|\\[^])*)'|"(?<double>(?:[^"\\]|\\[^])*)"|(?<number>\d+)|(?<symbol>[<>(),:.])/uy;

const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", "0": "\0", Z: "\u001A" };

function unescape(text: string): string {
  return text.replace(/\\([^])/g, (_, character: string) => escapes[character] ?? character);
}

/** The tokens of `text`, ended by one of kind `end`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  let offset = 0;
  while (offset < text.length) {
    pattern.lastIndex = offset;
    const match = pattern.exec(text);
    if (!match) throw syntaxError(text, offset, text[offset] ?? "");
    const source = match[0];
    const groups = match.groups ?? {};
    if (groups["word"] !== undefined) tokens.push({ kind: "word", text: source, source, offset });
    else if (groups["quoted"] !== undefined)
      tokens.push({ kind: "quoted", text: groups["quoted"].replaceAll("``", "`"), source, offset });
    else if (groups["single"] !== undefined || groups["double"] !== undefined)
      tokens.push({ kind: "string", text: unescape(groups["single"] ?? groups["double"] ?? ""), source, offset });
    else if (groups["number"] !== undefined) tokens.push({ kind: "number", text: source, source, offset });
    else if (groups["symbol"] !== undefined) tokens.push({ kind: "symbol", text: source, source, offset });
    offset += source.length;
  }
  tokens.push({ kind: "end", text: "", source: "end of input", offset });
  return tokens;
}

/** Spark's `PARSE_SYNTAX_ERROR`, with the line (from 1) and the column (from 0) as Spark counts them. */
export function syntaxError(text: string, offset: number, near: string): SparkError {
  const before = text.slice(0, offset).split("\n");
  const line = before.length;
  const position = before.at(-1)?.length ?? 0;
  const shown = near === "end of input" ? near : `'${near}'`;
  return new SparkError(
    "PARSE_SYNTAX_ERROR",
    `Syntax error at or near ${shown} (line ${line}, pos ${position}) in the schema \`${text}\`.`,
    { sqlState: "42601", messageParameters: { error: shown, hint: "", line: String(line), pos: String(position) } },
  );
}
