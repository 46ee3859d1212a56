import { DiagnosticCategory } from "typescript7/unstable/sync";
import type { Diagnostic as Reported, Project } from "typescript7/unstable/sync";
import { nearest } from "../../../errors.ts";
import type { CellFiles } from "./cell-files.ts";
import type { CellSource, Diagnostic } from "./language.ts";
import type { NotebookProject } from "./project.ts";

/** A module can't be found; the second is for imports that name nothing of it. */
const CANNOT_FIND_MODULE = new Set([2307, 2882]);
/** Something may be null or undefined: often known better by who wrote the cell, so said and no more. */
const PERHAPS_NOTHING = new Set([2531, 2532, 2533, 2721, 2722, 2723, 18046, 18047, 18048, 18049]);
/** A condition that is always the same: it runs, whatever was meant. */
const ALWAYS_THE_SAME = new Set([2367, 2678, 2774, 2801, 2839, 2845, 2869, 2870, 2871, 2872, 2873, 2881]);
/** Names that TypeScript does not know: a near one may be meant. */
const UNKNOWN_NAME = new Set([2304, 2339, 2305, 2503, 2694]);
/** A wrong argument or value: when it is a text, another text may be meant. */
const WRONG_VALUE = new Set([2322, 2345, 2769]);
const NOT_PROBLEMS = new Set([
  // A global or an earlier cell has a thing of this name: a cell may declare it anew.
  2300, 2323, 2451, 2440, 2397, 2484, 2649,
  // An unused directive, the way a package exports.
  2578, 2497, 2686,
  // What the glue after a cell can cause.
  1208, 2669, 2749,
]);

/** Checks a cell that is about to run. */
export function checkCell(project: NotebookProject, cells: CellFiles, cell: CellSource): Diagnostic[] {
  cells.open(
    cell.code,
    cell.bindings.map(({ name }) => name),
  );
  let reported = reportsOf(project, cells, cell.code);
  if (reported.some(({ code }) => CANNOT_FIND_MODULE.has(code))) {
    // It may have come since: an earlier cell can write a file or install a package.
    project.forget();
    reported = reportsOf(project, cells, cell.code);
  }
  return reported.map((report) => project.ask((program) => diagnosticOf(report, cell.code, cells, program)));
}

function reportsOf(project: NotebookProject, cells: CellFiles, code: string): Reported[] {
  return project.ask(({ program }) => {
    // What is no TypeScript at all was refused when the cell was compiled.
    return program
      .getSemanticDiagnostics(cells.current)
      .filter(
        (report) => report.category === DiagnosticCategory.Error && report.pos < code.length && isProblem(report, code),
      );
  });
}

function isProblem({ code, pos }: Reported, text: string): boolean {
  // Implicit any, missing types of a package and the like.
  if (code >= 7000 && code < 7100) return false;
  if (!CANNOT_FIND_MODULE.has(code)) return !NOT_PROBLEMS.has(code);
  // Only what is certain: a module that is asked for at run time may be caught, and other kinds of files and addresses are
  // for Node to find.
  if (/\b(?:import|require)\s*\(\s*$/.test(text.slice(0, pos))) return false;
  const specifier = /^["']([^"']*)["']/.exec(text.slice(pos))?.[1] ?? "";
  return !/^(?:\w+:|#)/.test(specifier) && !/\.(?!(?:[cm]?[jt]sx?|json)$)\w{2,4}$/.test(specifier);
}

function diagnosticOf(report: Reported, code: string, cells: CellFiles, { checker }: Project): Diagnostic {
  const end = Math.min(report.end, code.length);
  const message = messageOf(report);
  const harmless =
    PERHAPS_NOTHING.has(report.code) ||
    ALWAYS_THE_SAME.has(report.code) ||
    /\bType '(?:undefined|null)' is not/.test(below(report));
  const word = code.slice(report.pos, end);
  const near = /Did you mean/.test(message) ? undefined : nearestTo(report, word, cells, checker);
  return {
    severity: harmless ? "warning" : "error",
    code: report.code,
    message: near === undefined ? message : `${message} Did you mean '${near}'?`,
    start: report.pos,
    end,
  };
}

// The first sentence says what, the last of the chain says why.
function messageOf({ text, messageChain = [] }: Reported): string {
  const [first] = messageChain;
  return [text, ...(first ? [messageOf(first)] : [])].join(" ");
}

function below({ messageChain = [] }: Reported): string {
  return messageChain.map((report) => messageOf(report)).join(" ");
}

// The checker does not say which text was meant, and not always which name; the completions at that place know.
function nearestTo(report: Reported, word: string, cells: CellFiles, checker: Project["checker"]): string | undefined {
  const text = /^["']([^"']+)["']$/.exec(word)?.[1];
  if (text !== undefined && WRONG_VALUE.has(report.code)) {
    return nearest(text, namesAt(checker, cells.current, report.pos + 1));
  }
  if (!UNKNOWN_NAME.has(report.code)) return undefined;
  return nearest(word, report.code === 2304 ? cells.names : namesAt(checker, cells.current, report.pos));
}

function namesAt(checker: Project["checker"], file: string, position: number): string[] {
  try {
    return (checker.getCompletionsAtPosition(file, position, {})?.entries ?? []).map(({ name }) => name);
  } catch {
    return [];
  }
}
