// Makers of Spark's functions: most of them differ only in name and number of arguments.
import type { ColumnOrName } from "../column.ts";
import { Column, expressionOf, toColumn } from "../column.ts";
import { call, literal } from "../plan/expressions.ts";
import { doubleLiteral } from "../plan/literals.ts";
import { create } from "@bufbuild/protobuf";
import { ExpressionSchema } from "../../generated/spark/connect/expressions_pb.ts";

/** The column itself, or the column of that name. */
export const column = toColumn;

/** A value as a literal; columns stay themselves. */
export function value(item: unknown): Column {
  return item instanceof Column ? item : new Column(literal(item));
}

/** A number as DOUBLE, whole or not. */
export function doubleValue(item: number): Column {
  return new Column(create(ExpressionSchema, { exprType: { case: "literal", value: doubleLiteral(item) } }));
}

/** A number as a literal, a name or column as a column. */
export function columnOrNumber(item: ColumnOrName | number): Column {
  return typeof item === "number" ? value(item) : toColumn(item);
}

/** A column that may be left out. */
export function optional(item: ColumnOrName | undefined): Column[] {
  return item === undefined ? [] : [toColumn(item)];
}

/** A value that may be left out. */
export function optionalValue(item: unknown): Column[] {
  return item === undefined ? [] : [value(item)];
}

/** A call of one of Spark's functions. */
export function invoke(name: string, ...args: readonly Column[]): Column {
  return new Column(call(name, args.map(expressionOf)));
}

/** A seed for functions that were given none. */
export function randomSeed(): number {
  return Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
}

/** A function without arguments. */
export const nullary = (name: string) => (): Column => invoke(name);

/** A function of one column. */
export const unary =
  (name: string) =>
  (col: ColumnOrName): Column =>
    invoke(name, toColumn(col));

/** A function of two columns; numbers are literals. */
export const binary =
  (name: string) =>
  (left: ColumnOrName | number, right: ColumnOrName | number): Column =>
    invoke(name, columnOrNumber(left), columnOrNumber(right));

/** A function of three columns; numbers are literals. */
export const ternary =
  (name: string) =>
  (first: ColumnOrName | number, second: ColumnOrName | number, third: ColumnOrName | number): Column =>
    invoke(name, columnOrNumber(first), columnOrNumber(second), columnOrNumber(third));

/** A function of any number of columns. */
export const variadic =
  (name: string) =>
  (...cols: readonly ColumnOrName[]): Column =>
    invoke(name, ...cols.map(toColumn));

/** A function of a column and a value. */
export const withValue =
  (name: string) =>
  (col: ColumnOrName, item: unknown): Column =>
    invoke(name, toColumn(col), value(item));

/** A function of a column and a text that is the same for all rows. */
export const withText =
  (name: string) =>
  (col: ColumnOrName, text: string): Column =>
    invoke(name, toColumn(col), value(text));

/** A function of any number of columns, or lists of them. */
export const listed =
  (name: string) =>
  (...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column =>
    invoke(name, ...cols.flat().map(column));
