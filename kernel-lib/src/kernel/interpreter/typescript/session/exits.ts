import process from "node:process";
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

/** Prints errors that nothing caught under the cell that they come from; the kernel lives on. */
export function hookUncaught(print: (cell: Cell, text: string) => void): void {
  const report = (prefix: string) => (thrown: unknown) => {
    print(currentCell(), [prefix, ...describeThrown(thrown).traceback].join("\n") + "\n");
  };
  process.on("uncaughtException", report("Uncaught in a callback:"));
  process.on("unhandledRejection", report("A promise failed and nothing waited for it:"));
}
