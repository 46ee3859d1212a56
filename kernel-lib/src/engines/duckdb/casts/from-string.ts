// Casts from text. Spark trims white space and control characters, and accepts less than DuckDB does.
import type { DataType, DecimalType } from "../../../sql/types/data-type.ts";
import { sqlName } from "../../../sql/types/index.ts";
import type { CastMode } from "../resolved/expression.ts";
import { DATE, TIMESTAMP, TIMESTAMP_NTZ, isIntegral } from "../functions/kinds.ts";
import { bind, cast, tryCast } from "../functions/sql-text.ts";
import type { CastContext } from "./context.ts";
import { decimalOfText } from "./java-number.ts";
import { outOfRange } from "./number.ts";
import { localToInstant } from "./time.ts";
import { timestampTextFunction } from "./timestamp-text.ts";
import { unsupported } from "../functions/type-errors.ts";

const SPACE = "[\\x00-\\x20\\x7f]*";
/** `body` alone in the text but for white space and control characters around it; the first group is the body. */
const alone = (body: string): string => `'^${SPACE}(${body})${SPACE}$'`;
const FLOATING = "[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]+)?";

export function fromString(sql: string, to: DataType, mode: CastMode, context: CastContext): string {
  if (to.kind === "binary") return `encode(${sql})`;
  return bind(context, [sql], (x) => {
    const parsed = parse(x, to, mode, context);
    if (mode !== "ansi") return parsed;
    const bad = to.kind === "decimal" ? badDecimal(x, to, context) : malformed(x, to, context);
    return `CASE WHEN ${x} IS NULL THEN NULL ELSE coalesce(${parsed}, ${bad}) END`;
  });
}

function malformed(x: string, to: DataType, context: CastContext): string {
  return context.raise(
    "CAST_INVALID_INPUT",
    "22018",
    `'The value ''' || ${x} || ''' of the type "STRING" cannot be cast to "${sqlName(to)}" because it is malformed. Correct the value as per the syntax, or change its target type. Use \`try_cast\` to tolerate malformed input and return NULL instead.'`,
  );
}

function badDecimal(x: string, to: DecimalType, context: CastContext): string {
  return `CASE WHEN regexp_matches(${x}, ${alone(FLOATING)}) THEN ${outOfRange(`trim(${x})`, to, context)} ELSE ${malformed(x, to, context)} END`;
}

/** Null for a text that is not a value of the type. */
function parse(x: string, to: DataType, mode: CastMode, context: CastContext): string {
  if (isIntegral(to)) return parseIntegral(x, to, mode);
  switch (to.kind) {
    case "float":
    case "double":
      return parseFloating(x, to);
    case "decimal":
      return decimalOfText(`regexp_extract(${x}, ${alone(FLOATING)}, 1)`, to, context);
    case "boolean":
      return parseBoolean(x);
    case "date":
      return parseDate(x);
    case "timestamp":
      return parseTimestamp(x, context);
    case "timestampNtz":
      return `coalesce(TRY_CAST(regexp_extract(${x}, '^([0-9]{4}-[0-9]{2}-[0-9]{2}[ T](?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,6})?)$', 1) AS TIMESTAMP), ${tryCast(`${context.native(timestampTextFunction)}(${x}, '')`, TIMESTAMP_NTZ)})`;
    default:
      throw unsupported(`A cast from a string to ${sqlName(to)}`, "Write the interval as a literal.");
  }
}

function parseIntegral(x: string, to: DataType, mode: CastMode): string {
  if (mode !== "legacy") return tryCast(`regexp_extract(${x}, ${alone("[+-]?[0-9]+")}, 1)`, to);
  const digits = tryCast(`regexp_extract(${x}, '^${SPACE}([+-]?[0-9]+)(?:[.][0-9]*)?${SPACE}$', 1)`, to);
  return `coalesce(${digits}, CASE WHEN regexp_matches(${x}, '^${SPACE}[+-]?[.][0-9]*${SPACE}$') THEN ${cast("0", to)} END)`;
}

function parseFloating(x: string, to: DataType): string {
  const number = tryCast(`regexp_extract(${x}, '^${SPACE}(${FLOATING})[dDfF]?${SPACE}$', 1)`, to);
  const word = `CASE regexp_extract(lower(${x}), ${alone("[+-]?(?:inf|infinity)|nan")}, 1) WHEN 'nan' THEN 'nan' WHEN '-inf' THEN '-inf' WHEN '-infinity' THEN '-inf' WHEN 'inf' THEN 'inf' WHEN '+inf' THEN 'inf' WHEN 'infinity' THEN 'inf' WHEN '+infinity' THEN 'inf' END`;
  return `coalesce(${number}, ${tryCast(word, to)})`;
}

function parseBoolean(x: string): string {
  const word = `lower(trim(${x}, chr(32) || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)))`;
  return `CASE WHEN ${word} IN ('t', 'true', 'y', 'yes', '1') THEN true WHEN ${word} IN ('f', 'false', 'n', 'no', '0') THEN false ELSE CAST(NULL AS BOOLEAN) END`;
}

function parseDate(x: string): string {
  const day = (body: string) => `regexp_extract(${x}, '(?s)^${SPACE}${body}${SPACE}$', 1)`;
  return `coalesce(${[
    tryCast(day("[+]?(-?[0-9]{4,7}-[0-9]{1,2}-[0-9]{1,2})(?:[ T].*)?"), DATE),
    tryCast(`${day("[+]?(-?[0-9]{4,7}-[0-9]{1,2})")} || '-01'`, DATE),
    tryCast(`${day("[+]?(-?[0-9]{4,7})")} || '-01-01'`, DATE),
  ].join(", ")})`;
}

const LOCAL_TIME = "-?[0-9]{4,6}-[0-9]{2}-[0-9]{2}[ T](?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,6})?";

/** The common forms in SQL; all others are first put in one of those by a JavaScript function. */
function parseTimestamp(x: string, context: CastContext): string {
  const withOffset = (text: string) =>
    tryCast(`regexp_extract(${text}, '^(${LOCAL_TIME}(?:Z|[+-](?:0[0-9]|1[0-7]):[0-5][0-9]))$', 1)`, TIMESTAMP);
  const local = (text: string) =>
    localToInstant(tryCast(`regexp_extract(${text}, '^(${LOCAL_TIME})$', 1)`, TIMESTAMP_NTZ), context);
  const canonical = `${context.native(timestampTextFunction)}(${x}, '${context.timeZone}')`;
  const rest = bind(context, [canonical], (y) => `coalesce(${withOffset(y)}, ${local(y)}, ${tryCast(y, TIMESTAMP)})`);
  return `coalesce(${withOffset(x)}, ${local(x)}, ${rest})`;
}
