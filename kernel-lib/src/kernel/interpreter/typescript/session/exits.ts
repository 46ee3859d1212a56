import process from "node:process";
import type { ErrorContent } from "../../../protocol/content.ts";
import type { FromSession } from "../messages.ts";
import { SHARED } from "../messages.ts";
import type { Cell } from "./cells.ts";
import { currentCell } from "./cells.ts";
import { describeThrown } from "./traceback.ts";

/** How long the last words may take before the process ends anyway. */
const LAST_WORDS_MS = 2000;

/** The process's own exit, past the hook. */
export const reallyExit: (code?: number) => never = process.exit.bind(process);

/** Lets `process.exit()` in a cell say what happened and end the cell before the process ends. */
export function hookExit(post: (message: FromSession) => void, shared: Int32Array): void {
  process.exit = (code?: number) => {
    const evalue = `process.exit(${code ?? ""}) was called: the kernel ended, and all variables with it.`;
    const error = { ename: "ProcessExit", evalue, traceback: [evalue] };
    post({ type: "exiting", parent: currentCell().parent, error });
    Atomics.wait(shared, SHARED.EXIT_READY, 0, LAST_WORDS_MS);
    reallyExit(code);
  };
}

/**
 * Errors that nothing caught belong to the cell that they come from; the kernel lives on. A promise's error fails a cell that is
 * still open, all others are outputs of their cell, however late.
 */
export function hookUncaught(tell: (cell: Cell, error: ErrorContent) => void): void {
  process.on("uncaughtException", (thrown) => tell(currentCell(), uncaught("Uncaught in a callback:", thrown)));
  process.on("unhandledRejection", (thrown) => {
    const cell = currentCell();
    if (cell.isOpen && !cell.unhandled) cell.unhandled = { error: thrown };
    else tell(cell, unhandledError(thrown));
  });
}

/** What is told of a promise that failed when nothing waited for it. */
export function unhandledError(thrown: unknown): ErrorContent {
  return uncaught("A promise failed and nothing waited for it:", thrown);
}

function uncaught(where: string, thrown: unknown): ErrorContent {
  const { ename, evalue, traceback } = describeThrown(thrown);
  return { ename, evalue, traceback: [where, ...traceback] };
}
