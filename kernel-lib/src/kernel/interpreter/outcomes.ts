import type { CellOutcome } from "./interpreter.ts";

/** How a cell ends that was interrupted. */
export function interruptedOutcome(): CellOutcome {
  const evalue = "The cell was interrupted. Its variables are kept.";
  return { status: "error", interrupted: true, ename: "Interrupted", evalue, traceback: [evalue] };
}
