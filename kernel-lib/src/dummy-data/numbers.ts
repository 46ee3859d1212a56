import { SluiceError } from "../errors.ts";
import { drawn } from "./column.ts";
import type { Column } from "./column.ts";

/**
 * A whole number from `min` to `max`, both included and within ±2⁵³.
 *
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: integer({ min: 1, max: 6 }) } }).rows();
 * ```
 */
export function integer({ min, max }: { min: number; max: number }): Column {
  const count = span(min, max);
  const fits = min >= -2147483648 && max <= 2147483647;
  return drawn(17, (sink, draw) => sink.integer(min + draw.below(count)), fits ? "INT" : "BIGINT");
}

/**
 * A decimal number from `min` to `max`, both included, with exactly `scale` digits after the point.
 *
 * @param range - `max` times 10^scale must stay below 2⁵³
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: decimal({ min: 0, max: 100, scale: 2 }) } }).rows();
 * ```
 */
export function decimal({ min, max, scale }: { min: number; max: number; scale: number }): Column {
  const unit = 10 ** scale;
  const low = Math.round(min * unit);
  const high = Math.round(max * unit);
  const count = span(low, high);
  const whole = Math.max(String(Math.trunc(Math.max(Math.abs(min), Math.abs(max)))).length, 1);
  return drawn(
    19,
    (sink, draw) => {
      let value = low + draw.below(count);
      if (value < 0) {
        sink.byte(45);
        value = -value;
      }
      const integral = Math.floor(value / unit);
      sink.integer(integral);
      if (scale === 0) return;
      sink.byte(46);
      sink.digits(value - integral * unit, scale);
    },
    `DECIMAL(${whole + scale},${scale})`,
  );
}

function span(min: number, max: number): number {
  const count = max - min + 1;
  if (Number.isSafeInteger(min) && Number.isSafeInteger(max) && count >= 1 && Number.isSafeInteger(count)) return count;
  throw new SluiceError("USAGE", `A range needs whole bounds with min ≤ max within ±2⁵³, not ${min} to ${max}.`);
}
