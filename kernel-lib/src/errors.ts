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
  /** What went wrong, as one stable word: see {@link SluiceErrorCode}. */
  readonly code: string;

  constructor(code: SluiceErrorCode | (string & {}), sentence: string, options: SluiceErrorOptions = {}) {
    super(options.next ? `${sentence} ${options.next}` : sentence, { cause: options.cause });
    this.name = "SluiceError";
    this.code = code;
  }
}

/**
 * The message of anything that was thrown, as text.
 *
 * @example
 * ```ts
 * messageOf(new Error("The disk is full.")); // "The disk is full."
 * ```
 */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * Finds the known name that a misspelt one most likely means, for the sentence of an error.
 *
 * @returns the nearest name, or undefined when none is near: at most one slip in three characters (two in a short
 * word), where two neighbours that changed places are one slip; of equally near names the one in the same letter case
 *
 * @example
 * ```ts
 * import { nearest } from "sluice/errors";
 * console.log(nearest("acount_id", ["account_id", "party_id"])); // account_id
 * ```
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const slips = editDistance(wanted, candidate.toLowerCase()) + 0.01 * editDistance(name, candidate);
    if (slips < least) [best, least] = [candidate, slips];
  }
  return best;
}

/** The number of letters to add, drop, change or swap with their neighbour to get from one word to the other. */
function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = rows[i - 1]![j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      let edits = Math.min(change, rows[i - 1]![j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) edits = Math.min(edits, rows[i - 2]![j - 2]! + 1);
      row.push(edits);
    }
    rows.push(row);
  }
  return rows[from.length]![to.length]!;
}
