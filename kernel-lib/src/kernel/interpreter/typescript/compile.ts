import type { HelperMode } from "oxc-transform";
import { transformSync } from "oxc-transform";
import type { CellBinding } from "../language/language.ts";
import type { PositionMap } from "./messages.ts";
import { rewriteCell } from "./rewrite.ts";
import type { SyntaxProblem, UsingDeclaration } from "./scan.ts";
import { scanCell } from "./scan.ts";

/** A cell that is ready to run, or what is wrong with it. */
export type CompiledCell =
  { ok: true; js: string; map: PositionMap; bindings: CellBinding[] } | { ok: false; problems: SyntaxProblem[] };

/**
 * Turns a cell's TypeScript into the script that the session evaluates. `onScanned` hears the cell's names before the rest is
 * done, so that its check need not wait.
 */
export function compileCell(code: string, onScanned?: (bindings: CellBinding[]) => void): CompiledCell {
  const scan = scanCell(code);
  if (scan.problems.length > 0) return { ok: false, problems: scan.problems };
  onScanned?.(scan.bindings);
  const emitted = transformSync("cell.ts", usingsAsVars(code, scan.usings), {
    lang: "ts",
    sourceType: "module",
    target: "es2023",
    sourcemap: true,
    // An import that this cell does not use may be used by the next one.
    typescript: { onlyRemoveTypeImports: true },
    // The enum has no value at run time.
    helpers: { mode: "External" as HelperMode.External },
  });
  if (emitted.errors.length > 0) {
    const problems = emitted.errors.map(({ message, labels }) => ({
      message,
      start: labels[0]?.start ?? 0,
      end: labels[0]?.end ?? 0,
    }));
    return { ok: false, problems };
  }
  const { js, shifts, awaits } = rewriteCell(emitted.code, scan.usings, scan.enums);
  return { ok: true, js, map: { mappings: emitted.map?.mappings ?? "", shifts, awaits }, bindings: scan.bindings };
}

/** Compiles one expression, such as a user expression. */
export function compileExpression(expression: string): CompiledCell {
  return compileCell(`(${expression}\n)`);
}

// A top-level `using` lives until its cell ends, which the session sees to. Same length, so that places stay true.
function usingsAsVars(code: string, usings: readonly UsingDeclaration[]): string {
  let text = code;
  for (const { start, end } of usings) text = text.slice(0, start) + "var".padEnd(end - start) + text.slice(end);
  return text;
}
