// Spark's lenient timestamp texts, put into the one form DuckDB and we read alike.
import type { NativeFunction } from "../functions/definition.ts";

const TIMESTAMP =
  /^(?:[+](?!-))?(-?\d{4,6})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T](\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.](\d*))?)?)?\s*(.*))?)?)?$/s;
const TIME = /^T?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.](\d*))?)?\s*(.*)$/s;
const OFFSET = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?$/;

/**
 * A timestamp text as `yyyy-MM-dd HH:mm:ss.ffffff` and, when it names a zone, its offset or region after it;
 * null when Spark would not read it.
 *
 * @param timeZone the session's zone for a text that is only a time of day (of today); empty when zones do not matter
 */
export function canonicalTimestamp(text: string, timeZone: string): string | null {
  const trimmed = text.replace(/^[\x00-\x20\x7f]+|[\x00-\x20\x7f]+$/g, "");
  const time = TIME.exec(trimmed);
  if (time) return timeZone === "" ? null : join([...today(timeZone), ...time.slice(1)], timeZone);
  const match = TIMESTAMP.exec(trimmed);
  return match && join(match.slice(1), timeZone);
}

function join(parts: readonly (string | undefined)[], timeZone: string): string | null {
  const [year, month = "1", day = "1", hour = "0", minute = "0", second = "0", fraction = "", zone = ""] = parts;
  const two = (digits: string): string => digits.padStart(2, "0");
  const offset = zoneText(zone);
  if (offset === undefined || fraction.length > 9 || Number(hour) > 23) return null;
  const local = `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}.${fraction.slice(0, 6).padEnd(6, "0")}`;
  return timeZone === "" ? local : `${local}${offset}`;
}

function today(timeZone: string): string[] {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(new Date()).split("-");
}

/** The zone as an offset or ` Region/City`; empty for none; undefined when it is no zone. */
function zoneText(zone: string): string | undefined {
  if (zone === "") return "";
  if (zone === "Z" || zone === "UTC" || zone === "GMT" || zone === "UT") return "+00:00";
  const offset = OFFSET.exec(zone);
  if (offset) {
    const [, sign, hours = "", minutes = "00", seconds] = offset;
    if (Number(hours) > 18 || (seconds !== undefined && seconds !== "00")) return undefined;
    return `${sign}${hours.padStart(2, "0")}:${minutes}`;
  }
  // Java knows regions by their exact names, and no abbreviations.
  if (!/^[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z_]*(?:[-+][\w]+)?)+$/.test(zone)) return undefined;
  try {
    return ` ${new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone}`;
  } catch {
    return undefined;
  }
}

export const timestampTextFunction: NativeFunction = {
  name: "spark_timestamp_text",
  parameters: ["VARCHAR", "VARCHAR"],
  result: "VARCHAR",
  evaluate: canonicalTimestamp,
};
