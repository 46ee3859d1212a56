import type { Completeness } from "../interpreter.ts";
import { scanCell } from "./scan.ts";

/** Whether a console should run code or ask for another line. */
export function completenessOf(code: string): Completeness {
  const problem = scanCell(code).problems[0];
  if (problem === undefined) return { status: "complete" };
  const end = code.trimEnd().length;
  const cutShort =
    problem.start >= end ||
    /^Unterminated (multi|template)/.test(problem.message) ||
    (problem.message.startsWith("Unterminated string") && code[problem.start] === "`");
  return cutShort ? { status: "incomplete", indent: nextIndent(code) } : { status: "invalid" };
}

// As deep as the last line, and one step deeper after an opening bracket.
function nextIndent(code: string): string {
  const last = code.trimEnd().split("\n").at(-1) ?? "";
  const own = /^\s*/.exec(last)?.[0] ?? "";
  return /[{([]$/.test(last) ? own + "  " : own;
}
