import { SluiceError } from "../errors.ts";

/** What goes with a {@link SparkError} beside its sentence. */
export interface SparkErrorDetails {
  /** SQLSTATE as Spark's error-conditions list has it. */
  sqlState?: string;
  /** The named parameters of the condition's message template. */
  messageParameters?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/**
 * An error with one of Spark's own conditions, such as `UNRESOLVED_COLUMN.WITH_SUGGESTION`.
 *
 * `code` is the condition, so the same program can match on it on every engine. The message starts with the
 * condition in brackets, as Spark prints it.
 *
 * @example
 * ```ts
 * const failed: unknown = await spark.table("no_such_table").collect().catch((error: unknown) => error);
 * console.log(failed instanceof SparkError && failed.code); // TABLE_OR_VIEW_NOT_FOUND
 * ```
 */
export class SparkError extends SluiceError {
  /** The five characters by which SQL classes the condition, such as `22012`. */
  readonly sqlState: string | undefined;
  /** The values that the message names, by their names. */
  readonly messageParameters: Readonly<Record<string, string>>;

  constructor(condition: string, sentence: string, details: SparkErrorDetails = {}) {
    super(condition, `[${condition}] ${sentence}${details.sqlState ? ` SQLSTATE: ${details.sqlState}` : ""}`, {
      cause: details.cause,
    });
    this.name = "SparkError";
    this.sqlState = details.sqlState;
    this.messageParameters = details.messageParameters ?? {};
  }
}

/** What Sluice does not do yet, told before anything runs. */
export function unsupported(feature: string, alternative: string): SparkError {
  return new SparkError("UNSUPPORTED_FEATURE", `${feature} is not supported. ${alternative}`, { sqlState: "0A000" });
}
