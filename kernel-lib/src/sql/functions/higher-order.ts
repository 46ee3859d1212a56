// Functions that take functions: the lambda is called once, to make its expression.
import type { ColumnOrName } from "../column.ts";
import { SluiceError } from "../../errors.ts";
import { Column } from "../column.ts";
import { lambda, lambdaVariable } from "../plan/expressions.ts";
import { column, invoke } from "./make.ts";

let lambdas = 0;

/** The lambda expression of a function of columns. Each gets names of its own, so that lambdas can be nested. */
function lambdaOf(fn: (...args: Column[]) => Column, fewest: number, most: number): Column {
  const count = fn.length;
  if (count < fewest || count > most) {
    const wanted = fewest === most ? `${fewest}` : `${fewest} or ${most}`;
    throw new SluiceError("USAGE", `The function must take ${wanted} columns, not ${count}.`, {
      next: "Write its parameters out, as in (x) => x.plus(1).",
    });
  }
  lambdas += 1;
  const names = ["x", "y", "z"].slice(0, count).map((name) => `${name}_${lambdas}`);
  const body = fn(...names.map((name) => new Column(lambdaVariable(name))));
  if (!(body instanceof Column)) {
    throw new SluiceError("USAGE", "The function must return a column.", { next: "Wrap a plain value in lit()." });
  }
  return new Column(lambda(body.expression, names));
}

/**
 * Each element as a function makes it; a second parameter is the element's position, counted from 0.
 *
 * @example
 * ```ts
 * F.transform("prices", (x) => x.times(1.2));
 * ```
 */
export function transform(col: ColumnOrName, f: (x: Column, index: Column) => Column): Column {
  return invoke("transform", column(col), lambdaOf(f, 1, 2));
}

/**
 * The elements for which a condition is true; a second parameter is the element's position, counted from 0.
 *
 * @example
 * ```ts
 * F.filter(F.array(lit(1), lit(2), lit(3)), (x) => x.gt(1)); // [2,3]
 * ```
 */
export function filter(col: ColumnOrName, f: (x: Column, index: Column) => Column): Column {
  return invoke("filter", column(col), lambdaOf(f, 1, 2));
}

/**
 * Whether a condition is true for an element.
 *
 * @example
 * ```ts
 * F.exists(F.array(lit(1), lit(2)), (x) => x.gt(1)); // true
 * ```
 */
export function exists(col: ColumnOrName, f: (x: Column) => Column): Column {
  return invoke("exists", column(col), lambdaOf(f, 1, 1));
}

/**
 * Whether a condition is true for all elements.
 *
 * @example
 * ```ts
 * F.forall(F.array(lit(1), lit(2)), (x) => x.gt(1)); // false
 * ```
 */
export function forall(col: ColumnOrName, f: (x: Column) => Column): Column {
  return invoke("forall", column(col), lambdaOf(f, 1, 1));
}

const folded =
  (name: string) =>
  (
    col: ColumnOrName,
    initialValue: ColumnOrName,
    merge: (accumulator: Column, x: Column) => Column,
    finish?: (accumulator: Column) => Column,
  ): Column => {
    const functions = [lambdaOf(merge, 2, 2)];
    if (finish) functions.push(lambdaOf(finish, 1, 1));
    return invoke(name, column(col), column(initialValue), ...functions);
  };

/**
 * One value of all elements: starting from one, a function takes each element in; another may finish.
 *
 * @example
 * ```ts
 * F.aggregate(F.array(lit(1), lit(2)), lit(0), (sum, x) => sum.plus(x)); // 3
 * ```
 */
export const aggregate = folded("aggregate");

/** One value of all elements: `aggregate` by its other name. */
export const reduce = folded("reduce");

/**
 * The elements of two arrays side by side, as a function joins them; the shorter one is filled with null.
 *
 * @example
 * ```ts
 * F.zip_with(F.array(lit(1)), F.array(lit(2)), (x, y) => x.plus(y)); // [3]
 * ```
 */
export function zip_with(left: ColumnOrName, right: ColumnOrName, f: (x: Column, y: Column) => Column): Column {
  return invoke("zip_with", column(left), column(right), lambdaOf(f, 2, 2));
}

/** The array in order; a function may compare two elements by a negative, zero or positive number. */
export function array_sort(col: ColumnOrName, comparator?: (left: Column, right: Column) => Column): Column {
  if (comparator === undefined) return invoke("array_sort", column(col));
  return invoke("array_sort", column(col), lambdaOf(comparator, 2, 2));
}

/** The entries for which a condition on key and value is true. */
export function map_filter(col: ColumnOrName, f: (key: Column, value: Column) => Column): Column {
  return invoke("map_filter", column(col), lambdaOf(f, 2, 2));
}

/** The entries of two maps by key, as a function of key and both values makes them. */
export function map_zip_with(
  col1: ColumnOrName,
  col2: ColumnOrName,
  f: (key: Column, value1: Column, value2: Column) => Column,
): Column {
  return invoke("map_zip_with", column(col1), column(col2), lambdaOf(f, 3, 3));
}

/** The map with keys as a function of key and value makes them. */
export function transform_keys(col: ColumnOrName, f: (key: Column, value: Column) => Column): Column {
  return invoke("transform_keys", column(col), lambdaOf(f, 2, 2));
}

/** The map with values as a function of key and value makes them. */
export function transform_values(col: ColumnOrName, f: (key: Column, value: Column) => Column): Column {
  return invoke("transform_values", column(col), lambdaOf(f, 2, 2));
}
