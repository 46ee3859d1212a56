// CSV, JSON and text files: each row becomes one text in SQL, and COPY writes the texts as they are.
import { castSql } from "../casts/cast.ts";
import { quoteName, quoteText } from "../errors.ts";
import type { EmitContext } from "../functions/definition.ts";
import { jsonText } from "../functions/json-write.ts";
import type { StructField } from "../../../sql/types/data-type.ts";
import { SparkError, unsupported } from "../../../sql/errors.ts";
import { refuseFormats } from "./csv-options.ts";
import type { Sink, SinkRequest } from "./sink.ts";
import { packing, unsupportedColumn } from "./sink.ts";

const PACKINGS = { none: "", uncompressed: "", gzip: ".gz", zstd: ".zst" };

/** The sink for `csv`, `json` and `text`. */
export function lineSink(request: SinkRequest): Sink {
  request.options.refuse({
    lineSep: "Lines end in \\n.",
    encoding: "Files are written in UTF-8.",
    charset: "Files are written in UTF-8.",
  });
  refuseFormats(request.options);
  const packed = packing(request.options, PACKINGS, "none");
  const { sql, header } = LINES[request.format as keyof typeof LINES](request);
  // The column's name is what COPY writes as header; nothing is quoted, so every text stays as it is.
  const copyOptions = [
    "FORMAT csv",
    `HEADER ${header !== undefined}`,
    "QUOTE ''",
    "ESCAPE ''",
    "DELIMITER '\x02'",
    "NULLSTR ''",
    `COMPRESSION ${packed === "gzip" || packed === "zstd" ? packed : "none"}`,
  ];
  const extension = `${request.format === "text" ? "txt" : request.format}${PACKINGS[packed as keyof typeof PACKINGS]}`;
  return { extension, columns: `${sql} AS ${quoteName(header ?? "line")}`, copyOptions };
}

interface Lines {
  readonly sql: string;
  readonly header?: string;
}

const LINES = { csv: csvLines, json: jsonLines, text: textLines };

function textLines({ columns }: SinkRequest): Lines {
  const [only] = columns;
  if (columns.length !== 1 || !only) {
    throw new SparkError(
      "UNSUPPORTED_TEXT_COLUMNS",
      `Text data source supports only a single column, and you have ${columns.length} columns.`,
      { sqlState: "0A000" },
    );
  }
  if (only.field.dataType.kind !== "string") throw unsupportedColumn("Text", only.field);
  return { sql: only.sql };
}

function jsonLines(request: SinkRequest): Lines {
  if (!request.options.flag("ignoreNullFields", true)) {
    throw unsupported("The option ignoreNullFields=false of json", "Replace nulls first, or leave the option out.");
  }
  for (const { field } of request.columns) if (field.dataType.kind === "null") throw unsupportedColumn("JSON", field);
  const context = emitContext(request);
  // The columns of `r` are named as a struct's fields are: the row is printed without making a struct.
  const fields = request.columns.map(({ field }) => field);
  return { sql: jsonText({ sql: "r", dataType: { kind: "struct", fields }, nullable: false }, context) };
}

function emitContext({ casts, semantics }: SinkRequest): EmitContext {
  return {
    ...casts,
    conf: (key) => semantics.conf(key),
    castSql: (sql, from, to, mode) => castSql(sql, from, to, mode, casts),
    sql: noExpression,
    aggregate: noExpression,
  };
}

function noExpression(): never {
  throw new Error("A sink has values, not expressions.");
}

function csvLines(request: SinkRequest): Lines {
  const { options, columns } = request;
  options.refuse({ escapeQuotes: "Leave it out: quotes inside values are always escaped." });
  const style: CsvStyle = {
    separator: options.text("sep", "delimiter") ?? ",",
    quote: options.text("quote") ?? '"',
    escape: options.text("escape") ?? "\\",
    nullValue: options.text("nullValue") ?? "",
    emptyValue: options.text("emptyValue") ?? '""',
    quoteAll: options.flag("quoteAll", false),
    trimLeading: options.flag("ignoreLeadingWhiteSpace", true),
    trimTrailing: options.flag("ignoreTrailingWhiteSpace", true),
  };
  const values = columns.map(({ field, sql }) => csvText(field, sql, request, style));
  const header = columns.map(({ field }) => csvName(field.name, style)).join(style.separator);
  const sql = values.length === 0 ? "''" : values.join(` || ${quoteText(style.separator)} || `);
  return options.flag("header", false) ? { sql, header } : { sql };
}

interface CsvStyle {
  readonly separator: string;
  readonly quote: string;
  readonly escape: string;
  readonly nullValue: string;
  readonly emptyValue: string;
  readonly quoteAll: boolean;
  readonly trimLeading: boolean;
  readonly trimTrailing: boolean;
}

function csvText(field: StructField, sql: string, request: SinkRequest, style: CsvStyle): string {
  const text = plainText(field, sql, request);
  const mayNeedQuotes = field.dataType.kind === "string" || style.quoteAll || !/[,;|\t]/.test(style.separator);
  if (!mayNeedQuotes) return `coalesce(${text}, ${quoteText(style.nullValue)})`;
  let value = text;
  if (style.trimLeading) value = `ltrim(${value}, ${BLANKS})`;
  if (style.trimTrailing) value = `rtrim(${value}, ${BLANKS})`;
  const quote = quoteText(style.quote);
  // An escape character inside a quoted value is doubled, unless it is the quote.
  const escaped =
    style.escape === style.quote
      ? `replace(${value}, ${quote}, ${quoteText(style.quote + style.quote)})`
      : `replace(replace(${value}, ${quoteText(style.escape)}, ${quoteText(style.escape + style.escape)}), ${quote}, ${quoteText(style.escape + style.quote)})`;
  const quoted = `${quote} || ${escaped} || ${quote}`;
  const special = [style.separator, style.quote, "\n", "\r"].map((sign) => `contains(${value}, ${quoteText(sign)})`);
  const empty = quoteText(style.emptyValue);
  const none = style.quoteAll ? quoteText(style.quote + style.nullValue + style.quote) : quoteText(style.nullValue);
  const when = style.quoteAll ? quoted : `CASE WHEN ${special.join(" OR ")} THEN ${quoted} ELSE ${value} END`;
  return `CASE WHEN ${sql} IS NULL THEN ${none} WHEN ${value} = '' THEN ${empty} ELSE ${when} END`;
}

/** What Java's trim takes away at the ends. */
const BLANKS = `' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)`;

function plainText(field: StructField, sql: string, request: SinkRequest): string {
  switch (field.dataType.kind) {
    case "string":
      return sql;
    case "timestamp":
    case "timestampNtz":
      // As in JSON, without the quotes.
      return `trim(${jsonText({ sql, dataType: field.dataType, nullable: true }, emitContext(request))}, '"')`;
    case "null":
    case "array":
    case "map":
    case "struct":
    case "binary":
      throw unsupportedColumn("CSV", field);
    default:
      return castSql(sql, field.dataType, { kind: "string" }, "ansi", request.casts);
  }
}

function csvName(name: string, style: CsvStyle): string {
  const needs = style.quoteAll || [style.separator, style.quote, "\n", "\r"].some((sign) => name.includes(sign));
  if (!needs) return name;
  return style.quote + name.replaceAll(style.quote, (style.escape || style.quote) + style.quote) + style.quote;
}
