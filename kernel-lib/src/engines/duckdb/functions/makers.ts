// Makers of table rows: most functions are a list of parameter types, a result type and a piece of SQL.
import type { DataType } from "../../../sql/types/data-type.ts";
import { sqlName } from "../../../sql/types/index.ts";
import type { AggregateCall, Call, Expression, Literal, LiteralValue } from "../resolved/expression.ts";
import { implicitType } from "./coercion.ts";
import type { EmitContext, FunctionDefinition, ResolveContext } from "./definition.ts";
import { DOUBLE, isNumeric } from "./kinds.ts";
import { bind } from "./sql-text.ts";
import { unexpectedInput, wrongArgumentCount } from "./type-errors.ts";

/** What an argument must be: a type to cast to, or a rule that says which type; undefined refuses it. */
export type Parameter = DataType | ((type: DataType, ansi: boolean) => DataType | undefined);

export type Emit = (args: readonly string[], context: EmitContext, call: Call | AggregateCall) => string;

export interface Row {
  /** Spark's name; more names after it, separated by spaces, are aliases. */
  readonly names: string;
  readonly parameters: readonly Parameter[];
  /** How many of the last parameters may be absent; they are filled from `defaults` where it has one. */
  readonly optional?: number;
  readonly defaults?: readonly Literal[];
  /** The last parameter may come any number of times. */
  readonly repeats?: boolean;
  readonly result: DataType | ((args: readonly Expression[], context: ResolveContext) => DataType);
  /** Whether the result can be null; unless told, when any argument can. */
  readonly nullable?: boolean | ((args: readonly Expression[], context: ResolveContext) => boolean);
  /** A template with $1, $2 … for the arguments ($* for all), or a function. */
  readonly sql: string | Emit;
  readonly display?: FunctionDefinition["display"];
  readonly deterministic?: boolean;
}

export const ANY: Parameter = (type) => type;
export const NUMBER: Parameter = (type) =>
  isNumeric(type) ? type : type.kind === "string" || type.kind === "null" ? DOUBLE : undefined;

export const anyNullable = (args: readonly Expression[]): boolean => args.some((arg) => arg.nullable);

/** A constant argument that the user did not write. */
export const constantOf = (value: LiteralValue, dataType: DataType): Literal => ({
  kind: "literal",
  value,
  dataType,
  nullable: value === null,
});

/** The type of an argument after resolution; the makers have checked that it is there. */
export function typeOf(args: readonly Expression[], position: number): DataType {
  const arg = args[position];
  if (!arg) throw new Error(`argument ${position} was not checked`);
  return arg.dataType;
}

export function checkCount(name: string, actual: number, least: number, most: number): void {
  if (actual >= least && actual <= most) return;
  const expected = least === most ? `${least}` : most === Infinity ? `> ${least - 1}` : `[${least}, ${most}]`;
  throw wrongArgumentCount(name, expected, actual);
}

/** The argument cast as the parameter wants it. */
export function accept(
  name: string,
  argument: Expression,
  position: number,
  parameter: Parameter,
  context: ResolveContext,
): Expression {
  const wanted = typeof parameter === "function" ? parameter(argument.dataType, context.ansi) : parameter;
  const to = wanted && implicitType(argument.dataType, wanted, context.ansi);
  if (!to) {
    const required = typeof parameter === "function" ? "a suitable" : `"${sqlName(parameter)}"`;
    throw unexpectedInput(name, position, required, argument.dataType);
  }
  return context.coerce(argument, to);
}

/** SQL with the arguments in place of $1, $2 …; one that is used twice is computed once. */
export function fill(template: string, args: readonly string[], context: EmitContext): string {
  const uses = args.map((_, i) => template.split(new RegExp(`\\$${i + 1}(?!\\d)`)).length - 1);
  const repeated = args.map((_, i) => i).filter((i) => (uses[i] ?? 0) > 1);
  const place = (values: readonly string[]): string =>
    template
      .replaceAll("$*", () => values.join(", "))
      .replace(/\$(\d+)/g, (_, digits: string) => values[Number(digits) - 1] ?? "NULL");
  if (repeated.length === 0) return place(args);
  return bind(
    context,
    repeated.map((i) => args[i] as string),
    (...names) => place(args.map((arg, i) => (repeated.includes(i) ? (names[repeated.indexOf(i)] as string) : arg))),
  );
}

/** The definitions of one row: one for each of its names. */
export function scalar(row: Row): FunctionDefinition[] {
  return row.names.split(" ").map((name) => ({
    name,
    kind: "scalar",
    resolve: (args, context) => resolveRow(name, row, args, context),
    emit: (args, call, context) =>
      typeof row.sql === "string" ? fill(row.sql, args, context) : row.sql(args, context, call),
    ...(row.display ? { display: row.display } : {}),
    ...(row.deterministic === undefined ? {} : { deterministic: row.deterministic }),
  }));
}

export function resolveRow(
  name: string,
  row: Pick<Row, "parameters" | "optional" | "defaults" | "repeats" | "result" | "nullable">,
  given: readonly Expression[],
  context: ResolveContext,
) {
  const { parameters, optional = 0, defaults = [], repeats = false } = row;
  const least = parameters.length - optional;
  checkCount(name, given.length, least, repeats ? Infinity : parameters.length);
  const args = given.map((argument, i) =>
    accept(name, argument, i, parameters[Math.min(i, parameters.length - 1)] ?? ANY, context),
  );
  const filled = [...args, ...defaults.slice(defaults.length - Math.max(0, parameters.length - args.length))];
  const all = args.length < parameters.length ? filled : args;
  const { result, nullable = anyNullable } = row;
  return {
    args: all,
    dataType: typeof result === "function" ? result(all, context) : result,
    nullable: typeof nullable === "function" ? nullable(all, context) : nullable,
  };
}

export const rows = (...table: readonly Row[]): FunctionDefinition[] => table.flatMap(scalar);

/** One definition under several names. */
export const named = (names: string, make: (name: string) => Omit<FunctionDefinition, "name">): FunctionDefinition[] =>
  names.split(" ").map((name) => ({ name, ...make(name) }));
