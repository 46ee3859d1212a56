// `INTERVAL 3 DAYS`, `INTERVAL '1-2' YEAR TO MONTH`.
import type { Expression } from "../../../generated/spark/connect/expressions_pb.ts";
import { SparkError, unsupported } from "../../../sql/errors.ts";
import { literalOf } from "./make.ts";
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

const FIELDS = ["day", "hour", "minute", "second"];

export function intervalOf(node: Node): Expression {
  const [kind, literal] = node["this"] ? kindOf(node["this"]) : ["", {} as Node];
  const negative = kind === "neg";
  const value = negative ? kindOf(literal["this"])[1]["value"] : literal["value"];
  if (typeof value !== "string")
    throw unsupported("An interval of a computed size", "Use make_dt_interval or make_ym_interval.");
  const unit = (node["unit"] ?? {}) as Node;
  const signed = negative ? `-${value}` : value.trim();
  if (unit["type"] === "span") return span(signed, unitName(unit["this"]), unitName(unit["expression"]));
  if (unit["type"] === "simple") return simple(signed, unitName(unit["unit"]));
  return words(signed);
}

function unitName(value: unknown): string {
  return String(value).toLowerCase().replace(/s$/, "");
}

function invalid(value: string): SparkError {
  return new SparkError("INVALID_INTERVAL_FORMAT.INPUT_IS_EMPTY", `Error parsing '${value}' to interval.`, {
    sqlState: "22006",
  });
}

function simple(value: string, unit: string): Expression {
  if (unit === "year" || unit === "month") {
    if (!/^[+-]?\d+$/.test(value)) throw invalid(value);
    return literalOf({ case: "yearMonthInterval", value: Number(value) * (unit === "year" ? 12 : 1) });
  }
  const size = MICROSECONDS[unit];
  const match = /^([+-]?)(\d+)(?:\.(\d{1,9}))?$/.exec(value);
  if (!size || !match) throw invalid(value);
  const [, sign, whole = "0", fraction = ""] = match;
  const micros = BigInt(whole) * size + (BigInt(fraction.padEnd(9, "0")) * size) / 1_000_000_000n;
  return literalOf({ case: "dayTimeInterval", value: sign === "-" ? -micros : micros });
}

/** `'1 02:03:04.5' DAY TO SECOND` and `'1-2' YEAR TO MONTH`. */
function span(value: string, from: string, to: string): Expression {
  const sign = value.startsWith("-") ? -1n : 1n;
  const plain = value.replace(/^[+-]/, "");
  if (from === "year") {
    const match = /^(\d+)-(\d+)$/.exec(plain);
    if (!match) throw invalid(value);
    return literalOf({ case: "yearMonthInterval", value: Number(sign) * (Number(match[1]) * 12 + Number(match[2])) });
  }
  const parts = plain.split(/[ :]/);
  const fields = FIELDS.slice(FIELDS.indexOf(from), FIELDS.indexOf(to) + 1);
  if (parts.length !== fields.length) throw invalid(value);
  const total = parts.reduce((sum, part, i) => {
    const [whole = "0", fraction = ""] = part.split(".");
    const size = MICROSECONDS[fields[i] as string] ?? 0n;
    return sum + BigInt(whole) * size + BigInt(fraction.padEnd(6, "0").slice(0, 6) || "0");
  }, 0n);
  return literalOf({ case: "dayTimeInterval", value: sign * total });
}

/** `INTERVAL '1 day 2 hours'`. */
function words(value: string): Expression {
  const pairs = [...value.matchAll(/([+-]?[\d.]+)\s+([a-z]+)/gi)].map(([, size = "", unit = ""]) =>
    simple(size, unitName(unit)),
  );
  const sums = { months: 0, micros: 0n };
  for (const { exprType } of pairs) {
    if (exprType.case !== "literal") continue;
    const { literalType } = exprType.value;
    if (literalType.case === "yearMonthInterval") sums.months += literalType.value;
    else if (literalType.case === "dayTimeInterval") sums.micros += literalType.value;
  }
  if (pairs.length === 0) throw invalid(value);
  if (sums.months !== 0 && sums.micros !== 0n)
    throw unsupported("An interval of months and days", "Add two intervals.");
  return sums.months !== 0
    ? literalOf({ case: "yearMonthInterval", value: sums.months })
    : literalOf({ case: "dayTimeInterval", value: sums.micros });
}
