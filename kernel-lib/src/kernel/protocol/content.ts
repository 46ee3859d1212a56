// The contents of messages. Names and spelling are the Jupyter messaging protocol's.

/** Data of one thing in several formats, the reader picks the richest it knows: MIME type → data. */
export type MimeBundle = Record<string, unknown>;

/** What an error message says. */
export interface ErrorContent {
  ename: string;
  evalue: string;
  traceback: string[];
  /** The exit code that the error asks a run without a user to end with. */
  exitCode?: number;
}

/** A payload of `execute_reply`; `page` shows text in the pager. */
export interface Payload {
  source: "page";
  data: MimeBundle;
  start: number;
}

/** What kernel_info says about the language. */
export interface LanguageInfo {
  name: string;
  version: string;
  mimetype: string;
  file_extension: string;
  codemirror_mode: string;
  pygments_lexer: string;
}

/** The result of one user expression. */
export type ExpressionResult =
  { status: "ok"; data: MimeBundle; metadata: Record<string, unknown> } | ({ status: "error" } & ErrorContent);

/** Reads a text field of a content; an absent or wrong one is the fallback. */
export function textOf(content: Record<string, unknown>, field: string, fallback = ""): string {
  const value = content[field];
  return typeof value === "string" ? value : fallback;
}

/** Reads a number field of a content; an absent or wrong one is the fallback. */
export function numberOf(content: Record<string, unknown>, field: string, fallback: number): number {
  const value = content[field];
  return typeof value === "number" ? value : fallback;
}

/** Reads a yes/no field of a content; an absent or wrong one is the fallback. */
export function flagOf(content: Record<string, unknown>, field: string, fallback: boolean): boolean {
  const value = content[field];
  return typeof value === "boolean" ? value : fallback;
}

/** Reads an object field of a content; an absent or wrong one is empty. */
export function objectOf(content: Record<string, unknown>, field: string): Record<string, unknown> {
  const value = content[field];
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
