import { inspectAs } from "./inspect.ts";

/**
 * A span of time in microseconds: what INTERVAL DAY TO SECOND columns are read as.
 *
 * @example
 * ```ts
 * new DayTimeInterval(90_000_000n).toString(); // "PT1M30S"
 * ```
 */
export class DayTimeInterval {
  /** The whole span in microseconds. */
  readonly micros: bigint;

  constructor(micros: bigint) {
    this.micros = micros;
  }

  /** ISO 8601: `P1DT2H3M4.5S`. */
  toString(): string {
    const magnitude = this.micros < 0n ? -this.micros : this.micros;
    const sign = this.micros < 0n ? "-" : "";
    const seconds = magnitude / 1_000_000n;
    const parts: [bigint, string][] = [
      [(seconds / 3600n) % 24n, "H"],
      [(seconds / 60n) % 60n, "M"],
    ];
    const days = seconds / 86_400n;
    const fraction = (magnitude % 1_000_000n).toString().padStart(6, "0").replace(/0+$/, "");
    const second = `${seconds % 60n}${fraction ? `.${fraction}` : ""}`;
    const clock = parts.filter(([value]) => value > 0n).map(([value, unit]) => `${value}${unit}`);
    if (second !== "0") clock.push(`${second}S`);
    const text = `${days > 0n ? `${days}D` : ""}${clock.length > 0 ? `T${clock.join("")}` : ""}`;
    return `${sign}P${text || "T0S"}`;
  }

  /** The text of `toString`. */
  toJSON(): string {
    return this.toString();
  }

  [inspectAs](): string {
    return `DayTimeInterval(${this.toString()})`;
  }
}

/**
 * A span of years and months: what INTERVAL YEAR TO MONTH columns are read as.
 *
 * @example
 * ```ts
 * new YearMonthInterval(14).toString(); // "P1Y2M"
 * ```
 */
export class YearMonthInterval {
  /** The whole span in months. */
  readonly months: number;

  constructor(months: number) {
    this.months = months;
  }

  /** ISO 8601: `P1Y2M`. */
  toString(): string {
    const magnitude = Math.abs(this.months);
    const text = `${magnitude >= 12 ? `${Math.floor(magnitude / 12)}Y` : ""}${magnitude % 12 ? `${magnitude % 12}M` : ""}`;
    return `${this.months < 0 ? "-" : ""}P${text || "0M"}`;
  }

  /** The text of `toString`. */
  toJSON(): string {
    return this.toString();
  }

  [inspectAs](): string {
    return `YearMonthInterval(${this.toString()})`;
  }
}

/** Months, days and microseconds kept apart: what INTERVAL columns of `make_interval` are read as. */
export class CalendarInterval {
  /** The part in months. */
  readonly months: number;
  /** The part in days. */
  readonly days: number;
  /** The part in microseconds. */
  readonly micros: bigint;

  constructor(months: number, days: number, micros: bigint) {
    this.months = months;
    this.days = days;
    this.micros = micros;
  }

  /** The three parts in words: `14 months 3 days 5 microseconds`. */
  toString(): string {
    return `${this.months} months ${this.days} days ${this.micros} microseconds`;
  }

  /** The text of `toString`. */
  toJSON(): string {
    return this.toString();
  }

  [inspectAs](): string {
    return `CalendarInterval(${this.toString()})`;
  }
}
