import type { Display } from "../display/display.ts";

/** Asks the user for a line of text; `password` hides what is typed. Rejects when the frontend can't ask. */
export type Input = (prompt?: string, options?: { password?: boolean }) => Promise<string>;

/** What the kernel gives a preload module. */
export interface PreloadHost {
  /** Shows values under the running cell. */
  display: Display;
  input: Input;
  /**
   * The signal that aborts when the running cell is interrupted. Ask for it anew at each call: each cell has its own.
   *
   * Code that does not import the kernel gets the same function from `globalThis[Symbol.for("sluice.interrupt")]`; outside a
   * notebook it is `undefined`.
   */
  interruptSignal: () => AbortSignal;
  /**
   * Keeps the running cell open until the work has ended, so that what a cell started and did not await is neither lost nor
   * fails unseen.
   */
  keepCellOpen: (work: Promise<unknown>) => void;
  /** The notebook's folder. */
  cwd: string;
}

/** What a preload module gives the notebook. */
export interface Preload {
  /** Names that every cell sees. A cell may declare them anew. */
  globals: Record<string, unknown>;
  /** Ambient TypeScript that declares the globals, such as `declare const spark: import("sluice/sql").Session;`. */
  types?: string;
  /** Called before the kernel ends; it gets two seconds. */
  dispose?(): Promise<void>;
}

/**
 * The default export of the module that `--preload` names.
 *
 * The module is found from the notebook's folder first and then from the kernel's own package. It is loaded right after the
 * kernel is ready; the first cell waits for it. When it fails, the first cell says so and runs without it.
 *
 * @example
 * ```ts
 * const preload: PreloadFunction = (host) => ({
 *   globals: { today: () => new Date().toISOString().slice(0, 10) },
 *   types: "declare function today(): string;",
 * });
 * export default preload;
 * ```
 */
export type PreloadFunction = (host: PreloadHost) => Preload | Promise<Preload>;
