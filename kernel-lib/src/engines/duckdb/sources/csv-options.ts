// Spark's options of the CSV reader, with Spark's defaults.
import { SluiceError } from "../../../errors.ts";
import { unsupported } from "../../../sql/errors.ts";
import type { SourceOptions } from "./options.ts";

/** How a CSV file is cut into values, and what becomes of bad rows. */
export interface CsvOptions {
  readonly header: boolean;
  readonly separator: string;
  /** Empty when nothing is quoted. */
  readonly quote: string;
  readonly escape: string;
  /** What an escape before the escape character stands for; empty when the escape is the quote itself. */
  readonly escapeEscape: string;
  readonly comment: string;
  readonly nullValue: string;
  readonly emptyValue: string;
  readonly trimLeading: boolean;
  readonly trimTrailing: boolean;
  readonly multiLine: boolean;
  readonly lineSeparator: string | undefined;
  readonly encoding: string;
  readonly mode: "PERMISSIVE" | "DROPMALFORMED" | "FAILFAST";
  readonly corruptColumn: string;
  readonly enforceSchema: boolean;
  readonly inferSchema: boolean;
}

/**
 * Reads the options.
 *
 * @throws SluiceError CONFIG_INVALID for values that cannot be, SparkError UNSUPPORTED_FEATURE for what is not done.
 */
export function csvOptions(options: SourceOptions, corruptColumn: string): CsvOptions {
  options.refuse({
    maxColumns: "Leave it out: there is no limit.",
    unescapedQuoteHandling: "Leave it out.",
    singleVariantColumn: "Read columns.",
  });
  refuseFormats(options);
  const quote = oneCharacter("quote", options.text("quote") ?? '"');
  const escape = oneCharacter("escape", options.text("escape") ?? "\\");
  return {
    header: options.flag("header", false),
    separator: unescapeSeparator(options.text("sep", "delimiter") ?? ","),
    quote,
    escape,
    escapeEscape: options.text("charToEscapeQuoteEscaping") ?? (escape === quote ? "" : escape),
    comment: oneCharacter("comment", options.text("comment") ?? ""),
    nullValue: options.text("nullValue") ?? "",
    emptyValue: options.text("emptyValue") ?? "",
    trimLeading: options.flag("ignoreLeadingWhiteSpace", false),
    trimTrailing: options.flag("ignoreTrailingWhiteSpace", false),
    multiLine: options.flag("multiLine", false),
    lineSeparator: options.text("lineSep"),
    encoding: encodingOf(options.text("encoding", "charset") ?? "UTF-8"),
    mode: options.oneOf("mode", ["PERMISSIVE", "DROPMALFORMED", "FAILFAST"], "PERMISSIVE"),
    corruptColumn: options.text("columnNameOfCorruptRecord") ?? corruptColumn,
    enforceSchema: options.flag("enforceSchema", true),
    inferSchema: options.flag("inferSchema", false),
  };
}

const DEFAULT_FORMATS: Readonly<Record<string, readonly string[]>> = {
  dateFormat: ["yyyy-MM-dd"],
  timestampFormat: ["yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]"],
  timestampNTZFormat: ["yyyy-MM-dd'T'HH:mm:ss[.SSS]"],
};

/** Formats other than ISO 8601 are for functions, which tell the same on every engine. */
export function refuseFormats(options: SourceOptions): void {
  for (const [name, defaults] of Object.entries(DEFAULT_FORMATS)) {
    const given = options.text(name);
    if (given !== undefined && !defaults.includes(given)) {
      throw unsupported(
        `The option ${name} with the format ${given}`,
        "Read the column as STRING, and use to_date or to_timestamp with the format.",
      );
    }
  }
}

function oneCharacter(name: string, text: string): string {
  if (text === "\0") return "";
  if (text.length <= 1) return text;
  throw new SluiceError("CONFIG_INVALID", `The option ${name} of csv is ${text}, but it can only be one character.`);
}

function unescapeSeparator(text: string): string {
  if (text === "") throw new SluiceError("CONFIG_INVALID", "The option sep of csv cannot be empty.");
  return text.replace(/\\(.)/g, (_, sign: string) => ({ t: "\t", n: "\n", r: "\r", "0": "\0" })[sign] ?? sign);
}

/** The name of an encoding as TextDecoder knows it. */
export function encodingOf(name: string): string {
  try {
    return new TextDecoder(name).encoding;
  } catch (cause) {
    throw new SluiceError("CONFIG_INVALID", `The encoding ${name} is not known.`, { next: "Use UTF-8.", cause });
  }
}
