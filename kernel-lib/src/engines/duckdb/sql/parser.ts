// SQL text → the syntax tree of polyglot-sql, which is loaded when the first text comes.
import { SparkError } from "../../../sql/errors.ts";
import { syntaxError } from "./errors.ts";
import { prepared, tokenAt } from "./prepare.ts";
import type { Prepared } from "./prepare.ts";

/** A node of the parser's tree. */
export type Node = Readonly<Record<string, unknown>>;

interface Parsed {
  readonly success: boolean;
  readonly ast?: unknown;
  readonly error?: string;
  /** Where the token begins that the parser could not take, in characters. */
  readonly errorStart?: number;
}

type Parse = (sql: string, dialect: string) => Parsed;

let loaded: Parse | undefined;

/** Thrown when a text is met before the parser is there; whoever catches it loads the parser and starts again. */
export class ParserNotLoaded extends Error {}

export async function loadParser(): Promise<void> {
  const sdk = await import("@polyglot-sql/sdk");
  await sdk.init();
  loaded = sdk.parse as unknown as Parse;
}

/**
 * The statements of a text.
 *
 * @param added how much of the text's start the user did not write
 */
export function parseStatements(sql: string, added = 0): Node[] {
  if (!loaded) throw new ParserNotLoaded("The SQL parser is not loaded yet.");
  const ready = prepared(sql);
  if (ready.text.trim() === "")
    throw new SparkError("PARSE_EMPTY_STATEMENT", "Syntax error, unexpected empty statement.", { sqlState: "42617" });
  const result = loaded(ready.text, "spark");
  const first = /^\s*(\w+)/.exec(ready.text)?.[1]?.toLowerCase();
  if (result.success && (first === undefined || STATEMENTS.has(first))) return result.ast as Node[];
  throw syntaxErrorOf(sql, ready, result, added);
}

/** The words a statement begins with; the parser takes any other for an expression, and stumbles later. */
const STATEMENTS = new Set(
  (
    "select with from values table map reduce insert create drop alter use set reset show describe desc explain cache uncache " +
    "clear refresh analyze truncate merge update delete load add list repair msck comment grant revoke replace begin declare " +
    "execute call export import lock unlock commit rollback start"
  ).split(" "),
);

function syntaxErrorOf(sql: string, ready: Prepared, { error = "", errorStart }: Parsed, added: number): SparkError {
  const written = sql.slice(added);
  const first = /^\s*(?=\w)/.exec(sql);
  const word = first ? tokenAt(sql, first[0].length) : undefined;
  if (first && word !== undefined && !STATEMENTS.has(word.toLowerCase()))
    return syntaxError(written, first[0].length - added, word);
  const end = written.trimEnd().length;
  const at = errorStart === undefined ? undefined : sourceOf(ready, errorStart);
  const token = at === undefined ? undefined : tokenAt(sql, at);
  // Where the text ends too early, the parser names its last token.
  const isLast = at === undefined || token === undefined || at + token.length >= sql.trimEnd().length;
  const unexpected = /Invalid expression \/ Unexpected token/.test(error);
  if (isLast && !(unexpected && token !== undefined)) return syntaxError(written, end, undefined);
  return syntaxError(written, Math.max(0, (at ?? 0) - added), token);
}

/** Where in the source a place of the prepared text, counted in characters, came from. */
function sourceOf({ text, parts }: Prepared, character: number): number {
  const made = [...text].slice(0, character).join("").length;
  const part = parts.findLast((candidate) => candidate.made <= made);
  return part?.source ?? 0;
}

/** The one kind of a node and what is in it. */
export function kindOf(node: unknown): readonly [string, Node] {
  const [entry] = Object.entries(node as Node);
  if (!entry) throw new Error("The SQL parser gave an empty node.");
  const [kind, value] = entry;
  return [kind, typeof value === "object" && value !== null ? (value as Node) : { value }];
}

export function nodes(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The text of an identifier in any of the shapes the parser gives it. */
export function nameOf(value: unknown): string {
  if (typeof value === "string") return value;
  const node = (value ?? {}) as Node;
  if (typeof node["name"] === "string") return node["name"];
  if (node["name"] !== undefined) return nameOf(node["name"]);
  if (node["identifier"] !== undefined) return nameOf(node["identifier"]);
  if (node["column"] !== undefined) return nameOf(node["column"]);
  if (node["this"] !== undefined) return nameOf(node["this"]);
  throw new Error("The SQL parser gave a name in an unknown shape.");
}
