// Dates and times as Spark counts them: the proleptic Gregorian calendar, microseconds, no loss.
import { SluiceError } from "../../errors.ts";
import { inspectAs } from "./inspect.ts";

const MILLIS_PER_DAY = 86_400_000;
const MICROS_PER_DAY = 86_400_000_000n;

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}

function yearText(year: number): string {
  return year < 0 ? `-${pad(-year, 4)}` : year > 9999 ? `+${year}` : pad(year, 4);
}

/**
 * A day of the calendar, without time or zone: what DATE columns are read as.
 *
 * @example
 * ```ts
 * const day = LocalDate.parse("2024-02-29");
 * day.month; // 2
 * ```
 */
export class LocalDate {
  /** Days since 1970-01-01. */
  readonly epochDay: number;

  constructor(epochDay: number) {
    this.epochDay = epochDay;
  }

  /** The day with these numbers; `month` is 1 to 12. */
  static of(year: number, month: number, day: number): LocalDate {
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) throw notA("date", `${year}-${month}-${day}`);
    return new LocalDate(Math.round(date.getTime() / MILLIS_PER_DAY));
  }

  /** The day that `yyyy-MM-dd` names. */
  static parse(text: string): LocalDate {
    const match = /^([+-]?\d{4,7})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
    if (!match) throw notA("date", text);
    return LocalDate.of(Number(match[1]), Number(match[2]), Number(match[3]));
  }

  /** The year, such as 2024. */
  get year(): number {
    return this.toDate().getUTCFullYear();
  }

  /** 1 to 12. */
  get month(): number {
    return this.toDate().getUTCMonth() + 1;
  }

  /** The day of the month, from 1. */
  get day(): number {
    return this.toDate().getUTCDate();
  }

  /**
   * Midnight of the day in UTC.
   *
   * @example
   * ```ts
   * LocalDate.parse("2024-02-29").toDate().toISOString(); // "2024-02-29T00:00:00.000Z"
   * ```
   */
  toDate(): Date {
    return new Date(this.epochDay * MILLIS_PER_DAY);
  }

  /** Whether the other value is the same day. */
  equals(other: unknown): boolean {
    return other instanceof LocalDate && other.epochDay === this.epochDay;
  }

  /** `yyyy-MM-dd`. */
  toString(): string {
    return `${yearText(this.year)}-${pad(this.month)}-${pad(this.day)}`;
  }

  /** The text of `toString`. */
  toJSON(): string {
    return this.toString();
  }

  [Symbol.toPrimitive](hint: string): string | number {
    return hint === "number" ? this.epochDay : this.toString();
  }

  [inspectAs](): string {
    return `LocalDate(${this.toString()})`;
  }
}

/** `HH:mm:ss` and the microseconds, where there are any, of a count of microseconds. */
function clockText(epochMicros: bigint): string {
  const ofDay = Number(epochMicros - floorDivide(epochMicros, MICROS_PER_DAY) * MICROS_PER_DAY);
  const seconds = Math.floor(ofDay / 1_000_000);
  const micros = ofDay % 1_000_000;
  const clock = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return micros === 0 ? clock : `${clock}.${pad(micros, 6).replace(/0+$/, "")}`;
}

function dayOf(epochMicros: bigint): LocalDate {
  return new LocalDate(Number(floorDivide(epochMicros, MICROS_PER_DAY)));
}

/**
 * An instant in microseconds: what TIMESTAMP columns are read as. A `Date` would lose the last three digits.
 *
 * @example
 * ```ts
 * const created = new Timestamp(1785542400000001n);
 * created.toDate().toISOString(); // "2026-08-01T00:00:00.000Z"
 * created.epochMicros; // 1785542400000001n
 * ```
 */
export class Timestamp {
  /** Microseconds since 1970-01-01T00:00:00Z. */
  readonly epochMicros: bigint;

  constructor(epochMicros: bigint) {
    this.epochMicros = epochMicros;
  }

  /** The instant of a `Date`. */
  static from(date: Date): Timestamp {
    const millis = date.getTime();
    if (Number.isNaN(millis)) throw notA("date and time", "Invalid Date");
    return new Timestamp(BigInt(millis) * 1000n);
  }

  /** The instant that an ISO 8601 text with `Z` or an offset names, with up to six digits of a second. */
  static parse(text: string): Timestamp {
    const match = /^(.*?T\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,6}))?(Z|[+-]\d{2}:?\d{2})$/.exec(
      text.trim().replace(" ", "T"),
    );
    const millis = match ? Date.parse(`${match[1]}${match[3]}`) : Number.NaN;
    if (Number.isNaN(millis)) throw notA("time with an offset", text);
    return new Timestamp(BigInt(millis) * 1000n + BigInt((match?.[2] ?? "").padEnd(6, "0")));
  }

  /** The same instant as a `Date`; digits below a millisecond are cut off. */
  toDate(): Date {
    return new Date(Number(floorDivide(this.epochMicros, 1000n)));
  }

  /** Whether the other value is the same instant. */
  equals(other: unknown): boolean {
    return other instanceof Timestamp && other.epochMicros === this.epochMicros;
  }

  /** ISO 8601 in UTC: `2024-01-31T10:00:00.123456Z`. */
  toString(): string {
    return `${dayOf(this.epochMicros)}T${clockText(this.epochMicros)}Z`;
  }

  /** The text of `toString`. */
  toJSON(): string {
    return this.toString();
  }

  /** As a number: milliseconds since 1970, as `Date` has it. */
  [Symbol.toPrimitive](hint: string): string | number {
    return hint === "number" ? Number(this.epochMicros) / 1000 : this.toString();
  }

  [inspectAs](): string {
    return `Timestamp(${this.toString()})`;
  }
}

/**
 * A date and time of day in microseconds, without zone: what TIMESTAMP_NTZ columns are read as.
 *
 * @example
 * ```ts
 * const moment = lit("2024-02-29 12:34:56").cast("timestamp_ntz");
 * const row = await spark.range(1).select(moment.alias("t")).first();
 * console.log(String(row?.t)); // 2024-02-29T12:34:56
 * ```
 */
export class LocalDateTime {
  /** Microseconds since 1970-01-01T00:00:00 on the same clock. */
  readonly epochMicros: bigint;

  constructor(epochMicros: bigint) {
    this.epochMicros = epochMicros;
  }

  /** The time that `yyyy-MM-ddTHH:mm:ss.SSSSSS` names. */
  static parse(text: string): LocalDateTime {
    const bare = text.trim();
    if (/(Z|[+-]\d{2}:?\d{2})$/.test(bare.replace(/^[+-]?\d{4,7}-\d{2}-\d{2}/, "")))
      throw notA("time without an offset", text);
    return new LocalDateTime(Timestamp.parse(`${bare.length <= 10 ? `${bare}T00:00:00` : bare}Z`).epochMicros);
  }

  /** Whether the other value is the same date and time. */
  equals(other: unknown): boolean {
    return other instanceof LocalDateTime && other.epochMicros === this.epochMicros;
  }

  /** ISO 8601 without zone: `2024-01-31T10:00:00.123456`. */
  toString(): string {
    return `${dayOf(this.epochMicros)}T${clockText(this.epochMicros)}`;
  }

  /** The text of `toString`. */
  toJSON(): string {
    return this.toString();
  }

  [inspectAs](): string {
    return `LocalDateTime(${this.toString()})`;
  }
}

function notA(what: string, text: string): SluiceError {
  return new SluiceError("INPUT_INVALID", `\`${text}\` is not a ${what}.`, { next: "Write it in ISO 8601." });
}
