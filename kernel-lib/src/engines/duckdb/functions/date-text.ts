// Dates and timestamps from text and to text.
import { instantToLocal } from "../casts/time.ts";
import type { DataType } from "../../../sql/types/data-type.ts";
import type { Expression } from "../resolved/expression.ts";
import { formatSql } from "./date-format.ts";
import { parseSql } from "./date-parse.ts";
import { parsePattern } from "./date-pattern.ts";
import type { EmitContext, FunctionDefinition, ResolveContext } from "./definition.ts";
import { DATE, LONG, STRING, TIMESTAMP, TIMESTAMP_NTZ } from "./kinds.ts";
import { checkCount, constantOf, named } from "./makers.ts";
import { bind } from "./sql-text.ts";
import { unexpectedInput, unsupported } from "./type-errors.ts";

const DEFAULT_PATTERN = "yyyy-MM-dd HH:mm:ss";

/** The pattern argument, which must be constant; undefined for a null. */
function constantPattern(name: string, argument: Expression, context: ResolveContext): Expression {
  const value = context.constant(argument);
  if (value === null) return constantOf(null, STRING);
  if (typeof value !== "string")
    throw unsupported(`${name} with a pattern that is not constant`, "Write the pattern as a literal.");
  parsePattern(value);
  return constantOf(value, STRING);
}

const patternOf = (argument: Expression | undefined): string | undefined =>
  argument?.kind === "literal" && typeof argument.value === "string" ? argument.value : undefined;

const dateFormat: FunctionDefinition = {
  name: "date_format",
  kind: "scalar",
  resolve(args, context) {
    checkCount("date_format", args.length, 2, 2);
    const [time, pattern] = args as [Expression, Expression];
    const instant = context.coerce(time, TIMESTAMP);
    return {
      args: [instant, constantPattern("date_format", pattern, context)],
      dataType: STRING,
      nullable: instant.nullable,
    };
  },
  emit([time = ""], call, context) {
    const pattern = patternOf(call.args[1]);
    if (pattern === undefined) return "CAST(NULL AS VARCHAR)";
    return bind(context, [time], (x) => formatSql(x, pattern, context));
  },
};

/** The value a text has by a pattern, or by the rules of a cast when there is none. */
function parsed(name: string, to: DataType, tries = false): Omit<FunctionDefinition, "name"> {
  return {
    kind: "scalar",
    resolve(args, context) {
      checkCount(name, args.length, 1, 2);
      const [text, pattern] = args as [Expression, Expression | undefined];
      const nullable = tries || !context.ansi || text.nullable;
      // Spark says that a text cast to a date or time may be null, also where it fails instead.
      const isText = text.dataType.kind === "string";
      if (pattern === undefined || !isText) return { args: [text], dataType: to, nullable: nullable || isText };
      return { args: [text, constantPattern(name, pattern, context)], dataType: to, nullable };
    },
    emit([text = ""], call, context) {
      const [argument, format] = call.args as [Expression, Expression | undefined];
      const mode = tries ? "try" : context.ansi ? "ansi" : "legacy";
      if (format === undefined) return context.castSql(text, argument.dataType, to, mode);
      const pattern = patternOf(format);
      if (pattern === undefined) return context.castSql("NULL", { kind: "null" }, to, mode);
      return bind(context, [text], (x) => {
        const value = fromPattern(x, pattern, to, context);
        return mode === "ansi"
          ? `CASE WHEN ${x} IS NULL THEN NULL ELSE coalesce(${value}, ${cannotParse(x, pattern, context)}) END`
          : value;
      });
    },
    display: (args) => `${name}(${args.join(", ")})`,
  };
}

function fromPattern(x: string, pattern: string, to: DataType, context: EmitContext): string {
  if (to.kind === "timestampNtz") return parseSql(x, pattern, false, context);
  const instant = parseSql(x, pattern, true, context);
  return to.kind === "date" ? `CAST(${instantToLocal(instant, context)} AS DATE)` : instant;
}

const cannotParse = (x: string, _pattern: string, context: EmitContext): string =>
  context.raise(
    "CANNOT_PARSE_TIMESTAMP",
    "22007",
    `'Text ''' || ${x} || ''' could not be parsed. Use \`try_to_timestamp\` to tolerate invalid input string and return NULL instead.'`,
  );

/** Seconds since 1970 of a time or a text. */
const unixTime = named("unix_timestamp to_unix_timestamp", (name) => ({
  kind: "scalar",
  resolve(args, context) {
    checkCount(name, args.length, name === "unix_timestamp" ? 0 : 1, 2);
    const [time, pattern] = args;
    if (!time) return { args: [], dataType: LONG, nullable: false };
    const nullable = !context.ansi || time.nullable;
    if (time.dataType.kind !== "string") {
      const kind = time.dataType.kind;
      if (kind !== "date" && kind !== "timestamp" && kind !== "timestampNtz" && kind !== "null")
        throw unexpectedInput(name, 0, `"STRING", "DATE" or "TIMESTAMP"`, time.dataType);
      return { args: [context.coerce(time, TIMESTAMP)], dataType: LONG, nullable };
    }
    return {
      args: [time, pattern ? constantPattern(name, pattern, context) : constantOf(DEFAULT_PATTERN, STRING)],
      dataType: LONG,
      nullable,
    };
  },
  emit([time = "now()"], call, context) {
    const pattern = patternOf(call.args[1]);
    if (call.args.length === 2 && pattern === undefined) return "CAST(NULL AS BIGINT)";
    const seconds = (instant: string) =>
      bind(context, [`epoch_us(${instant})`], (us) => `((${us} - (${us} % 1000000 + 1000000) % 1000000) // 1000000)`);
    // Spark cuts an instant towards zero, but takes the second in which a text's time is.
    if (pattern === undefined) return `(epoch_us(${time}) // 1000000)`;
    return bind(context, [time], (x) => {
      const value = seconds(parseSql(x, pattern, true, context));
      return context.ansi
        ? `CASE WHEN ${x} IS NULL THEN NULL ELSE coalesce(${value}, ${cannotParse(x, pattern, context)}) END`
        : value;
    });
  },
  display: (args) =>
    `${name}(${(args.length === 0 ? ["current_timestamp()", DEFAULT_PATTERN] : args.length === 1 ? [...args, DEFAULT_PATTERN] : args).join(", ")})`,
}));

const fromUnixTime: FunctionDefinition = {
  name: "from_unixtime",
  kind: "scalar",
  resolve(args, context) {
    checkCount("from_unixtime", args.length, 1, 2);
    const [seconds, pattern] = args as [Expression, Expression | undefined];
    const format = pattern ? constantPattern("from_unixtime", pattern, context) : constantOf(DEFAULT_PATTERN, STRING);
    return { args: [context.coerce(seconds, LONG), format], dataType: STRING, nullable: seconds.nullable };
  },
  emit([seconds = ""], call, context) {
    const pattern = patternOf(call.args[1]);
    if (pattern === undefined) return "CAST(NULL AS VARCHAR)";
    return bind(context, [`make_timestamptz(${seconds} * 1000000)`], (x) => formatSql(x, pattern, context));
  },
  display: (args) => `from_unixtime(${[...args, DEFAULT_PATTERN].slice(0, 2).join(", ")})`,
};

const parsing = (name: string, to: DataType, tries = false): FunctionDefinition => ({
  name,
  ...parsed(name, to, tries),
});

export const dateTextFunctions: FunctionDefinition[] = [
  dateFormat,
  parsing("to_date", DATE),
  parsing("to_timestamp", TIMESTAMP),
  parsing("to_timestamp_ltz", TIMESTAMP),
  parsing("to_timestamp_ntz", TIMESTAMP_NTZ),
  parsing("try_to_timestamp", TIMESTAMP, true),
  parsing("try_to_date", DATE, true),
  ...unixTime,
  fromUnixTime,
];
