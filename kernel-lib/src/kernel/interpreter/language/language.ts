import type { Completions, Inspection } from "../interpreter.ts";

/** What a cell's name is to other cells. */
export interface CellBinding {
  name: string;
  /** `variable`: let, const, var and classes are values; `declaration`: functions, classes, enums, namespaces and types. */
  kind: "variable" | "declaration" | "import";
}

/** A cell as the user wrote it (magics are blanked, offsets are those of the cell). */
export interface CellSource {
  /** The number in the cell's brackets. */
  number: number;
  code: string;
  /** The names that the cell declares at its top level. */
  bindings: readonly CellBinding[];
}

/** Something wrong in a cell. Offsets are UTF-16 units from the start of its code. */
export interface Diagnostic {
  severity: "error" | "warning";
  /** TypeScript's number, such as 2339. */
  code: number;
  message: string;
  start: number;
  end: number;
}

/**
 * What knows the language without running it. It lives in a worker of its own and may come up after the kernel is ready;
 * every answer may be `undefined`, which means "ask the running values instead".
 */
export interface Language {
  /** Checks a cell against all cells accepted before. Called before the cell runs. */
  check(cell: CellSource): Promise<Diagnostic[]>;
  /** Completes at a cursor (UTF-16 offset); `undefined` when it has no better answer than the values in scope. */
  complete(code: string, cursor: number): Promise<Completions | undefined>;
  /** Describes the thing at a cursor; `detail` 1 asks for more than 0. */
  inspect(code: string, cursor: number, detail: number): Promise<Inspection | undefined>;
  /**
   * Takes a cell that ran: later cells see its declarations. `types` are the type texts that values told themselves through
   * `Symbol.for("jupyter.typeOf")`, for any top-level variable alive after the cell. Of a cell that failed, the variables
   * may or may not have their new values: they are of any type.
   */
  accept(cell: CellSource, types: Readonly<Record<string, string>>, failed?: boolean): void;
  /** Adds ambient declarations, such as those of a preload's globals. */
  declare(types: string): void;
  dispose(): Promise<void>;
}
