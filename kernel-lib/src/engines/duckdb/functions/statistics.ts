// Statistical aggregates.
import type { DuckDBListValue } from "@duckdb/node-api";
import type { DataType } from "../../../sql/types/data-type.ts";
import type { Expression } from "../resolved/expression.ts";
import { aggregate, called } from "./aggregate-makers.ts";
import type { AggregateCall } from "../resolved/expression.ts";
import type { EmitContext, FunctionDefinition, NativeFunction } from "./definition.ts";
import { DOUBLE, INT, LONG, arrayOf, isDayOrTime, isNumeric, isOrderable } from "./kinds.ts";
import { ANY, typeOf } from "./makers.ts";
import type { Parameter } from "./makers.ts";
import { bind } from "./sql-text.ts";
import { native } from "./text-natives.ts";

/** Whether a row without nulls has a number that is not finite, and the arguments without such rows. */
function finiteOnly(args: readonly string[], context: EmitContext, call: AggregateCall) {
  const some = args.map((arg) => `NOT isfinite(${arg})`).join(" OR ");
  const present = args.map((arg) => `${arg} IS NOT NULL`).join(" AND ");
  const odd = called("bool_or", [`${present} AND (${some})`], context, call);
  const count = called("count_if", [present], context, call);
  return { odd, present: count, finite: args.map((arg) => `CASE WHEN isfinite(${arg}) THEN ${arg} END`) };
}

const ofDoubles = (names: string, sqlName: string, arity = 1): FunctionDefinition[] =>
  aggregate({
    names,
    parameters: Array.from({ length: arity }, () => DOUBLE),
    result: DOUBLE,
    nullable: true,
    sql(args, context, call) {
      if (sqlName.startsWith("regr_")) return called(sqlName, args, context, call);
      // DuckDB throws on what is not finite; Spark gives NaN, and null for a sample of one.
      const { odd, finite, present } = finiteOnly(args, context, call);
      const one = sqlName.endsWith("_samp") ? `WHEN ${odd} AND ${present} = 1 THEN NULL ` : "";
      return `CASE ${one}WHEN ${odd} THEN 'nan'::DOUBLE ELSE ${called(sqlName, finite, context, call)} END`;
    },
  });

/** The mean's neighbours: sums of the second, third and fourth powers of the distances from the mean. */
function moments(values: readonly number[]): { n: number; m2: number; m3: number; m4: number } {
  let [n, mean, m2, m3, m4] = [0, 0, 0, 0, 0];
  for (const value of values) {
    // Spark's own update of the moments, in its order.
    const count = n + 1;
    const delta = value - mean;
    const deltaN = delta / count;
    const newM2 = m2 + delta * (delta - deltaN);
    const delta2 = delta * delta;
    const deltaN2 = deltaN * deltaN;
    const newM3 = m3 - 3 * deltaN * newM2 + delta * (delta2 - deltaN2);
    m4 = m4 - 4 * deltaN * newM3 - 6 * deltaN2 * newM2 + delta * (delta * delta2 - deltaN * deltaN2);
    m3 = newM3;
    m2 = newM2;
    mean += deltaN;
    n = count;
  }
  return { n, m2, m3, m4 };
}

const numbers = (list: DuckDBListValue): number[] => list.items.filter((item) => item !== null).map(Number);

const skewnessOf: NativeFunction = native("skewness", ["DOUBLE[]"], "DOUBLE", (list: DuckDBListValue) => {
  const { n, m2, m3 } = moments(numbers(list));
  if (n === 0 || m2 === 0) return null;
  return (Math.sqrt(n) * m3) / Math.sqrt(m2 * m2 * m2);
});

const kurtosisOf: NativeFunction = native("kurtosis", ["DOUBLE[]"], "DOUBLE", (list: DuckDBListValue) => {
  const { n, m2, m4 } = moments(numbers(list));
  if (n === 0 || m2 === 0) return null;
  return (n * m4) / (m2 * m2) - 3;
});

const ofList = (name: string, fn: NativeFunction): FunctionDefinition[] =>
  aggregate({
    names: name,
    parameters: [DOUBLE],
    result: DOUBLE,
    nullable: true,
    sql: (args, context, call) => `${context.native(fn)}(${called("list", args, context, call)})`,
  });

/** Spark gives null for a single row, and divides by the deviations, which may be zero. */
const correlation = aggregate({
  names: "corr",
  parameters: [DOUBLE, DOUBLE],
  result: DOUBLE,
  nullable: true,
  sql: (args, context, call) => {
    const { odd, finite } = finiteOnly(args, context, call);
    return bind(
      context,
      [
        ...["corr", "regr_count", "regr_sxx", "regr_syy"].map((name) => called(name, finite, context, call)),
        odd,
        called("regr_count", args, context, call),
      ],
      (value, rows, x, y, isOdd, all) => {
        const zero = context.raise(
          "DIVIDE_BY_ZERO",
          "22012",
          "'Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.'",
        );
        return `CASE WHEN ${all} <= 1 THEN NULL WHEN ${isOdd} THEN 'nan'::DOUBLE WHEN ${rows} <= 1 THEN NULL WHEN ${x} = 0 OR ${y} = 0 THEN ${context.ansi ? zero : "NULL"} ELSE ${value} END`;
      },
    );
  },
});

const PERCENTAGE: Parameter = (type) => (type.kind === "array" ? arrayOf(DOUBLE, type.containsNull) : DOUBLE);

/** The percentage argument as DuckDB's text: a number or a list of numbers, which must be constant. */
const percentageResult =
  (of: (args: readonly Expression[]) => DataType) =>
  (args: readonly Expression[]): DataType =>
    typeOf(args, 1).kind === "array" ? arrayOf(of(args), false) : of(args);

const number: Parameter = (type) =>
  isNumeric(type) || type.kind === "string" || type.kind === "null" ? DOUBLE : undefined;
const orderedNumber: Parameter = (type) =>
  isNumeric(type) || isDayOrTime(type) ? type : type.kind === "string" || type.kind === "null" ? DOUBLE : undefined;

export const statisticsFunctions: FunctionDefinition[] = [
  ...ofDoubles("stddev std stddev_samp", "stddev_samp"),
  ...ofDoubles("stddev_pop", "stddev_pop"),
  ...ofDoubles("variance var_samp", "var_samp"),
  ...ofDoubles("var_pop", "var_pop"),
  ...ofDoubles("covar_pop", "covar_pop", 2),
  ...ofDoubles("covar_samp", "covar_samp", 2),
  ...["regr_avgx", "regr_avgy", "regr_slope", "regr_intercept", "regr_r2", "regr_sxx", "regr_sxy", "regr_syy"].flatMap(
    (name) => ofDoubles(name, name, 2),
  ),
  ...aggregate({
    names: "regr_count",
    parameters: [DOUBLE, DOUBLE],
    result: LONG,
    nullable: false,
    sql: (args, context, call) => `CAST(${called("regr_count", args, context, call)} AS BIGINT)`,
  }),
  ...correlation,
  ...ofList("skewness", skewnessOf),
  ...ofList("kurtosis", kurtosisOf),
  ...aggregate({
    names: "median",
    holdsRows: true,
    parameters: [number],
    result: DOUBLE,
    nullable: true,
    sql: (args, context, call) => called("quantile_cont", [...args, "0.5"], context, call),
  }),
  ...aggregate({
    names: "percentile",
    holdsRows: true,
    parameters: [number, PERCENTAGE],
    result: percentageResult(() => DOUBLE),
    nullable: true,
    sql: ([value = "", percentage = ""], context, call) => called("quantile_cont", [value, percentage], context, call),
    display: (args) => `percentile(${args.join(", ")}, 1)`,
  }),
  ...aggregate({
    names: "percentile_approx approx_percentile",
    holdsRows: true,
    parameters: [orderedNumber, PERCENTAGE, INT],
    optional: 1,
    result: percentageResult((args) => typeOf(args, 0)),
    nullable: true,
    // The exact discrete percentile is within any accuracy.
    sql: ([value = "", percentage = ""], context, call) => called("quantile_disc", [value, percentage], context, call),
    display: (args) => `percentile_approx(${[...args, "10000"].slice(0, 3).join(", ")})`,
  }),
  ...aggregate({
    names: "mode",
    holdsRows: true,
    parameters: [(type) => (isOrderable(type) ? type : undefined)],
    result: (args) => typeOf(args, 0),
    nullable: true,
    sql: (args, context, call) => called("mode", args, context, call),
  }),
  ...aggregate({
    names: "approx_count_distinct",
    parameters: [ANY, DOUBLE],
    optional: 1,
    result: LONG,
    nullable: false,
    // The exact count is within any deviation that is asked for.
    sql: ([value = ""], context, call) => called("count", [value], context, { ...call, distinct: true }),
    display: ([value]) => `approx_count_distinct(${value})`,
  }),
];
