import type { Completions, Inspection } from "../interpreter.ts";
import type { CellSource, Diagnostic } from "./language.ts";

/** What the language's worker is started with. */
export interface LanguageWorkerData {
  /** The notebook's folder. */
  cwd: string;
}

/** What is asked of the worker; each is answered. */
export interface Questions {
  check: { asks: [cell: CellSource]; answer: Diagnostic[] };
  complete: { asks: [code: string, cursor: number]; answer: Completions | undefined };
  inspect: { asks: [code: string, cursor: number, detail: number]; answer: Inspection | undefined };
}

/** What the worker is told; none is answered. */
export type Statement =
  | { type: "accept"; cell: CellSource; types: Readonly<Record<string, string>>; failed: boolean }
  | { type: "declare"; types: string }
  | { type: "dispose" };

/** To the worker. */
export type ToLanguage =
  Statement | { [K in keyof Questions]: { type: K; id: number; asks: Questions[K]["asks"] } }[keyof Questions];

/** From the worker. */
export type FromLanguage =
  | { type: "answer"; id: number; answer?: unknown; failure?: string }
  /** The process that checks; it is ended when a check never comes back. */
  | { type: "process"; pid: number };
