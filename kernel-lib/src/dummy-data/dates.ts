import { SluiceError } from "../errors.ts";
import type { ByteSink } from "./byte-sink.ts";
import { drawn } from "./column.ts";
import type { Column } from "./column.ts";

const DAY = 86_400;

/**
 * A day from `from` to `to`, both included and written `yyyy-MM-dd`.
 *
 * @example
 * ```ts
 * date({ from: "2010-01-01", to: "2023-12-31" });
 * ```
 */
export function date({ from, to }: { from: string; to: string }): Column {
  const first = dayOf(from);
  const count = dayOf(to) - first + 1;
  if (count < 1) throw new SluiceError("USAGE", `The range of days from ${from} to ${to} is empty.`);
  return drawn(10, (sink, draw) => writeDay(sink, first + draw.below(count)), "DATE");
}

/**
 * A moment of the days `from` to `to` (UTC, both included), written in ISO 8601 with milliseconds and one of the offsets,
 * such as `2018-03-24T13:56:45.000+05:30`.
 *
 * @param options - `offsets` look like `+05:30`, `-06:00` or `Z`; without them all moments are in `Z`
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: timestamp({ from: "2018-01-01", to: "2018-12-31", offsets: ["+05:30"] }) } }).rows();
 * ```
 */
export function timestamp({
  from,
  to,
  offsets = ["Z"],
}: {
  from: string;
  to: string;
  offsets?: readonly string[];
}): Column {
  const first = dayOf(from) * DAY;
  const count = (dayOf(to) + 1) * DAY - first;
  if (count < 1) throw new SluiceError("USAGE", `The range of days from ${from} to ${to} is empty.`);
  const zones = offsets.map((text) => ({ bytes: Buffer.from(text), seconds: offsetSeconds(text) }));
  return drawn(
    29,
    (sink, draw) => {
      const zone = zones[draw.below(zones.length)]!;
      const local = first + draw.below(count) + zone.seconds;
      const day = Math.floor(local / DAY);
      const second = local - day * DAY;
      writeDay(sink, day);
      sink.byte(84);
      sink.digits(Math.floor(second / 3600), 2);
      sink.byte(58);
      sink.digits(Math.floor(second / 60) % 60, 2);
      sink.byte(58);
      sink.digits(second % 60, 2);
      sink.byte(46);
      sink.digits(0, 3);
      for (const byte of zone.bytes) sink.byte(byte);
    },
    "TIMESTAMP",
  );
}

/** The days from 1970-01-01 to a day written `yyyy-MM-dd`. */
function dayOf(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  // Date.parse takes 31 February for 2 March.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw new SluiceError("USAGE", `\`${text}\` is not a day.`, { next: "Write it yyyy-MM-dd." });
  }
  return time / (DAY * 1000);
}

function offsetSeconds(text: string): number {
  const match = /^(?:Z|([+-])(\d\d):(\d\d))$/.exec(text);
  if (!match) throw new SluiceError("USAGE", `\`${text}\` is not an offset.`, { next: "Write it +05:30 or Z." });
  if (match[1] === undefined) return 0;
  return (match[1] === "-" ? -60 : 60) * (Number(match[2]) * 60 + Number(match[3]));
}

/** Writes a day count as a date of the Gregorian calendar; years run from March, so that the leap day comes last. */
function writeDay(sink: ByteSink, days: number): void {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  sink.digits(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4);
  sink.byte(45);
  sink.digits(month, 2);
  sink.byte(45);
  sink.digits(ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1, 2);
}
