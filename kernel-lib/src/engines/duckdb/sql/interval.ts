// Interval literals: `INTERVAL 3 DAYS`, `INTERVAL '1-2' YEAR TO MONTH`.
import type { Expression } from "../../../generated/spark/connect/expressions_pb.ts";
import { SparkError, unsupported } from "../../../sql/errors.ts";
import { TYPED_LITERAL } from "./internal-calls.ts";
import { callOf, text } from "./make.ts";
import type { Node } from "./parser.ts";
import { kindOf } from "./parser.ts";

const MICROSECONDS: Readonly<Record<string, bigint>> = {
  week: 604_800_000_000n,
  day: 86_400_000_000n,
  hour: 3_600_000_000n,
  minute: 60_000_000n,
  second: 1_000_000n,
  millisecond: 1000n,
  microsecond: 1n,
};

const DAY_TIME = ["day", "hour", "minute", "second"];
const YEAR_MONTH = ["year", "month"];

/** A length in months or in microseconds, and the first and last field its text has. */
interface Interval {
  readonly size: bigint;
  readonly from: string;
  readonly to: string;
}

export function intervalOf(node: Node): Expression {
  const [kind, literal] = node["this"] ? kindOf(node["this"]) : ["", {} as Node];
  const negative = kind === "neg";
  const value = negative ? kindOf(literal["this"])[1]["value"] : literal["value"];
  if (typeof value !== "string")
    throw unsupported("An interval of a computed size", "Use make_dt_interval or make_ym_interval.");
  const unit = (node["unit"] ?? {}) as Node;
  const signed = negative ? `-${value}` : value.trim();
  if (unit["type"] === "span") return constant(span(signed, unitName(unit["this"]), unitName(unit["expression"])));
  if (unit["type"] === "simple") return constant(simple(signed, unitName(unit["unit"])));
  return constant(words(signed));
}

/** The protocol's literal has all fields of its kind: a call of our own keeps those that were written. */
function constant({ size, from, to }: Interval): Expression {
  return callOf(TYPED_LITERAL, [text(String(size)), text(`interval ${from === to ? from : `${from} to ${to}`}`)]);
}

function unitName(value: unknown): string {
  return String(value).toLowerCase().replace(/s$/, "");
}

function invalid(value: string): SparkError {
  return new SparkError("INVALID_INTERVAL_FORMAT.INPUT_IS_EMPTY", `Error parsing '${value}' to interval.`, {
    sqlState: "22006",
  });
}

/** Weeks are days, and the parts of a second are seconds. */
function fieldOf(unit: string): string {
  if (unit === "week") return "day";
  return unit === "millisecond" || unit === "microsecond" ? "second" : unit;
}

function simple(value: string, unit: string): Interval {
  const field = fieldOf(unit);
  if (YEAR_MONTH.includes(unit)) {
    if (!/^[+-]?\d+$/.test(value)) throw invalid(value);
    return { size: BigInt(value) * (unit === "year" ? 12n : 1n), from: field, to: field };
  }
  const unitSize = MICROSECONDS[unit];
  const match = /^([+-]?)(\d+)(?:\.(\d{1,9}))?$/.exec(value);
  if (!unitSize || !match) throw invalid(value);
  const [, sign, whole = "0", fraction = ""] = match;
  const micros = BigInt(whole) * unitSize + (BigInt(fraction.padEnd(9, "0")) * unitSize) / 1_000_000_000n;
  return { size: sign === "-" ? -micros : micros, from: field, to: field };
}

/** `'1 02:03:04.5' DAY TO SECOND` and `'1-2' YEAR TO MONTH`. */
function span(value: string, from: string, to: string): Interval {
  const sign = value.startsWith("-") ? -1n : 1n;
  const plain = value.replace(/^[+-]/, "");
  if (from === "year") {
    const match = /^(\d+)-(\d+)$/.exec(plain);
    if (!match) throw invalid(value);
    return { size: sign * (BigInt(match[1] ?? 0) * 12n + BigInt(match[2] ?? 0)), from, to };
  }
  const parts = plain.split(/[ :]/);
  const fields = DAY_TIME.slice(DAY_TIME.indexOf(from), DAY_TIME.indexOf(to) + 1);
  if (parts.length !== fields.length) throw invalid(value);
  const total = parts.reduce((sum, part, i) => {
    const [whole = "0", fraction = ""] = part.split(".");
    const size = MICROSECONDS[fields[i] as string] ?? 0n;
    return sum + BigInt(whole) * size + BigInt(fraction.padEnd(6, "0").slice(0, 6) || "0");
  }, 0n);
  return { size: sign * total, from, to };
}

/** `INTERVAL '1 day 2 hours'`. */
function words(value: string): Interval {
  const parts = [...value.matchAll(/([+-]?[\d.]+)\s+([a-z]+)/gi)].map(([, size = "", unit = ""]) =>
    simple(size, unitName(unit)),
  );
  if (parts.length === 0) throw invalid(value);
  const fields = [YEAR_MONTH, DAY_TIME].find((kind) => parts.every((part) => kind.includes(part.from)));
  if (!fields) throw unsupported("An interval of months and days", "Add two intervals.");
  const places = parts.map((part) => fields.indexOf(part.from));
  return {
    size: parts.reduce((sum, part) => sum + part.size, 0n),
    from: fields[Math.min(...places)] as string,
    to: fields[Math.max(...places)] as string,
  };
}
