/**
 * Every code a {@link SluiceError} can carry, outside the conditions that Spark itself names.
 * Codes are stable: programs and CI jobs may match on them.
 */
export type SluiceErrorCode =
  | "USAGE"
  | "CONFIG_INVALID"
  | "SECRET_MISSING"
  | "INPUT_INVALID"
  | "INPUT_EMPTY"
  | "NOT_FOUND"
  | "ALREADY_EXISTS"
  | "DEPENDENCY_MISSING"
  | "SERVICE_UNAVAILABLE"
  | "AUTHENTICATION_FAILED"
  | "PERMISSION_DENIED"
  | "TOPIC_NOT_FOUND"
  | "DELIVERY_FAILED"
  | "STORAGE_FULL"
  | "RECONCILIATION_FAILED"
  | "UNSUPPORTED"
  | "INTERRUPTED"
  | "TIMEOUT"
  | "KERNEL_DIED"
  | "NOTEBOOK_INVALID"
  | "CELL_FAILED"
  | "PROTOCOL"
  | "INTERNAL";

/** What to say beside the message of a {@link SluiceError}. */
export interface SluiceErrorOptions {
  /** What the user can do next, as one sentence. */
  next?: string;
  /** The error underneath, for programs; it is never printed to users. */
  cause?: unknown;
}

/**
 * The one error class that Sluice throws for things a user can meet.
 *
 * The message is one sentence that names the thing, followed by what to do next when that is known.
 * Spark's own conditions (such as `UNRESOLVED_COLUMN.WITH_SUGGESTION`) are thrown by `SparkError` in `sluice/sql`,
 * which extends this class.
 *
 * @example
 * ```ts
 * import { SluiceError } from "sluice/errors";
 * const error = new SluiceError("NOT_FOUND", "The folder data/accounts does not exist.", { next: "Name another with --input." });
 * console.log(error.code, error.message);
 * ```
 */
export class SluiceError extends Error {
  readonly code: string;

  constructor(code: SluiceErrorCode | (string & {}), sentence: string, options: SluiceErrorOptions = {}) {
    super(options.next ? `${sentence} ${options.next}` : sentence, { cause: options.cause });
    this.name = "SluiceError";
    this.code = code;
  }
}

/** The message of anything that was thrown, as text. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * Finds the known name that a misspelt one most likely means, for the sentence of an error.
 *
 * @returns the nearest name, or undefined when none is near: at most one edit in three characters apart, letter case aside
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** The number of letters to add, drop or change to get from one word to the other. */
function editDistance(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, last[j]! + 1, row[j - 1]! + 1));
    }
    last = row;
  }
  return last[b.length]!;
}
