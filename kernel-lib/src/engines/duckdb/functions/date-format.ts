// Dates to text by a Java pattern: DuckDB's strftime for most fields, expressions for the others.
import { quoteText } from "../errors.ts";
import { instantToLocal } from "../casts/time.ts";
import type { EmitContext } from "./definition.ts";
import { parsePattern } from "./date-pattern.ts";
import type { PatternPart } from "./date-pattern.ts";

const pad = (sql: string, width: number): string =>
  width > 1 ? `lpad(CAST(${sql} AS VARCHAR), ${width}, '0')` : `CAST(${sql} AS VARCHAR)`;

/** strftime's code of a field that it prints as Java does. */
function strftimeCode(letter: string, count: number): string | undefined {
  switch (letter) {
    case "M":
    case "L":
      return ["%-m", "%m", "%b", "%B"][count - 1];
    case "d":
      return ["%-d", "%d"][count - 1];
    case "H":
      return ["%-H", "%H"][count - 1];
    case "h":
      return ["%-I", "%I"][count - 1];
    case "m":
      return ["%-M", "%M"][count - 1];
    case "s":
      return ["%-S", "%S"][count - 1];
    case "S":
      return count === 3 ? "%g" : count === 6 ? "%f" : undefined;
    case "a":
      return "%p";
    case "E":
      return count === 4 ? "%A" : "%a";
    case "D":
      return count === 1 ? "%-j" : count === 3 ? "%j" : undefined;
    case "y":
    case "u":
      return count === 2 ? "%y" : undefined;
    default:
      return undefined;
  }
}

/** A year is never cut; with four letters or more one that has more digits than letters has a sign, as in Java. */
function yearSql(year: string, count: number): string {
  const far = count < 4 ? "''" : `CASE WHEN ${year} >= ${10 ** count} THEN '+' ELSE '' END`;
  const digits = `CAST(abs(${year}) AS VARCHAR)`;
  return `CASE WHEN ${year} < 0 THEN '-' ELSE ${far} END || lpad(${digits}, CAST(greatest(length(${digits}), ${count}) AS INTEGER), '0')`;
}

/** SQL of a field of a local TIMESTAMP; `instant` is the TIMESTAMPTZ it is of. */
function fieldSql(letter: string, count: number, local: string, instant: string, context: EmitContext): string {
  switch (letter) {
    case "y":
    case "u":
      return yearSql(`year(${local})`, count);
    case "S":
      return `substr(rpad(strftime(${local}, '%f'), 9, '0'), 1, ${count})`;
    case "D":
      return pad(`dayofyear(${local})`, count);
    case "H":
    case "k":
      return pad(`CASE WHEN hour(${local}) = 0 THEN 24 ELSE hour(${local}) END`, count);
    case "K":
      return pad(`hour(${local}) % 12`, count);
    case "Q":
    case "q":
      if (count === 3) return `'Q' || CAST(quarter(${local}) AS VARCHAR)`;
      if (count === 4) return `(ARRAY['1st quarter', '2nd quarter', '3rd quarter', '4th quarter'])[quarter(${local})]`;
      return pad(`quarter(${local})`, count);
    case "F":
      return `CAST((day(${local}) - 1) % 7 + 1 AS VARCHAR)`;
    default:
      return offsetSql(letter, count, instant, context);
  }
}

/** The offset of the session's zone: X prints Z for none, x does not; Z is `+0530`, ZZZZZ `+05:30`. */
function offsetSql(letter: string, count: number, instant: string, context: EmitContext): string {
  const utc = /^(UTC|GMT|Z|Etc\/UTC)$/i.test(context.timeZone);
  const minutes = utc ? "0" : `((epoch_us(${instantToLocal(instant, context)}) - epoch_us(${instant})) // 60000000)`;
  const sign = `CASE WHEN ${minutes} < 0 THEN '-' ELSE '+' END`;
  const hours = pad(`abs(${minutes}) // 60`, 2);
  const rest = pad(`abs(${minutes}) % 60`, 2);
  const colon = (letter.toLowerCase() === "x" && (count === 3 || count === 5)) || (letter === "Z" && count === 5);
  const short = letter.toLowerCase() === "x" && count === 1;
  const text = short
    ? `${sign} || ${hours} || CASE WHEN ${minutes} % 60 = 0 THEN '' ELSE ${rest} END`
    : `${letter === "Z" && count === 4 ? "'GMT' || " : ""}${sign} || ${hours} || ${colon || (letter === "Z" && count === 4) ? "':' || " : ""}${rest}`;
  if (letter === "Z" && count === 4) return `CASE WHEN ${minutes} = 0 THEN 'GMT' ELSE ${text} END`;
  const zero = letter === "X" || (letter === "Z" && count === 5);
  return zero ? `CASE WHEN ${minutes} = 0 THEN 'Z' ELSE ${text} END` : `(${text})`;
}

/**
 * SQL of an instant printed by a Java pattern in the session's time zone.
 *
 * @param instant a TIMESTAMPTZ that may be named more than once
 */
export function formatSql(instant: string, pattern: string, context: EmitContext): string {
  const local = instantToLocal(instant, context);
  const pieces: string[] = [];
  let code = "";
  const flush = () => {
    if (code !== "")
      pieces.push(
        /%[^%]/.test(code) ? `strftime(${local}, ${quoteText(code)})` : quoteText(code.replaceAll("%%", "%")),
      );
    code = "";
  };
  const add = (parts: readonly PatternPart[]): void => {
    for (const part of parts) {
      if (part.kind === "optional") add(part.parts);
      else if (part.kind === "text") code += part.text.replaceAll("%", "%%");
      else {
        const known = strftimeCode(part.letter, part.count);
        if (known !== undefined) code += known;
        else {
          flush();
          pieces.push(fieldSql(part.letter, part.count, local, instant, context));
        }
      }
    }
  };
  add(parsePattern(pattern));
  flush();
  if (pieces.length === 0) return `CASE WHEN ${instant} IS NULL THEN NULL ELSE '' END`;
  const text = pieces.join(" || ");
  // A pattern of texts only would not be null for a null.
  return `CASE WHEN ${instant} IS NULL THEN NULL ELSE ${text} END`;
}
