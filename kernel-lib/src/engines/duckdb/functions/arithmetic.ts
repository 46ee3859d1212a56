// + - * / % and their kin on numbers, with Spark's types, overflow and division by zero.
import type { DataType, DecimalType } from "../../../sql/types/data-type.ts";
import type { AggregateCall, Call, Expression } from "../resolved/expression.ts";
import { wrapped } from "../casts/number.ts";
import { commonType } from "./coercion.ts";
import { adjusted, decimalOfOperand, exactResult } from "./decimal-rules.ts";
import { decimalSql } from "./decimal-math.ts";
import type { EmitContext, FunctionDefinition, Resolution, ResolveContext } from "./definition.ts";
import { DOUBLE, LONG, isDayOrTime, isFloating, isIntegral, isInterval, isNumeric } from "./kinds.ts";
import { anyNullable, checkCount, typeOf } from "./makers.ts";
import { bind, tryCast } from "./sql-text.ts";
import { displayTime, emitTime, resolveTime } from "./time-arithmetic.ts";
import { differentTypes, wrongOperand } from "./type-errors.ts";

export type Operator = "+" | "-" | "*" | "/" | "%";
/** `session` throws or not as ANSI mode says; `try` gives null. */
type Mode = "session" | "try";

const isDecimalCase = (a: DataType, b: DataType): boolean =>
  (a.kind === "decimal" || b.kind === "decimal") && !isFloating(a) && !isFloating(b);

/** Strings and nulls as the numbers they are taken for. */
function asNumbers(left: Expression, right: Expression, context: ResolveContext): [Expression, Expression] {
  const one = (self: Expression, other: Expression): Expression => {
    if (self.dataType.kind === "null") {
      return context.coerce(self, isNumeric(other.dataType) || isInterval(other.dataType) ? other.dataType : DOUBLE);
    }
    if (self.dataType.kind !== "string") return self;
    const bigint = context.ansi && isIntegral(other.dataType);
    return context.coerce(self, bigint ? LONG : DOUBLE);
  };
  return [one(left, right), one(right, left)];
}

/** The operands as the numbers they are computed in, and the type of the result. */
export function resolveNumbers(
  name: string,
  operator: Operator,
  given: readonly [Expression, Expression],
  context: ResolveContext,
): Resolution {
  const [left, right] = asNumbers(given[0], given[1], context);
  if (!isNumeric(left.dataType) || !isNumeric(right.dataType)) {
    const [a, b] = [given[0].dataType, given[1].dataType];
    throw a.kind === b.kind ? wrongOperand(name, `("NUMERIC" or "INTERVAL")`, a) : differentTypes(name, a, b);
  }
  // Spark declares division nullable even where it throws on zero.
  const divides = operator === "/" || operator === "%";
  if (isDecimalCase(left.dataType, right.dataType)) {
    const [a, b] = [decimalOfOperand(left), decimalOfOperand(right)];
    const args = [context.coerce(left, a), context.coerce(right, b)];
    // Spark marks decimal arithmetic nullable unless it throws on overflow.
    return {
      args,
      dataType: adjusted(...exactResult(operator, a, b)),
      nullable: anyNullable(args) || divides || !context.ansi,
    };
  }
  const dataType = operator === "/" ? DOUBLE : (commonType(left.dataType, right.dataType, context.ansi) ?? DOUBLE);
  const args = [context.coerce(left, dataType), context.coerce(right, dataType)];
  return { args, dataType, nullable: anyNullable(args) || divides };
}

/** SQL of a division that looks at its divisor first; `divide` gets texts that may be repeated. */
export function guardedDivision(
  args: readonly string[],
  call: Call | AggregateCall,
  throws: boolean,
  context: EmitContext,
  divide: (left: string, right: string) => string,
): string {
  const [left = "", right = ""] = args;
  const divisor = call.args[1];
  if (divisor?.kind === "literal" && divisor.value !== null && Number(divisor.value) !== 0) return divide(left, right);
  return bind(context, [left, right], (a, b) => {
    const sentence =
      "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead. " +
      'If necessary set "spark.sql.ansi.enabled" to "false" to bypass this error.';
    const raised = context.raise("DIVIDE_BY_ZERO", "22012", `'${sentence}'`);
    const zero = throws ? `CASE WHEN ${a} IS NULL THEN NULL ELSE ${raised} END` : "NULL";
    return `CASE WHEN ${b} = 0 THEN ${zero} ELSE ${divide(a, b)} END`;
  });
}

function emitNumbers(
  operator: Operator,
  mode: Mode,
  args: readonly string[],
  call: Call | AggregateCall,
  context: EmitContext,
): string {
  const throws = context.ansi && mode === "session";
  const operation = (left: string, right: string): string => {
    const [a, b] = [typeOf(call.args, 0), typeOf(call.args, 1)];
    if (a.kind === "decimal" && b.kind === "decimal") {
      return decimalSql(
        operator,
        [left, right],
        [a, b],
        throws ? "throw" : "null",
        context,
        call.dataType as DecimalType,
      );
    }
    return isIntegral(call.dataType)
      ? integral(operator, left, right, call.dataType, throws, mode)
      : `(${left} ${operator} ${right})`;
  };
  if (operator === "/" || operator === "%") return guardedDivision(args, call, throws, context, operation);
  return operation(args[0] ?? "", args[1] ?? "");
}

function integral(
  operator: Operator,
  left: string,
  right: string,
  type: DataType,
  throws: boolean,
  mode: Mode,
): string {
  // DuckDB throws for the smallest number % -1, which is 0.
  if (operator === "%") return `CASE WHEN ${right} = -1 THEN ${left} - ${left} ELSE ${left} % ${right} END`;
  if (throws) return `(${left} ${operator} ${right})`;
  const wide = type.kind === "long" ? "HUGEINT" : "BIGINT";
  const exact = `(CAST(${left} AS ${wide}) ${operator} CAST(${right} AS ${wide}))`;
  return mode === "try" ? tryCast(exact, type) : wrapped(exact, type, wide);
}

function arithmetic(name: string, operator: Operator, mode: Mode = "session"): FunctionDefinition {
  const shown = mode === "session" ? operator : name;
  return {
    name,
    kind: "scalar",
    resolve(args, context) {
      if (args.length === 1 && mode === "session" && (operator === "-" || operator === "+"))
        return resolveSign(name, args, context);
      checkCount(name, args.length, 2, 2);
      const pair = args as [Expression, Expression];
      const time = resolveTime(operator, pair, context);
      if (time) return time;
      const resolved = resolveNumbers(name, operator, pair, context);
      return mode === "try" ? { ...resolved, nullable: true } : resolved;
    },
    emit(args, call, context) {
      if (args.length === 1) return operator === "-" ? negated(args[0] ?? "", call.dataType, context) : (args[0] ?? "");
      const types = [typeOf(call.args, 0), typeOf(call.args, 1)];
      if (types.some((type) => isDayOrTime(type) || isInterval(type))) return emitTime(operator, args, call, context);
      return emitNumbers(operator, mode, args, call, context);
    },
    display(args, call) {
      if (mode === "try") return `${name}(${args.join(", ")})`;
      const moved = displayTime(shown, args, call.args);
      if (moved !== undefined) return moved;
      return args.length === 1 ? `(${shown} ${args[0]})` : `(${args[0]} ${shown} ${args[1]})`;
    },
  };
}

function resolveSign(name: string, args: readonly Expression[], context: ResolveContext): Resolution {
  const [arg] = args as [Expression];
  const value = arg.dataType.kind === "string" || arg.dataType.kind === "null" ? context.coerce(arg, DOUBLE) : arg;
  if (!isNumeric(value.dataType) && !isInterval(value.dataType))
    throw wrongOperand(name, `("NUMERIC" or "INTERVAL")`, value.dataType);
  return { args: [value], dataType: value.dataType, nullable: value.nullable };
}

/** SQL of a number with the other sign. */
export function negated(sql: string, type: DataType, context: EmitContext): string {
  if (isIntegral(type) && !context.ansi) return integral("-", "0", sql, type, false, "session");
  if (type.kind !== "byte" && type.kind !== "short")
    return isIntegral(type) ? `(${tryCast("0", type)} - ${sql})` : `(-${sql})`;
  // Spark names the overflow of the sign and of an operator differently.
  const overflow = context.raise(
    "ARITHMETIC_OVERFLOW",
    "22003",
    `'${type.kind} overflow. If necessary set "spark.sql.ansi.enabled" to "false" to bypass this error.'`,
  );
  return bind(context, [sql], (x) => `CASE WHEN ${x} = ${smallest(type)} THEN ${overflow} ELSE -${x} END`);
}

const smallest = (type: DataType): string => (type.kind === "byte" ? "-128" : "-32768");

/** `a div b`: the whole quotient of two whole numbers, a BIGINT. */
const div: FunctionDefinition = {
  name: "div",
  kind: "scalar",
  resolve(args, context) {
    checkCount("div", args.length, 2, 2);
    const pair = asNumbers(args[0] as Expression, args[1] as Expression, context);
    const isDecimal = pair.some((arg) => arg.dataType.kind === "decimal");
    if (pair.some((arg) => !isNumeric(arg.dataType))) throw differentTypes("div", typeOf(args, 0), typeOf(args, 1));
    const cast = pair.map((arg) => context.coerce(arg, isDecimal ? decimalOfOperand(arg) : LONG));
    return { args: cast, dataType: LONG, nullable: true };
  },
  emit: (args, call, context) =>
    guardedDivision(args, call, context.ansi, context, (left, right) => {
      if (typeOf(call.args, 0).kind !== "decimal")
        return context.ansi
          ? `(${left} // ${right})`
          : wrapped(`(CAST(${left} AS HUGEINT) // CAST(${right} AS HUGEINT))`, LONG, "HUGEINT");
      const [a, b] = [typeOf(call.args, 0) as DecimalType, typeOf(call.args, 1) as DecimalType];
      const exact = decimalSql("/", [left, right], [a, b], context.ansi ? "throw" : "null", context);
      return `CAST(trunc(${exact}) AS BIGINT)`;
    }),
  display: (args) => `(${args[0]} div ${args[1]})`,
};

export const arithmeticFunctions: FunctionDefinition[] = [
  arithmetic("+", "+"),
  arithmetic("-", "-"),
  arithmetic("*", "*"),
  arithmetic("/", "/"),
  arithmetic("%", "%"),
  { ...arithmetic("mod", "%"), display: (args) => `mod(${args.join(", ")})` },
  { ...arithmetic("negative", "-"), display: (args) => `negative(${args.join(", ")})` },
  { ...arithmetic("positive", "+"), display: (args) => `(+ ${args[0]})` },
  arithmetic("try_add", "+", "try"),
  arithmetic("try_subtract", "-", "try"),
  arithmetic("try_multiply", "*", "try"),
  arithmetic("try_divide", "/", "try"),
  arithmetic("try_mod", "%", "try"),
  div,
];
