import { SluiceError } from "../errors.ts";

/** The place in a statement or a program that an error is about. */
export interface QueryContext {
  readonly contextType: "SQL" | "DataFrame";
  /** What holds the text, such as `VIEW`; empty for a statement of its own. */
  readonly objectType: string;
  readonly objectName: string;
  /** Positions in the statement, from 0; -1 where they are not known. */
  readonly startIndex: number;
  readonly stopIndex: number;
  /** The text, or the function called. */
  readonly fragment: string;
  /** Where the program called it; empty for SQL. */
  readonly callSite: string;
}

/** What goes with a {@link SparkError} beside its sentence. */
export interface SparkErrorDetails {
  /** SQLSTATE as Spark's error-conditions list has it. */
  sqlState?: string;
  /** The named parameters of the condition's message template. */
  messageParameters?: Readonly<Record<string, string>>;
  queryContext?: readonly QueryContext[];
  /** Where in the text of a statement it is, such as `(line 1, pos 0)`; stands after SQLSTATE, as Spark prints it. */
  place?: string;
  /** The stack of the server, where it told it. */
  serverStackTrace?: string;
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
  /** The places that the error is about, the innermost first; empty where the engine does not tell. */
  readonly queryContext: readonly QueryContext[];
  readonly #serverStackTrace: string | undefined;

  constructor(condition: string, sentence: string, details: SparkErrorDetails = {}) {
    const state = details.sqlState ? ` SQLSTATE: ${details.sqlState}` : "";
    const place = details.place ? ` ${details.place}` : "";
    super(condition, `[${condition}] ${sentence}${state}${place}`, { cause: details.cause });
    this.name = "SparkError";
    this.sqlState = details.sqlState;
    this.messageParameters = details.messageParameters ?? {};
    this.queryContext = details.queryContext ?? [];
    this.#serverStackTrace = details.serverStackTrace;
  }

  /**
   * The server's own stack, for who looks after it; never a part of the message.
   *
   * @returns undefined on the embedded engine, and where the server keeps it (`spark.sql.connect.serverStacktrace.enabled`)
   * @example
   * ```ts
   * const failed: unknown = await spark.table("no_such_table").collect().catch((error: unknown) => error);
   * if (failed instanceof SparkError) console.log(failed.serverStackTrace()); // undefined
   * ```
   */
  serverStackTrace(): string | undefined {
    return this.#serverStackTrace;
  }
}

/** What Sluice does not do yet, told before anything runs. */
export function unsupported(feature: string, alternative: string): SparkError {
  return new SparkError("UNSUPPORTED_FEATURE", `${feature} is not supported. ${alternative}`, { sqlState: "0A000" });
}
