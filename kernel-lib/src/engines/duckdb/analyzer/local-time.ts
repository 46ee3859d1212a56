// Microseconds since the epoch as wall-clock text.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      // As iso8601, Node 20 shows Julian days before 1582.
      calendar: "gregory",
      era: "short",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    });
    formats.set(timeZone, format);
  }
  return format;
}

const DAY = 86_400_000;

/** A day of any year, in milliseconds; undefined when there is none. */
function dayOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // JavaScript takes the 30th of February for a day in March.
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same ? date.getTime() : undefined;
}

/** The day that a text such as `2024-01-31`, `2024-1` or `-0044-03-15` names, in days since 1970; undefined when none. */
export function dayOfText(text: string): number | undefined {
  const match = /^([+-]?\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T].*)?)?)?$/s.exec(text.trim());
  if (!match) return undefined;
  const [, year, month = "1", day = "1"] = match;
  const milliseconds = dayOf(Number(year), Number(month), Number(day));
  return milliseconds === undefined ? undefined : milliseconds / DAY;
}

const TIME_TEXT =
  /^([+-]?\d{4,6})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T](\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,9}))?)?)?)?)?)?$/;

/** The instant that a wall clock of the zone shows as `2024-01-31 23:59:59.5`; undefined when the text is no such time. */
export function instantOf(text: string, timeZone: string): bigint | undefined {
  const match = TIME_TEXT.exec(text.trim());
  if (!match) return undefined;
  const [, year, month = "1", day = "1", hour = "0", minute = "0", second = "0", fraction = ""] = match;
  const start = dayOf(Number(year), Number(month), Number(day));
  if (start === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const utc = start + (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000;
  const instant = utc - offsetAt(utc, timeZone);
  return BigInt(instant) * 1000n + BigInt(fraction.padEnd(6, "0").slice(0, 6));
}

/**
 * How far a wall clock is ahead of UTC, in milliseconds. Where clocks change, the offset before the change holds, as in
 * Java: a time that is there twice is the earlier one, one that is not there is moved on by the length of the gap.
 */
function offsetAt(wall: number, timeZone: string): number {
  const fixed = offsetOf(timeZone);
  if (fixed !== undefined) return fixed;
  const offset = (instant: number) => wallOf(instant, timeZone) - instant;
  const [before, after] = [offset(wall - DAY), offset(wall + DAY)];
  const shows = (candidate: number) => wallOf(wall - candidate, timeZone) === wall;
  return !shows(before) && shows(after) ? after : before;
}

/** Milliseconds of a zone that is an offset, such as `+05:30` or `UTC-3`; undefined for a named zone. */
function offsetOf(timeZone: string): number | undefined {
  if (/^(?:Z|UTC|GMT)$/.test(timeZone)) return 0;
  const match = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/.exec(timeZone);
  if (!match) return undefined;
  const [, sign, hours, minutes = "0", seconds = "0"] = match;
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -size : size;
}

/** What a wall clock of the zone shows at an instant of whole seconds, as if it were UTC. */
function wallOf(milliseconds: number, timeZone: string): number {
  const offset = offsetOf(timeZone);
  if (offset !== undefined) return milliseconds + offset;
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(new Date(milliseconds))
      .map((part) => [part.type, part.value]),
  );
  const get = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const year = parts.get("era")?.startsWith("B") ? 1 - get("year") : get("year");
  const day = dayOf(year, get("month"), get("day")) ?? 0;
  return day + (get("hour") * 3600 + get("minute") * 60 + get("second")) * 1000;
}

/** `2024-01-31`, the year with a sign where it has other than four digits, as Spark prints a date. */
export function dateText(milliseconds: number): string {
  const text = new Date(milliseconds).toISOString().replace(/T.*$/, "");
  return text.replace(/^([+-])0{0,2}(\d{4,})/, "$1$2");
}

/** `2024-01-31 23:59:59.5`, the fraction without trailing zeros, as Spark prints a timestamp. */
export function localTime(microseconds: bigint, timeZone: string): string {
  const fraction = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const wall = wallOf(Number((microseconds - fraction) / 1000n), timeZone);
  const text = `${dateText(wall)} ${new Date(wall).toISOString().replace(/^.*T|\..*$/g, "")}`;
  return fraction ? `${text}.${String(fraction).padStart(6, "0").replace(/0+$/, "")}` : text;
}
