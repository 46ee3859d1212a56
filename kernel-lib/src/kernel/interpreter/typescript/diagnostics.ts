import type { ErrorContent } from "../../protocol/content.ts";
import type { Diagnostic } from "../language/language.ts";
import { codeFrame, lineAndColumn } from "./code-frame.ts";
import type { SyntaxProblem } from "./scan.ts";

/** What to show of a cell that can't be read. */
export function syntaxErrorContent(code: string, problems: readonly SyntaxProblem[]): ErrorContent {
  const evalue = problems[0]?.message ?? "The cell can't be read.";
  const frames = problems.slice(0, 3).flatMap(({ message, start }, index) => {
    const { line, column } = lineAndColumn(code, start);
    return [`${index === 0 ? "SyntaxError: " : ""}${message}`, ...codeFrame(code, line, column)];
  });
  return { ename: "SyntaxError", evalue, traceback: frames };
}

/** What to show of a cell whose types are wrong: it did not run. */
export function typeErrorContent(code: string, diagnostics: readonly Diagnostic[]): ErrorContent {
  const lines = diagnosticLines(code, diagnostics);
  const evalue = diagnostics[0] ? headline(code, diagnostics[0]) : "";
  return { ename: "TypeScriptError", evalue, traceback: lines };
}

/** Diagnostics as lines of text, each with its place in the cell. */
export function diagnosticLines(code: string, diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.flatMap((diagnostic) => {
    const { line, column } = lineAndColumn(code, diagnostic.start);
    return [headline(code, diagnostic), ...codeFrame(code, line, column)];
  });
}

function headline(code: string, { start, code: number, message }: Diagnostic): string {
  const { line, column } = lineAndColumn(code, start);
  return `${line + 1}:${column + 1} - TS${number}: ${message}`;
}
