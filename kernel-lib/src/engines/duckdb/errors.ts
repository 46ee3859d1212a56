// What DuckDB throws, as Spark's conditions and Sluice's sentences. The original stays in `cause`.
import { SluiceError, messageOf } from "../../errors.ts";
import { SparkError } from "../../sql/errors.ts";

const START = "sluice-raise:";
const END = ":raise-sluice";

/**
 * SQL that throws a Spark condition when it is evaluated: what `EmitContext.raise` gives.
 *
 * DuckDB's `error(text)` fits where any type is wanted and is not folded at planning time inside a CASE. The text is
 * JSON between two marks, which {@link duckdbError} finds again in DuckDB's message.
 *
 * @param sentenceSql SQL of the sentence, a VARCHAR; it is evaluated only when the error is thrown.
 */
export function raiseSql(condition: string, sqlState: string, sentenceSql: string): string {
  const head = `${START}{"condition":${JSON.stringify(condition)},"sqlState":${JSON.stringify(sqlState)},"sentence":`;
  return `error(${quoteText(head)} || to_json(coalesce(${sentenceSql}, ''))::VARCHAR || ${quoteText(`}${END}`)})`;
}

/** The text a JavaScript function hands DuckDB so that its error comes back as it was. */
export function encodeRaise(thrown: unknown): string {
  const raised =
    thrown instanceof SparkError
      ? {
          condition: thrown.code,
          sqlState: thrown.sqlState,
          sentence: sentenceOf(thrown),
          messageParameters: thrown.messageParameters,
        }
      : { condition: "INTERNAL_ERROR", sqlState: "XX000", sentence: messageOf(thrown) };
  return `${START}${JSON.stringify(raised)}${END}`;
}

function sentenceOf(error: SparkError): string {
  const withoutCondition = error.message.slice(`[${error.code}] `.length);
  return error.sqlState ? withoutCondition.slice(0, -` SQLSTATE: ${error.sqlState}`.length) : withoutCondition;
}

/** The condition inside DuckDB's message, or undefined when it is not one of ours. */
export function decodeRaise(message: string): SparkError | undefined {
  const start = message.indexOf(START);
  const end = message.lastIndexOf(END);
  if (start < 0 || end < start) return undefined;
  const raised = JSON.parse(message.slice(start + START.length, end)) as {
    condition: string;
    sentence: string;
    sqlState?: string;
    messageParameters?: Record<string, string>;
  };
  return new SparkError(raised.condition, raised.sentence, {
    ...(raised.sqlState === undefined ? {} : { sqlState: raised.sqlState }),
    ...(raised.messageParameters === undefined ? {} : { messageParameters: raised.messageParameters }),
  });
}

/** The error of an operation that was ended from outside. */
export function canceled(cause?: unknown): SparkError {
  return new SparkError("OPERATION_CANCELED", "The operation was canceled.", { sqlState: "HY008", cause });
}

/** Where an error happened, for its sentence. */
export interface ErrorPlace {
  /** The folder DuckDB spills to. */
  readonly tempDirectory: string;
  /** The path a sink was asked to write to. */
  readonly target?: string;
}

/**
 * Anything thrown under the driver, as the error a user meets.
 *
 * Errors that are ours already pass as they are. DuckDB's wording is kept only in `cause`.
 */
export function duckdbError(thrown: unknown, place: ErrorPlace): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const message = messageOf(thrown);
  const raised = decodeRaise(message);
  if (raised) return raised;
  if (/^INTERRUPT Error/.test(message)) return canceled(thrown);
  if (/No space left on device|max_temp_directory_size|Disk quota exceeded|ENOSPC|EDQUOT/.test(message)) {
    // DuckDB names the file it could not write: one of the spill folder, or one of the sink's.
    const spilled = message.includes(place.tempDirectory) || /temp(orary)?[_ ](directory|file)|offload/i.test(message);
    const folder = spilled || place.target === undefined ? place.tempDirectory : place.target;
    const next = spilled
      ? "Free space there, or name a folder with more space as temporary folder."
      : "Free space there and run again; what was there before is unchanged.";
    return new SluiceError("STORAGE_FULL", `There is no space left to write to ${folder}.`, { next, cause: thrown });
  }
  if (/^Out of Memory Error/.test(message)) return outOfMemory(thrown);
  if (TOO_DEEP.test(message)) return tooDeep(thrown);
  for (const rule of RULES) {
    if (rule.pattern.test(message)) {
      return new SparkError(rule.condition, rule.sentence, { sqlState: rule.sqlState, cause: thrown });
    }
  }
  return new SluiceError("INTERNAL", "The embedded engine could not run this query.", {
    next: "This is a fault of Sluice; please report the query.",
    cause: thrown,
  });
}

/** DuckDB's two limits, and that of JavaScript's stack, on which plans are resolved. */
const TOO_DEEP =
  /Max expression depth limit|^(Failed to extract statements: )?Parser Error: memory exhausted|^Maximum call stack/;

/** The error of a plan, in place of what a stack that is full throws; anything else stays as it is. */
export function planError(thrown: unknown): unknown {
  return thrown instanceof RangeError && TOO_DEEP.test(thrown.message) ? tooDeep(thrown) : thrown;
}

function tooDeep(cause: unknown): SluiceError {
  return new SluiceError(
    "UNSUPPORTED",
    "The frame has more steps on top of each other than the embedded engine takes.",
    {
      next: "Write it half-way with df.write.parquet(folder) and go on from spark.read.parquet(folder), or from spark.createDataFrame(await df.toArrow()).",
      cause,
    },
  );
}

function outOfMemory(thrown: unknown): SparkError {
  const [, limit] = /\/([\d.]+ [KMGT]?i?B) used\)/.exec(messageOf(thrown)) ?? [];
  return new SparkError(
    "UNABLE_TO_ACQUIRE_MEMORY",
    `The query needs more memory than it may use${limit ? ` (${limit})` : ""}. Raise the memory limit, or select fewer columns.`,
    { sqlState: "53200", cause: thrown },
  );
}

const RULES: readonly {
  readonly pattern: RegExp;
  readonly condition: string;
  readonly sqlState: string;
  readonly sentence: string;
}[] = [
  {
    pattern: /^IO Error: (No files found|Cannot open file .*No such file)/s,
    condition: "FAILED_READ_FILE.FILE_NOT_EXIST",
    sqlState: "KD001",
    sentence: "A file of this read does not exist any more. Read the folder again.",
  },
  {
    // A sum of BIGINT is added up in 128 bits.
    pattern: /^Conversion Error: Type INT128 with value .* destination type INT64/,
    condition: "ARITHMETIC_OVERFLOW",
    sqlState: "22003",
    sentence: "long overflow. Use 'try_add' to tolerate overflow and return NULL instead.",
  },
  {
    pattern: /^Out of Range Error: Overflow in \w+ of INT(8|16)\b/,
    condition: "BINARY_ARITHMETIC_OVERFLOW",
    sqlState: "22003",
    sentence:
      "The result of an operator does not fit its TINYINT or SMALLINT. Use a `try_` function to get NULL instead.",
  },
  {
    pattern: /^Conversion Error/,
    condition: "CAST_INVALID_INPUT",
    sqlState: "22018",
    sentence: "A value cannot be cast because it is malformed. Use `try_cast` to get NULL instead.",
  },
  {
    pattern: /^Out of Range Error/,
    condition: "ARITHMETIC_OVERFLOW",
    sqlState: "22003",
    sentence: "A value is out of its type's range. Use a `try_` function to get NULL instead.",
  },
  {
    pattern: /^Invalid Input Error: (CSV Error|Invalid unicode)/,
    condition: "FAILED_READ_FILE.NO_HINT",
    sqlState: "KD001",
    sentence: "A text file of this read is not as its options say, or not valid UTF-8.",
  },
  {
    pattern: /^Invalid Input Error: .*(JSON|json)/s,
    condition: "FAILED_READ_FILE.NO_HINT",
    sqlState: "KD001",
    sentence: "A JSON file of this read is malformed.",
  },
  {
    pattern: /Parquet|parquet/,
    condition: "FAILED_READ_FILE.NO_HINT",
    sqlState: "KD001",
    sentence: "A Parquet file of this read cannot be read.",
  },
];

/** Text as a SQL literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a quoted SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
