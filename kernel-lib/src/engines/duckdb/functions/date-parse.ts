// Text to dates by a Java pattern: a regular expression finds the fields, and SQL puts them together.
import { quoteText } from "../errors.ts";
import { localToInstant } from "../casts/time.ts";
import { unsupported } from "../../../sql/errors.ts";
import type { EmitContext } from "./definition.ts";
import { parsePattern } from "./date-pattern.ts";
import type { PatternPart } from "./date-pattern.ts";
import { bind } from "./sql-text.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const FULL_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december";

interface Field {
  /** The name of the part of the date: year, month, … */
  readonly name: string;
  readonly regex: string;
  /** SQL of its text in the canonical form, of the text found. */
  readonly value: (found: string) => string;
}

const digits = (name: string, count: number, value: Field["value"] = (found) => found): Field => ({
  name,
  regex: count === 1 ? "[0-9]{1,2}" : `[0-9]{${count}}`,
  value: (found) => `lpad(${value(found)}, 2, '0')`,
});

function fieldOf(letter: string, count: number, pattern: string): Field {
  switch (letter) {
    case "y":
    case "u":
      if (count === 2) return { name: "year", regex: "[0-9]{2}", value: (found) => `'20' || ${found}` };
      return {
        name: "year",
        regex: count === 4 ? "[0-9]{4}" : `[0-9]{${count},6}`,
        value: (found) => `lpad(${found}, 4, '0')`,
      };
    case "M":
    case "L":
      if (count <= 2) return digits("month", count);
      return {
        name: "month",
        regex: count === 3 ? MONTHS.join("|") : FULL_MONTHS,
        value: (found) =>
          `lpad(CAST(list_position([${MONTHS.map(quoteText).join(", ")}], lower(substr(${found}, 1, 3))) AS VARCHAR), 2, '0')`,
      };
    case "d":
      return digits("day", count);
    case "H":
      return digits("hour", count);
    case "h":
      return digits("halfHour", count);
    case "m":
      return digits("minute", count);
    case "s":
      return digits("second", count);
    case "S":
      return { name: "fraction", regex: `[0-9]{1,${count}}`, value: (found) => `substr(rpad(${found}, 6, '0'), 1, 6)` };
    case "a":
      return { name: "half", regex: "am|pm", value: (found) => `lower(${found})` };
    case "E":
      return {
        name: "weekday",
        regex: count === 4 ? "sunday|monday|tuesday|wednesday|thursday|friday|saturday" : "sun|mon|tue|wed|thu|fri|sat",
        value: (found) => found,
      };
    case "X":
    case "x":
    case "Z":
      return { name: "offset", regex: offsetRegex(letter, count), value: offsetValue };
    default:
      throw unsupported(
        `Reading the field ${letter} of the date pattern ${pattern}`,
        "Use year, month, day and time fields.",
      );
  }
}

function offsetRegex(letter: string, count: number): string {
  const zero = letter === "X" || (letter === "Z" && count === 5) ? "Z|" : "";
  if (letter === "Z" && count !== 5) return "[+-][0-9]{4}";
  if (count === 1) return `${zero}[+-][0-9]{2}(?:[0-9]{2})?`;
  return count === 2 || count === 4 ? `${zero}[+-][0-9]{4}` : `${zero}[+-][0-9]{2}:[0-9]{2}`;
}

const offsetValue = (found: string): string =>
  `CASE WHEN upper(${found}) = 'Z' THEN '+00:00' WHEN length(${found}) = 3 THEN ${found} || ':00' WHEN length(${found}) = 5 THEN substr(${found}, 1, 3) || ':' || substr(${found}, 4) ELSE ${found} END`;

/**
 * SQL of the local TIMESTAMP or, when the pattern has an offset, the instant that a text says; null when it does not
 * fit the pattern.
 *
 * @param asInstant whether a TIMESTAMPTZ is wanted: local times are then read in the session's time zone
 */
export function parseSql(text: string, pattern: string, asInstant: boolean, context: EmitContext): string {
  const fields: Field[] = [];
  const regexOf = (parts: readonly PatternPart[]): string =>
    parts
      .map((part) => {
        if (part.kind === "optional") return `(?:${regexOf(part.parts)})?`;
        if (part.kind === "text") return part.text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
        const field = fieldOf(part.letter, part.count, pattern);
        if (fields.some((known) => known.name === field.name))
          throw unsupported(`A field that is twice in the date pattern ${pattern}`, "Use each field once.");
        fields.push(field);
        return `(${field.regex})`;
      })
      .join("");
  const regex = `(?i)^(${regexOf(parsePattern(pattern))})$`;
  const names = ["whole", ...fields.map((field) => field.name)];
  return bind(context, [text], (x) => {
    const found = `regexp_extract(${x}, ${quoteText(regex)}, [${names.map(quoteText).join(", ")}])`;
    return bind(context, [found], (parts) => assembled(parts, fields, asInstant, context));
  });
}

function assembled(parts: string, fields: readonly Field[], asInstant: boolean, context: EmitContext): string {
  const get = (name: string, absent: string): string => {
    const field = fields.find((one) => one.name === name);
    return field
      ? `CASE WHEN ${parts}.${name} = '' THEN '${absent}' ELSE ${field.value(`${parts}.${name}`)} END`
      : `'${absent}'`;
  };
  const hasHalf = fields.some((field) => field.name === "halfHour");
  const hour = hasHalf
    ? `lpad(CAST(CASE WHEN CAST(${parts}.halfHour AS INTEGER) BETWEEN 1 AND 12 THEN CAST(${parts}.halfHour AS INTEGER) % 12 + CASE WHEN ${get("half", "am")} = 'pm' THEN 12 ELSE 0 END ELSE 99 END AS VARCHAR), 2, '0')`
    : `CASE WHEN ${get("hour", "00")} = '24' THEN '99' ELSE ${get("hour", "00")} END`;
  const local = `(${get("year", "1970")} || '-' || ${get("month", "01")} || '-' || ${get("day", "01")} || ' ' || ${hour} || ':' || ${get("minute", "00")} || ':' || ${get("second", "00")} || '.' || ${get("fraction", "000000")})`;
  const hasOffset = fields.some((field) => field.name === "offset");
  const noMatch = `WHEN ${parts}.whole = '' OR ${parts} IS NULL THEN NULL`;
  if (!asInstant) return `CASE ${noMatch} ELSE TRY_CAST(${local} AS TIMESTAMP) END`;
  const inZone = localToInstant(`TRY_CAST(${local} AS TIMESTAMP)`, context);
  if (!hasOffset) return `CASE ${noMatch} ELSE ${inZone} END`;
  return `CASE ${noMatch} WHEN ${parts}.offset = '' THEN ${inZone} ELSE TRY_CAST(${local} || ${get("offset", "")} AS TIMESTAMPTZ) END`;
}
