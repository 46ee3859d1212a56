import { SluiceError } from "../../errors.ts";
import { inspectAs } from "./inspect.ts";

/**
 * An exact decimal number that keeps its scale: `1.20` stays `1.20`.
 *
 * It is what DECIMAL columns are read as and can be written as. `Number(decimal)` rounds to the nearest `number`.
 *
 * @example
 * ```ts
 * const price = Decimal.from("19.90");
 * price.toString(); // "19.90"
 * price.equals(Decimal.from("19.9")); // true
 * ```
 */
export class Decimal {
  /** All digits as one whole number: 1990 for 19.90. */
  readonly unscaled: bigint;
  /** Digits after the point. */
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /**
   * The decimal that a text such as `-12.50`, a whole number or a finite `number` (by its shortest text) means.
   *
   * @throws SluiceError `INPUT_INVALID` when the text is not a decimal number
   */
  static from(value: string | number | bigint | Decimal): Decimal {
    if (value instanceof Decimal) return value;
    if (typeof value === "bigint") return new Decimal(value, 0);
    const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*$/.exec(String(value));
    const [, sign = "", whole = "", fraction = "", exponent = "0"] = match ?? [];
    if (whole + fraction === "" || Math.abs(Number(exponent)) > 1000) {
      throw new SluiceError("INPUT_INVALID", `\`${value}\` is not a decimal number.`, {
        next: "Write digits with at most one point, such as -12.50.",
      });
    }
    const digits = BigInt(`${sign === "-" ? "-" : ""}${whole}${fraction}`);
    const scale = fraction.length - Number(exponent);
    return scale < 0 ? new Decimal(digits * 10n ** BigInt(-scale), 0) : new Decimal(digits, scale);
  }

  /** Digits in all, at least the scale and at least 1, as Spark counts the precision of a literal. */
  get precision(): number {
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString().length;
    return Math.max(digits, this.scale);
  }

  /**
   * The same number with another scale; halves are rounded away from zero, as Spark does.
   *
   * @example
   * ```ts
   * Decimal.from("19.9").toScale(2).toString(); // "19.90"
   * ```
   */
  toScale(scale: number): Decimal {
    if (scale >= this.scale) return new Decimal(this.unscaled * 10n ** BigInt(scale - this.scale), scale);
    const divisor = 10n ** BigInt(this.scale - scale);
    const half = this.unscaled < 0n ? -divisor / 2n : divisor / 2n;
    return new Decimal((this.unscaled + half) / divisor, scale);
  }

  /**
   * Negative, zero or positive as this is less than, equal to or greater than `other`.
   *
   * @example
   * ```ts
   * Decimal.from("19.90").compareTo(Decimal.from("19.9")); // 0
   * ```
   */
  compareTo(other: Decimal): number {
    const scale = Math.max(this.scale, other.scale);
    const [left, right] = [this.toScale(scale).unscaled, other.toScale(scale).unscaled];
    return left < right ? -1 : left > right ? 1 : 0;
  }

  /**
   * Whether both are the same number, whatever their scales.
   *
   * @example
   * ```ts
   * Decimal.from("1.0").equals(Decimal.from("1")); // true
   * ```
   */
  equals(other: unknown): boolean {
    return other instanceof Decimal && this.compareTo(other) === 0;
  }

  /**
   * The nearest `number`.
   *
   * @example
   * ```ts
   * Decimal.from("19.90").toNumber(); // 19.9
   * ```
   */
  toNumber(): number {
    return Number(this.toString());
  }

  /**
   * Every digit, without exponent.
   *
   * @example
   * ```ts
   * Decimal.from("19.90").toString(); // "19.90"
   * ```
   */
  toString(): string {
    if (this.scale === 0) return this.unscaled.toString();
    const negative = this.unscaled < 0n;
    const digits = (negative ? -this.unscaled : this.unscaled).toString().padStart(this.scale + 1, "0");
    const point = digits.length - this.scale;
    return `${negative ? "-" : ""}${digits.slice(0, point)}.${digits.slice(point)}`;
  }

  /** The text of `toString`, so that no digit is lost. */
  toJSON(): string {
    return this.toString();
  }

  [Symbol.toPrimitive](hint: string): string | number {
    return hint === "number" ? this.toNumber() : this.toString();
  }

  [inspectAs](): string {
    return `Decimal(${this.toString()})`;
  }
}
