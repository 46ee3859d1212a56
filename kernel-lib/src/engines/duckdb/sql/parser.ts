// SQL text → the syntax tree of polyglot-sql, which is loaded when the first text comes.
import { SparkError } from "../../../sql/errors.ts";
import { FUNCTION_PREFIX, prepare } from "./prepare.ts";

/** A node of the parser's tree. */
export type Node = Readonly<Record<string, unknown>>;

type Parse = (sql: string, dialect: string) => { success: boolean; ast?: unknown; error?: string };

let loaded: Parse | undefined;

/** Thrown when a text is met before the parser is there; whoever catches it loads the parser and starts again. */
export class ParserNotLoaded extends Error {}

export async function loadParser(): Promise<void> {
  const sdk = await import("@polyglot-sql/sdk");
  await sdk.init();
  loaded = sdk.parse as unknown as Parse;
}

/** The statements of a text. */
export function parseStatements(sql: string): Node[] {
  if (!loaded) throw new ParserNotLoaded("The SQL parser is not loaded yet.");
  const prepared = prepare(sql);
  if (prepared.trim() === "")
    throw new SparkError("PARSE_EMPTY_STATEMENT", "Syntax error, unexpected empty statement.", { sqlState: "42617" });
  const result = loaded(prepared, "spark");
  if (result.success) return result.ast as Node[];
  const reason = (result.error ?? "").replaceAll(FUNCTION_PREFIX, "").replace(/ near \[[\s\S]*$/, "");
  const near = nearOf(sql, result.error ?? "");
  throw new SparkError("PARSE_SYNTAX_ERROR", `Syntax error at or near ${near}. ${reason}`, {
    sqlState: "42601",
    messageParameters: { error: near, hint: "" },
  });
}

/** The word the parser stumbled over, as far as it names one. */
function nearOf(sql: string, error: string): string {
  const got = /got \w+ \('([^']*)'\)/.exec(error)?.[1];
  return got ? `'${got.replace(FUNCTION_PREFIX, "")}'` : sql.trim() === "" ? "end of input" : "end of input";
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
