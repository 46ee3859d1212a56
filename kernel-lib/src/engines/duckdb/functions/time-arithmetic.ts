// + and - on dates, timestamps and intervals.
import type { DataType } from "../../../sql/types/data-type.ts";
import type { AggregateCall, Call, Expression } from "../resolved/expression.ts";
import type { EmitContext, Resolution, ResolveContext } from "./definition.ts";
import { DATE, DAY_TIME, DOUBLE, INT, TIMESTAMP, isDayOrTime, isIntegral, isInterval, isNumeric } from "./kinds.ts";
import { anyNullable, typeOf } from "./makers.ts";
import { commonType } from "./coercion.ts";
import { instantToLocal, isFixedZone, localToInstant } from "../casts/time.ts";
import { bind } from "./sql-text.ts";
import { intervalMicros } from "../casts/interval.ts";

/** What an operator means when a day, a time or an interval takes part; undefined when none does. */
export function resolveTime(
  operator: string,
  [left, right]: readonly [Expression, Expression],
  context: ResolveContext,
): Resolution | undefined {
  const [a, b] = [left.dataType, right.dataType];
  if (![a, b].some((type) => isDayOrTime(type) || isInterval(type))) return undefined;
  const done = (args: readonly Expression[], dataType: DataType): Resolution => ({
    args,
    dataType,
    nullable: anyNullable(args),
  });
  if (operator === "+" && isInterval(a) && isDayOrTime(b)) return resolveTime(operator, [right, left], context);
  if (operator === "+" && isIntegral(a) && b.kind === "date") return resolveTime(operator, [right, left], context);
  if (operator !== "+" && operator !== "-") return scaledInterval(operator, left, right, context, done);
  if (a.kind === "date" && isIntegral(b)) return done([left, context.coerce(right, INT)], DATE);
  if (isDayOrTime(a) && isInterval(b)) return done([left, right], shifted(a, b));
  if (operator === "-" && a.kind === "date" && b.kind === "date")
    return done([left, right], { kind: "dayTimeInterval", startField: 0, endField: 0 });
  if (operator === "-" && isDayOrTime(a) && isDayOrTime(b)) {
    const type = commonType(a, b, context.ansi) ?? a;
    return done([context.coerce(left, type), context.coerce(right, type)], DAY_TIME);
  }
  if (isInterval(a) && isInterval(b)) {
    const type = commonType(a, b, context.ansi);
    return type && done([left, right], type);
  }
  return undefined;
}

function scaledInterval(
  operator: string,
  left: Expression,
  right: Expression,
  context: ResolveContext,
  done: (args: readonly Expression[], dataType: DataType) => Resolution,
): Resolution | undefined {
  const [a, b] = [left.dataType, right.dataType];
  if (operator === "*" && isNumeric(a) && isInterval(b)) return scaledInterval(operator, right, left, context, done);
  if (!isInterval(a) || !isNumeric(b) || operator === "%") return undefined;
  const whole =
    a.kind === "dayTimeInterval" ? DAY_TIME : ({ kind: "yearMonthInterval", startField: 0, endField: 1 } as const);
  return done([left, context.coerce(right, DOUBLE)], whole);
}

function shifted(time: DataType, interval: DataType): DataType {
  if (time.kind !== "date" || interval.kind === "yearMonthInterval") return time;
  return interval.kind === "dayTimeInterval" && interval.endField === 0 ? DATE : TIMESTAMP;
}

/** Spark's name of a day or time moved by an interval; undefined for another operation. */
export function displayTime(
  operator: string,
  [time, interval]: readonly string[],
  args: readonly Expression[],
): string | undefined {
  const [a, b] = args.map((arg) => arg.dataType);
  if (!a || !b || !isDayOrTime(a) || !isInterval(b)) return undefined;
  if (a.kind !== "date" || b.kind !== "dayTimeInterval" || b.endField !== 0) return `${time} ${operator} ${interval}`;
  const days = `extractansiintervaldays(${interval})`;
  return `date_add(${time}, ${operator === "-" ? `(- ${days})` : days})`;
}

export function emitTime(
  operator: string,
  args: readonly string[],
  call: Call | AggregateCall,
  context: EmitContext,
): string {
  const [left = "", right = ""] = args;
  const [a, b] = [typeOf(call.args, 0), typeOf(call.args, 1)];
  if (isIntegral(b)) return `CAST(${left} ${operator} ${right} AS DATE)`;
  if (isInterval(a) && isInterval(b)) return `(${left} ${operator} ${right})`;
  if (isInterval(a)) return scaled(operator, left, right, a);
  if (isDayOrTime(a) && isDayOrTime(b))
    return a.kind === "date"
      ? `to_days(CAST(${left} - ${right} AS INTEGER))`
      : `to_microseconds(epoch_us(${left}) - epoch_us(${right}))`;
  if (call.dataType.kind === "date") return `CAST(${left} ${operator} ${right} AS DATE)`;
  if (a.kind === "date") {
    const start = localToInstant(`CAST(${left} AS TIMESTAMP)`, context);
    return withDays(start, operator, intervalMicros(right), context);
  }
  if (a.kind === "timestampNtz") return `(${left} ${operator} ${right})`;
  // Months move the local date; days and shorter are lengths of time.
  if (b.kind === "yearMonthInterval")
    return localToInstant(`(${instantToLocal(left, context)} ${operator} ${right})`, context);
  return withDays(left, operator, intervalMicros(right), context);
}

/** Whole days move the local date, what is left of the interval is a length of time. */
export function withDays(instant: string, operator: string, micros: string, context: EmitContext): string {
  if (isFixedZone(context.timeZone)) return `make_timestamptz(epoch_us(${instant}) ${operator} ${micros})`;
  return bind(context, [instant, micros], (start, length) => {
    const days = `to_days(CAST(${length} // 86400000000 AS INTEGER))`;
    const moved = localToInstant(`(${instantToLocal(start, context)} ${operator} ${days})`, context);
    return `make_timestamptz(epoch_us(${moved}) ${operator} (${length} % 86400000000))`;
  });
}

function scaled(operator: string, left: string, right: string, type: DataType): string {
  if (type.kind === "dayTimeInterval")
    return `to_microseconds(CAST(round(${intervalMicros(left)} ${operator} ${right}) AS BIGINT))`;
  return `to_months(CAST(round((datepart('year', ${left}) * 12 + datepart('month', ${left})) ${operator} ${right}) AS INTEGER))`;
}
