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
