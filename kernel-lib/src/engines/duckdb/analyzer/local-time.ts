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

/** The instant that a wall clock of the zone shows as `2024-01-31 23:59:59.5`; undefined when the text is no such time. */
export function instantOf(text: string, timeZone: string): bigint | undefined {
  const match = /^(\d{4}-\d{1,2}-\d{1,2})(?:[ T](\d{1,2}:\d{2}(?::\d{2})?)(?:\.(\d{1,6}))?)?$/.exec(text.trim());
  if (!match) return undefined;
  const [, day = "", time = "00:00:00", fraction = ""] = match;
  const full = time.length < 6 ? `${time}:00` : time;
  const date = day.replace(/-(?=\d(?:-|$))/g, "-0");
  const utc = Date.parse(`${date}T${full.padStart(8, "0")}Z`);
  // JavaScript takes the 30th of February for a day in March.
  if (Number.isNaN(utc) || !new Date(utc).toISOString().startsWith(date)) return undefined;
  const shown = (milliseconds: number) =>
    Date.parse(`${localTime(BigInt(milliseconds) * 1000n, timeZone).replace(" ", "T")}Z`);
  // The offset of the guess may be that of the other side of a change of clocks: look again from there.
  let instant = utc;
  for (let round = 0; round < 2; round += 1) instant += utc - shown(instant);
  return BigInt(instant) * 1000n + BigInt(fraction.padEnd(6, "0"));
}

/** Milliseconds of a zone that is an offset, such as `+05:30` or `UTC-3`; undefined for a named zone. */
function offsetOf(timeZone: string): number | undefined {
  if (timeZone === "Z") return 0;
  const match = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/.exec(timeZone);
  if (!match) return undefined;
  const [, sign, hours, minutes = "0", seconds = "0"] = match;
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -size : size;
}

/** `2024-01-31 23:59:59.5`, the fraction without trailing zeros, as Spark prints a timestamp. */
export function localTime(microseconds: bigint, timeZone: string): string {
  const fraction = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = (microseconds - fraction) / 1_000_000n;
  const offset = offsetOf(timeZone);
  const parts = new Map(
    formatOf(offset === undefined ? timeZone : "UTC")
      .formatToParts(new Date(Number(seconds) * 1000 + (offset ?? 0)))
      .map((part) => [part.type, part.value]),
  );
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  const text = `${get("year").padStart(4, "0")}-${get("month")}-${get("day")} ${get("hour")}:${get("minute")}:${get("second")}`;
  return fraction ? `${text}.${String(fraction).padStart(6, "0").replace(/0+$/, "")}` : text;
}
