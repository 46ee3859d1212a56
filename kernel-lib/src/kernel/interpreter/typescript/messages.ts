import type { CellOutcome, CommEvent, DisplayEvent } from "../interpreter.ts";
import type { ErrorContent, ExpressionResult } from "../../protocol/content.ts";

// What the two threads say to each other. The session is the main thread, where the user's code runs.

/** Leads from a place in the code that runs back to the cell as it was written. */
export interface PositionMap {
  /** The `mappings` of a version 3 source map from the emitted code to the cell. */
  mappings: string;
  /** Where the emitted code was changed afterwards: line, column after the change, by how many columns the rest moved. */
  shifts: [line: number, column: number, delta: number][];
  /** Each `await`: the number that it gives to the session, and its place in the emitted code. */
  awaits: [id: number, line: number, column: number][];
}

/** To the session. */
export type ToSession =
  | {
      type: "execute";
      id: number;
      parent: string;
      number: number;
      silent: boolean;
      code: string;
      js: string;
      map: PositionMap;
      names: string[];
    }
  | { type: "evaluate"; id: number; parent: string; expressions: Record<string, string> }
  | { type: "interrupt"; id: number }
  | { type: "terminated"; id: number }
  | { type: "input-reply"; id: number; value?: string; error?: { message: string; code: string } }
  | { type: "comm"; id: number; parent: string; event: CommEvent }
  | { type: "members"; id: number; path: string[] }
  | { type: "describe"; id: number; path: string[]; detail: number }
  | { type: "dispose"; id: number }
  | { type: "start" };

/** One name that a value has. */
export interface Member {
  name: string;
  type: string;
}

/** From the session. */
export type FromSession =
  | { type: "stream"; parent: string; name: "stdout" | "stderr"; text: string }
  | { type: "display"; parent: string; event: DisplayEvent }
  | { type: "clear"; parent: string; wait: boolean }
  | { type: "input"; id: number; parent: string; prompt: string; password: boolean }
  | { type: "comm"; parent: string; event: CommEvent }
  | { type: "uncaught"; parent: string; error: ErrorContent }
  | { type: "exiting"; parent: string; error: ErrorContent }
  | { type: "interrupt-seen"; id: number }
  | { type: "globals"; types: string }
  | { type: "done"; id: number; outcome: CellOutcome; types: Record<string, string> }
  | { type: "answer"; id: number; value: unknown };

/** The answer to `evaluate`. */
export type EvaluateAnswer = Record<string, ExpressionResult>;

/** Slots of the memory that both threads share. */
export const SHARED = { SENT_TO_WORKER: 0, EXIT_READY: 1, EVALUATING: 2, LENGTH: 3 } as const;
