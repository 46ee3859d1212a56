// Microseconds since the epoch as wall-clock text.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: timeZone.replace(/^(?:UTC|GMT)(?=[+-])/, ""),
      calendar: "iso8601",
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

/** `2024-01-31 23:59:59.5`, the fraction without trailing zeros, as Spark prints a timestamp. */
export function localTime(microseconds: bigint, timeZone: string): string {
  const fraction = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = (microseconds - fraction) / 1_000_000n;
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(new Date(Number(seconds) * 1000))
      .map((part) => [part.type, part.value]),
  );
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  const text = `${get("year").padStart(4, "0")}-${get("month")}-${get("day")} ${get("hour")}:${get("minute")}:${get("second")}`;
  return fraction ? `${text}.${String(fraction).padStart(6, "0").replace(/0+$/, "")}` : text;
}
