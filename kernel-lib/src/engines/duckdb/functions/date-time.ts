// Fields of dates and times, and arithmetic with them.
import { instantToLocal, localTime, localToInstant } from "../casts/time.ts";
import type { Expression } from "../resolved/expression.ts";
import type { EmitContext, FunctionDefinition } from "./definition.ts";
import {
  BOOLEAN,
  DATE,
  DOUBLE,
  INT,
  LONG,
  STRING,
  TIMESTAMP,
  TIMESTAMP_NTZ,
  decimal,
  isDayOrTime,
  isIntegral,
} from "./kinds.ts";
import { NUMBER, constantOf, rows, typeOf } from "./makers.ts";
import type { Emit, Parameter, Row } from "./makers.ts";
import { bind, whenNone } from "./sql-text.ts";
import { SparkError } from "../../../sql/errors.ts";
import { sqlName } from "../../../sql/types/index.ts";
import { unsupported } from "./type-errors.ts";

/** A time of day is needed: dates and texts become instants, local timestamps stay. */
const TIME: Parameter = (type) => (type.kind === "timestampNtz" ? TIMESTAMP_NTZ : TIMESTAMP);
/** Only the day matters. */
const DAY: Parameter = (type) => (type.kind === "timestamp" || type.kind === "timestampNtz" ? type : DATE);

const field = (names: string, sql: string, parameter: Parameter): FunctionDefinition[] =>
  rows({
    names,
    parameters: [parameter],
    result: INT,
    sql: ([x = ""], context, call) =>
      `CAST(${sql.replace("$", () => localTime(x, typeOf(call.args, 0), context))} AS INTEGER)`,
  });

const FIELDS: Readonly<Record<string, string>> = {
  year: "year($)",
  quarter: "quarter($)",
  month: "month($)",
  day: "day($)",
  dayofyear: "dayofyear($)",
  dayofweek: "dayofweek($) + 1",
  weekday: "(dayofweek($) + 6) % 7",
  weekofyear: "weekofyear($)",
  hour: "hour($)",
  minute: "minute($)",
  second: "second($)",
};

const EXTRACT: Readonly<Record<string, string>> = {
  year: "year",
  y: "year",
  years: "year",
  yr: "year",
  yrs: "year",
  quarter: "quarter",
  qtr: "quarter",
  month: "month",
  mon: "month",
  mons: "month",
  months: "month",
  week: "weekofyear",
  w: "weekofyear",
  weeks: "weekofyear",
  day: "day",
  d: "day",
  days: "day",
  dayofweek: "dayofweek",
  dow: "dayofweek",
  dayofweek_iso: "isodow",
  dow_iso: "isodow",
  doy: "dayofyear",
  hour: "hour",
  h: "hour",
  hours: "hour",
  hr: "hour",
  hrs: "hour",
  minute: "minute",
  m: "minute",
  min: "minute",
  mins: "minute",
  minutes: "minute",
  second: "second",
  s: "second",
  sec: "second",
  seconds: "second",
  secs: "second",
  yearofweek: "isoyear",
};

const extractUnit = (arg: Expression | undefined, time: Expression | undefined): string => {
  if (arg?.kind !== "literal")
    throw unsupported("extract of a field that is not constant", "Write the field as a word or a literal.");
  const unit = EXTRACT[String(arg.value).toLowerCase()];
  if (!unit) {
    const source = `"${time ? sqlName(time.dataType) : ""}"`;
    throw new SparkError("INVALID_EXTRACT_FIELD", `Cannot extract \`${arg.value}\` from ${source}.`, {
      sqlState: "42601",
      messageParameters: { field: `\`${arg.value}\``, expr: source },
    });
  }
  return unit;
};

const extract = (names: string): FunctionDefinition[] =>
  rows({
    names,
    parameters: [STRING, (type) => (isDayOrTime(type) ? type : TIMESTAMP)],
    result: (args) => (extractUnit(args[0], args[1]) === "second" ? decimal(8, 6) : INT),
    sql([, time = ""], context, call) {
      const unit = extractUnit(call.args[0], call.args[1]);
      const local = localTime(time, typeOf(call.args, 1), context);
      if (unit === "second")
        return `CAST(CAST(date_part('microseconds', ${local}) AS DECIMAL(18,0)) / 1000000 AS DECIMAL(8,6))`;
      if (unit === "isodow" || unit === "isoyear") return `CAST(${unit}(${local}) AS INTEGER)`;
      return `CAST(${(FIELDS[unit] ?? "").replace("$", () => local)} AS INTEGER)`;
    },
    display: ([unit, time]) => (names === "extract" ? `extract(${unit} FROM ${time})` : `${names}(${unit}, ${time})`),
  });

const TRUNC_UNITS: Readonly<Record<string, string>> = {
  year: "year",
  yyyy: "year",
  yy: "year",
  quarter: "quarter",
  month: "month",
  mon: "month",
  mm: "month",
  week: "week",
};
const TIME_UNITS: Readonly<Record<string, string>> = {
  ...TRUNC_UNITS,
  day: "day",
  dd: "day",
  hour: "hour",
  minute: "minute",
  second: "second",
  millisecond: "milliseconds",
  microsecond: "microseconds",
};

/** A unit that is no constant, or that Spark does not know, gives null. */
function unitOf(arg: Expression | undefined, units: Readonly<Record<string, string>>): string | undefined {
  if (arg?.kind !== "literal")
    throw unsupported("Truncation to a unit that is not constant", "Write the unit as a literal.");
  return units[String(arg.value).toLowerCase()];
}

const truncDate: Emit = ([day], _context, call) => {
  const unit = unitOf(call.args[1], TRUNC_UNITS);
  return unit ? `CAST(date_trunc('${unit}', ${day}) AS DATE)` : "CAST(NULL AS DATE)";
};

const truncTime: Emit = ([, time = ""], context, call) => {
  const unit = unitOf(call.args[0], TIME_UNITS);
  if (!unit) return "CAST(NULL AS TIMESTAMPTZ)";
  // Shorter units than a day are cut without leaving the hour that is there twice a year.
  const parts: Readonly<Record<string, number>> = { second: 1_000_000, milliseconds: 1000, microseconds: 1 };
  const size = parts[unit];
  if (size !== undefined)
    return bind(
      context,
      [time],
      (t) => `make_timestamptz(epoch_us(${t}) - (epoch_us(${t}) % ${size} + ${size}) % ${size})`,
    );
  return bind(context, [time], (t) => {
    const local = instantToLocal(t, context);
    if (unit === "hour" || unit === "minute")
      return `make_timestamptz(epoch_us(${t}) - (epoch_us(${local}) - epoch_us(date_trunc('${unit}', ${local}))))`;
    return localToInstant(`CAST(date_trunc('${unit}', ${local}) AS TIMESTAMP)`, context);
  });
};

const WEEKDAYS =
  "CASE lower(substr($2, 1, 3)) WHEN 'su' THEN 0 WHEN 'sun' THEN 0 WHEN 'mo' THEN 1 WHEN 'mon' THEN 1 WHEN 'tu' THEN 2 WHEN 'tue' THEN 2 WHEN 'we' THEN 3 WHEN 'wed' THEN 3 WHEN 'th' THEN 4 WHEN 'thu' THEN 4 WHEN 'fr' THEN 5 WHEN 'fri' THEN 5 WHEN 'sa' THEN 6 WHEN 'sat' THEN 6 END";

const monthsBetween: Emit = ([end = "", start = "", roundOff = "true"], context) =>
  bind(context, [end, start], (endInstant, startInstant) => {
    const [a, b] = [instantToLocal(endInstant, context), instantToLocal(startInstant, context)];
    const months = `((year(${a}) - year(${b})) * 12 + month(${a}) - month(${b}))`;
    const isLast = (x: string) => `day(${x}) = day(last_day(CAST(${x} AS DATE)))`;
    // The time that has passed since midnight, which is not the time of day where clocks change.
    const seconds = (instant: string, local: string) =>
      `(epoch_us(${instant}) - epoch_us(${localToInstant(`CAST(date_trunc('day', ${local}) AS TIMESTAMP)`, context)})) // 1000000`;
    const rest = `((day(${a}) - day(${b})) * 86400 + ${seconds(endInstant, a)} - ${seconds(startInstant, b)}) / CAST(2678400 AS DOUBLE)`;
    const exact = `CASE WHEN day(${a}) = day(${b}) OR (${isLast(a)} AND ${isLast(b)}) THEN CAST(${months} AS DOUBLE) ELSE ${months} + ${rest} END`;
    return whenNone([endInstant, startInstant], `CASE WHEN ${roundOff} THEN round(${exact}, 8) ELSE ${exact} END`);
  });

/** A date from its fields; the fields must make one. */
const makeDate: Emit = (args, context) =>
  bind(context, args, (y, m, d) => {
    const made = `TRY_CAST(lpad(CAST(${y} AS VARCHAR), 4, '0') || '-' || CAST(${m} AS VARCHAR) || '-' || CAST(${d} AS VARCHAR) AS DATE)`;
    if (!context.ansi) return whenNone([y, m, d], made);
    return whenNone([y, m, d], `coalesce(${made}, ${outOfBounds(context, `'Invalid date or time fields.'`)})`);
  });

const outOfBounds = (context: EmitContext, what: string): string =>
  context.raise(
    "DATETIME_FIELD_OUT_OF_BOUNDS",
    "22023",
    `${what} || ' If necessary set "spark.sql.ansi.enabled" to "false" to bypass this error.'`,
  );

const makeTimestamp: Emit = (args, context) =>
  bind(context, args, (y, mo, d, h, mi, s) => {
    const two = (x: string) => `lpad(CAST(${x} AS VARCHAR), 2, '0')`;
    const made = `CASE WHEN ${h} BETWEEN 0 AND 23 AND (${s} < 60 OR ${s} = 60) THEN TRY_CAST(lpad(CAST(${y} AS VARCHAR), 4, '0') || '-' || ${two(mo)} || '-' || ${two(d)} || ' ' || ${two(h)} || ':' || ${two(mi)} || ':' || lpad(CAST(CASE WHEN ${s} = 60 THEN 0 ELSE ${s} END AS VARCHAR), 9, '0') AS TIMESTAMP) + CASE WHEN ${s} = 60 THEN INTERVAL 1 MINUTE ELSE INTERVAL 0 MINUTE END END`;
    const instant = localToInstant(made, context);
    const checked = context.ansi
      ? `coalesce(${instant}, ${outOfBounds(context, `'Invalid date or time fields.'`)})`
      : instant;
    return whenNone([y, mo, d, h, mi, s], checked);
  });

const today = "CAST(CAST(now() AS TIMESTAMP) AS DATE)";

/** Wall-clock time of one zone as if it were another's. */
const shiftZone =
  (toUtc: boolean): Emit =>
  ([time = "", zone = ""], context) => {
    const moved = toUtc
      ? `timezone('UTC', timezone(${zone}, ${instantToLocal(time, context)}))`
      : `timezone(${zone}, timezone('UTC', ${instantToLocal(time, context)}))`;
    return localToInstant(moved, context);
  };

/** A number of days; a text is read as one. */
const DAYS: Parameter = (type) =>
  isIntegral(type) || type.kind === "string" || type.kind === "null" ? INT : undefined;

const table: Row[] = [
  { names: "last_day", parameters: [DATE], result: DATE, sql: "last_day($1)" },
  {
    names: "next_day",
    parameters: [DATE, STRING],
    result: DATE,
    nullable: true,
    sql: (args, context) =>
      bind(context, args, (day, name) => {
        const wanted = `(${WEEKDAYS.replace("$2", () => name)})`;
        const next = `CAST(${day} + CAST((${wanted} - dayofweek(${day}) + 6) % 7 + 1 AS INTEGER) AS DATE)`;
        if (!context.ansi) return next;
        const bad = context.raise(
          "ILLEGAL_DAY_OF_WEEK",
          "22009",
          `'Illegal input for day of week: ' || ${name} || '.'`,
        );
        return whenNone([day, name], `CASE WHEN ${wanted} IS NULL THEN ${bad} ELSE ${next} END`);
      }),
  },
  {
    names: "date_add dateadd",
    parameters: [DATE, DAYS],
    result: DATE,
    sql: "CAST($1 + $2 AS DATE)",
  },
  {
    names: "date_sub",
    parameters: [DATE, DAYS],
    result: DATE,
    sql: "CAST($1 - $2 AS DATE)",
  },
  { names: "datediff date_diff", parameters: [DATE, DATE], result: INT, sql: "CAST($1 - $2 AS INTEGER)" },
  { names: "add_months", parameters: [DATE, INT], result: DATE, sql: "CAST($1 + to_months($2) AS DATE)" },
  {
    names: "months_between",
    parameters: [TIMESTAMP, TIMESTAMP, BOOLEAN],
    optional: 1,
    defaults: [constantOf(true, BOOLEAN)],
    result: DOUBLE,
    sql: monthsBetween,
    display: (args) => `months_between(${[...args, "true"].slice(0, 3).join(", ")})`,
  },
  { names: "trunc", parameters: [DATE, STRING], result: DATE, nullable: true, sql: truncDate },
  { names: "date_trunc", parameters: [STRING, TIMESTAMP], result: TIMESTAMP, nullable: true, sql: truncTime },
  {
    names: "make_date",
    parameters: [INT, INT, INT],
    result: DATE,
    nullable: (args, { ansi }) => !ansi || args.some((arg) => arg.nullable),
    sql: makeDate,
  },
  {
    names: "make_timestamp",
    parameters: [INT, INT, INT, INT, INT, decimal(16, 6)],
    result: TIMESTAMP,
    nullable: (args, { ansi }) => !ansi || args.some((arg) => arg.nullable),
    sql: makeTimestamp,
  },
  {
    names: "current_date curdate",
    parameters: [],
    result: DATE,
    nullable: false,
    sql: () => today,
    display: () => "current_date()",
  },
  { names: "current_timestamp now", parameters: [], result: TIMESTAMP, nullable: false, sql: () => "now()" },
  {
    names: "localtimestamp",
    parameters: [],
    result: TIMESTAMP_NTZ,
    nullable: false,
    sql: () => "CAST(now() AS TIMESTAMP)",
  },
  {
    names: "current_timezone",
    parameters: [],
    result: STRING,
    nullable: false,
    sql: (_args, context) => `'${context.timeZone}'`,
  },
  {
    names: "timestamp_seconds",
    parameters: [NUMBER],
    result: TIMESTAMP,
    sql: ([x = ""], context, call) => context.castSql(x, typeOf(call.args, 0), TIMESTAMP, "legacy"),
  },
  { names: "timestamp_millis", parameters: [LONG], result: TIMESTAMP, sql: "make_timestamptz($1 * 1000)" },
  { names: "timestamp_micros", parameters: [LONG], result: TIMESTAMP, sql: "make_timestamptz($1)" },
  {
    names: "unix_seconds",
    parameters: [TIMESTAMP],
    result: LONG,
    sql: "((epoch_us($1) - (epoch_us($1) % 1000000 + 1000000) % 1000000) // 1000000)",
  },
  {
    names: "unix_millis",
    parameters: [TIMESTAMP],
    result: LONG,
    sql: "((epoch_us($1) - (epoch_us($1) % 1000 + 1000) % 1000) // 1000)",
  },
  { names: "unix_micros", parameters: [TIMESTAMP], result: LONG, sql: "epoch_us($1)" },
  { names: "unix_date", parameters: [DATE], result: INT, sql: "CAST($1 - DATE '1970-01-01' AS INTEGER)" },
  { names: "date_from_unix_date", parameters: [INT], result: DATE, sql: "CAST(DATE '1970-01-01' + $1 AS DATE)" },
  { names: "from_utc_timestamp", parameters: [TIMESTAMP, STRING], result: TIMESTAMP, sql: shiftZone(false) },
  { names: "to_utc_timestamp", parameters: [TIMESTAMP, STRING], result: TIMESTAMP, sql: shiftZone(true) },
];

/** A constant text that is no whole number is refused at once, where it would be null otherwise. */
function withWholeDays(definition: FunctionDefinition): FunctionDefinition {
  if (!/^date_?(add|sub)$/.test(definition.name)) return definition;
  return {
    ...definition,
    resolve(args, context) {
      const days = args[1] && context.constant(args[1]);
      if (typeof days === "string" && !context.ansi && !/^\s*[+-]?\d+\s*$/.test(days)) {
        throw new SparkError(
          "SECOND_FUNCTION_ARGUMENT_NOT_INTEGER",
          `The second argument of \`${definition.name}\` function needs to be an integer.`,
          { sqlState: "22023" },
        );
      }
      return definition.resolve(args, context);
    },
  };
}

export const dateTimeFunctions: FunctionDefinition[] = [
  ...Object.entries(FIELDS).flatMap(([name, sql]) =>
    field(name === "day" ? "day dayofmonth" : name, sql, ["hour", "minute", "second"].includes(name) ? TIME : DAY),
  ),
  ...extract("extract"),
  ...extract("date_part"),
  ...extract("datepart"),
  ...rows(...table).map(withWholeDays),
];
