// Windows of time, differences in calendar units, and names of days and months.
import { instantToLocal, localToInstant } from "../casts/time.ts";
import { SparkError } from "../../../sql/errors.ts";
import type { Expression } from "../resolved/expression.ts";
import type { EmitContext, FunctionDefinition } from "./definition.ts";
import { DATE, INT, LONG, STRING, TIMESTAMP, structOf } from "./kinds.ts";
import { checkCount, constantOf, rows, typeOf } from "./makers.ts";
import { bind, whenNone } from "./sql-text.ts";
import { packed } from "./struct.ts";
import { nonFoldable, unsupported } from "./type-errors.ts";

const SIZES: Readonly<Record<string, bigint>> = {
  microsecond: 1n,
  millisecond: 1000n,
  second: 1_000_000n,
  minute: 60_000_000n,
  hour: 3_600_000_000n,
  day: 86_400_000_000n,
  week: 604_800_000_000n,
};

/** Microseconds of a text such as `10 minutes` or `1 hour 30 seconds`. */
export function durationMicros(text: string): bigint {
  const parts = [
    ...text
      .trim()
      .toLowerCase()
      .replace(/^interval\s+/, "")
      .matchAll(/([+-]?\d+)\s*([a-z]+?)s?(?=\s|$)/g),
  ];
  const sizes = parts.map(([, count = "0", unit = ""]) => BigInt(count) * (SIZES[unit] ?? 0n));
  if (parts.length === 0 || parts.some(([, , unit = ""]) => !(unit in SIZES))) {
    throw unsupported(`The window duration ${text}`, "Use weeks, days, hours, minutes or seconds.");
  }
  return sizes.reduce((sum, size) => sum + size, 0n);
}

/** `window(time, duration)`: windows that do not overlap; sliding ones would make several rows of one. */
const window: FunctionDefinition = {
  name: "window",
  kind: "scalar",
  resolve(args, context) {
    checkCount("window", args.length, 2, 4);
    const [time, ...durations] = args as [Expression, ...Expression[]];
    const [size = 0n, slide = size, start = 0n] = durations.map((duration) => {
      const value = context.constant(duration);
      if (typeof value !== "string") throw nonFoldable("window", "duration", STRING);
      return durationMicros(value);
    });
    if (slide !== size)
      throw unsupported("A sliding window", "Use windows that do not overlap: leave the slide duration out.");
    const type = time.dataType.kind === "timestampNtz" ? time.dataType : TIMESTAMP;
    const all = [context.coerce(time, type), constantOf(size, LONG), constantOf(start, LONG)];
    return { args: all, dataType: structOf(["start", type], ["end", type]), nullable: time.nullable };
  },
  emit([time = "", size = "", start = ""], call, context) {
    const make = typeOf(call.args, 0).kind === "timestampNtz" ? "make_timestamp" : "make_timestamptz";
    return bind(context, [`epoch_us(${time})`], (us) => {
      const from = `(${us} - ((${us} - ${start}) % ${size} + ${size}) % ${size})`;
      return whenNone([us], packed([`${make}(${from})`, `${make}(${from} + ${size})`]));
    });
  },
  display: () => "window",
};

const monthsOf: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

/** The unit of a call; `dayofyear` is a day, and only for adding. */
function unitOf(arg: Expression | undefined, functionName: string): string {
  const unit = arg?.kind === "literal" ? String(arg.value).toLowerCase() : "";
  if (unit in SIZES || unit in monthsOf) return unit;
  if (unit === "dayofyear" && functionName === "timestampadd") return "day";
  throw new SparkError(
    "INVALID_PARAMETER_VALUE.DATETIME_UNIT",
    `The value of parameter(s) \`unit\` in \`${functionName}\` is invalid: expects one of the units without quotes YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFYEAR, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND, but got the string literal '${unit}'.`,
    {
      sqlState: "22023",
      messageParameters: { functionName: `\`${functionName}\``, parameter: "`unit`", invalidValue: `'${unit}'` },
    },
  );
}

/** Whole units between two local times, cut towards zero. */
function difference(unit: string, start: string, end: string, context: EmitContext): string {
  const [a, b] = [instantToLocal(start, context), instantToLocal(end, context)];
  const months = monthsOf[unit];
  if (months !== undefined)
    return bind(context, [a, b], (from, to) => `CAST(${monthsBetween(from, to)} // ${months} AS BIGINT)`);
  return `((epoch_us(${b}) - epoch_us(${a})) // ${SIZES[unit] ?? 1n})`;
}

/**
 * Whole months as Java's `ChronoUnit.MONTHS.between`: a month is whole when the day of the month is reached, also where
 * the month of the start has more days than that of the end.
 */
function monthsBetween(from: string, to: string): string {
  const day = (time: string) => `CAST(${time} AS DATE)`;
  const clock = (time: string) => `CAST(${time} AS TIME)`;
  const counted = (date: string) => `((year(${date}) * 12 + month(${date})) * 32 + day(${date}))`;
  // A day that has not passed to its time of day does not count.
  const short = `CASE WHEN ${day(to)} > ${day(from)} AND ${clock(to)} < ${clock(from)} THEN -1 WHEN ${day(to)} < ${day(from)} AND ${clock(to)} > ${clock(from)} THEN 1 ELSE 0 END`;
  return `((${counted(`(${day(to)} + ${short})`)} - ${counted(day(from))}) // 32)`;
}

function added(unit: string, count: string, time: string, context: EmitContext): string {
  const months = monthsOf[unit];
  const local = instantToLocal(time, context);
  if (months !== undefined)
    return localToInstant(`(${local} + to_months(CAST(${count} * ${months} AS INTEGER)))`, context);
  if (unit === "day" || unit === "week")
    return localToInstant(`(${local} + to_days(CAST(${count} * ${unit === "week" ? 7 : 1} AS INTEGER)))`, context);
  return `make_timestamptz(epoch_us(${time}) + CAST(${count} AS BIGINT) * ${SIZES[unit] ?? 1n})`;
}

export const timeWindowFunctions: FunctionDefinition[] = [
  window,
  ...rows(
    {
      names: "timestampdiff timestamp_diff",
      parameters: [STRING, TIMESTAMP, TIMESTAMP],
      result: LONG,
      sql: ([, start = "", end = ""], context, call) =>
        bind(context, [start, end], (a, b) => difference(unitOf(call.args[0], "timestampdiff"), a, b, context)),
    },
    {
      names: "timestampadd timestamp_add",
      parameters: [STRING, INT, TIMESTAMP],
      result: TIMESTAMP,
      sql: ([, count = "", time = ""], context, call) =>
        bind(context, [count, time], (n, t) => added(unitOf(call.args[0], "timestampadd"), n, t, context)),
    },
    { names: "dayname", parameters: [DATE], result: STRING, sql: "strftime($1, '%a')" },
    { names: "monthname", parameters: [DATE], result: STRING, sql: "strftime($1, '%b')" },
  ),
];
