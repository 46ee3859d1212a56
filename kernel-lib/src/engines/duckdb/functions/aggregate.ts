// The aggregates most queries use: count, sum, avg, min, max, first, last and the collecting ones.
import type { DataType, DecimalType } from "../../../sql/types/data-type.ts";
import { wrapped } from "../casts/number.ts";
import { duckdbType } from "../types.ts";
import { aggregate, called, valueOf } from "./aggregate-makers.ts";
import { decimalSql } from "./decimal-math.ts";
import { adjusted, bounded } from "./decimal-rules.ts";
import type { EmitContext, FunctionDefinition } from "./definition.ts";
import { BOOLEAN, DOUBLE, LONG, STRING, arrayOf, decimal, hasMap, isIntegral, isOrderable } from "./kinds.ts";
import { ANY, NUMBER, constantOf, typeOf } from "./makers.ts";
import { needsSortKey, sortKeySql } from "./sort-key.ts";
import { bind, tryCast } from "./sql-text.ts";
import { typeMismatch } from "./type-errors.ts";

const notNull = (args: readonly string[]): string => args.map((arg) => `${arg} IS NOT NULL`).join(" AND ");

const count = aggregate({
  names: "count",
  parameters: [ANY],
  repeats: true,
  optional: 1,
  result: LONG,
  nullable: false,
  sql(args, context, call) {
    const [first] = call.args;
    if (
      args.length === 0 ||
      (first?.kind === "literal" && first.value !== null && args.length === 1 && !call.distinct)
    ) {
      return called("count", ["*"], context, call);
    }
    if (args.length === 1) return called("count", args, context, call);
    const value = call.distinct ? `struct_pack(${args.map((arg, i) => `f${i} := ${arg}`).join(", ")})` : "1";
    return called("count", [`CASE WHEN ${notNull(args)} THEN ${value} END`], context, call);
  },
  display: (args, call) => `count(${call.distinct ? "DISTINCT " : ""}${args.join(", ")})`,
});

function sumType(type: DataType): DataType {
  if (type.kind === "decimal") return bounded(type.precision + 10, type.scale);
  return isIntegral(type) ? LONG : DOUBLE;
}

const sum = (names: string, tries: boolean): FunctionDefinition[] =>
  aggregate({
    names,
    parameters: [NUMBER],
    result: (args) => sumType(typeOf(args, 0)),
    nullable: true,
    sql(args, context, call) {
      const total = called("sum", args, context, call);
      const { dataType } = call;
      if (dataType.kind === "double") return `CAST(${total} AS DOUBLE)`;
      if (dataType.kind === "decimal" && dataType.precision === 38)
        return widest(total, dataType, tries || !context.ansi, context);
      if (tries || (dataType.kind === "decimal" && !context.ansi)) return tryCast(total, dataType);
      if (context.ansi) return `CAST(${total} AS ${duckdbType(dataType)})`;
      return bind(context, [total], (x) => wrapped(x, dataType, "HUGEINT"));
    },
  });

/** DuckDB adds up to 128 bits, which is more than 38 digits. */
function widest(total: string, type: DecimalType, givesNull: boolean, context: EmitContext): string {
  const digits = "9".repeat(38);
  const most = `CAST('${digits.slice(0, 38 - type.scale)}.${digits.slice(0, type.scale)}' AS ${duckdbType(type)})`;
  const overflow = context.raise(
    "ARITHMETIC_OVERFLOW",
    "22003",
    "'Overflow in sum of decimals. Use \'\'try_sum\'\' to tolerate overflow and return NULL instead.'",
  );
  return bind(
    context,
    [total],
    (x) => `CASE WHEN ${x} > ${most} OR ${x} < -${most} THEN ${givesNull ? "NULL" : overflow} ELSE ${x} END`,
  );
}

function averageType(type: DataType): DataType {
  return type.kind === "decimal" ? adjusted(type.precision + 4, type.scale + 4) : DOUBLE;
}

const average = (names: string, tries: boolean): FunctionDefinition[] =>
  aggregate({
    names,
    parameters: [NUMBER],
    result: (args) => averageType(typeOf(args, 0)),
    nullable: true,
    sql(args, context, call) {
      const { dataType } = call;
      if (dataType.kind !== "decimal") return called("avg", args, context, call);
      const type = typeOf(call.args, 0) as DecimalType;
      const total = called("sum", args, context, call);
      const rows = `CAST(${called("count", args, context, call)} AS DECIMAL(19,0))`;
      return bind(context, [total, rows], (s, n) => {
        const overflow = tries || !context.ansi ? "null" : "throw";
        const operands = [decimal(38, type.scale), decimal(19, 0)] as const;
        return `CASE WHEN ${n} = 0 THEN NULL ELSE ${decimalSql("/", [s, n], operands, overflow, context, dataType)} END`;
      });
    },
  });

const ordered = (type: DataType): DataType | undefined => (isOrderable(type) ? type : undefined);

const extreme = (name: "min" | "max"): FunctionDefinition[] =>
  aggregate({
    names: name,
    parameters: [ordered],
    result: (args) => typeOf(args, 0),
    nullable: true,
    sql([value = ""], context, call) {
      if (!needsSortKey(call.dataType)) return called(name, [value], context, call);
      const key = bind(
        context,
        [value],
        (x) => `CASE WHEN ${x} IS NULL THEN NULL ELSE ${sortKeySql(x, call.dataType, context)} END`,
      );
      return called(`arg_${name}`, [value, key], context, { ...call, distinct: false });
    },
  });

/** A list without its nulls. */
function present(list: string, context: EmitContext): string {
  const name = context.fresh("x");
  return `list_filter(${list}, lambda ${name}: ${name} IS NOT NULL)`;
}

/** `first(x)` and `first(x, true)`, which skips nulls. */
const edge = (names: string, sqlName: "first" | "last"): FunctionDefinition[] =>
  aggregate({
    names,
    parameters: [ANY, BOOLEAN],
    optional: 1,
    result: (args) => typeOf(args, 0),
    nullable: true,
    sql([value = ""], context, call) {
      if (valueOf(call.args[1]) !== true) return called(sqlName, [value], context, call);
      if (sqlName === "first") return called("any_value", [value], context, call);
      return `${present(called("list", [value], context, call), context)}[-1]`;
    },
    display: (args) => `NAME(${args[0]})`,
  });

const collect = (names: string, distinct: boolean): FunctionDefinition[] =>
  aggregate({
    names,
    parameters: [
      (type) => {
        if (distinct && hasMap(type))
          throw typeMismatch("UNSUPPORTED_INPUT_TYPE", names, "collect_set() cannot have map type data.");
        return type;
      },
    ],
    result: (args) => arrayOf(typeOf(args, 0), false),
    nullable: false,
    holdsRows: true,
    sql(args, context, call) {
      const all = called("list", args, context, { ...call, distinct: call.distinct || distinct });
      const kept = call.args[0]?.nullable === false ? all : present(all, context);
      return `coalesce(${kept}, CAST([] AS ${duckdbType(call.dataType)}))`;
    },
  });

const logical = (names: string, sqlName: string): FunctionDefinition[] =>
  aggregate({
    names,
    parameters: [BOOLEAN],
    result: BOOLEAN,
    nullable: true,
    sql: (args, context, call) => called(sqlName, args, context, call),
  });

const by = (names: string, sqlName: string): FunctionDefinition[] =>
  aggregate({
    names,
    parameters: [ANY, ordered],
    result: (args) => typeOf(args, 0),
    nullable: true,
    sql: (args, context, call) => called(sqlName, args, context, call),
  });

const bits = (name: string): FunctionDefinition[] =>
  aggregate({
    names: name,
    parameters: [(type) => (isIntegral(type) ? type : undefined)],
    result: (args) => typeOf(args, 0),
    nullable: true,
    sql: (args, context, call) => called(name, args, context, call),
  });

export const aggregateFunctions: FunctionDefinition[] = [
  ...count,
  ...sum("sum", false),
  ...sum("try_sum", true),
  ...average("avg mean", false),
  ...average("try_avg", true),
  ...extreme("min"),
  ...extreme("max"),
  ...edge("first first_value any_value", "first"),
  ...edge("last last_value", "last"),
  ...collect("collect_list array_agg", false),
  ...collect("collect_set", true),
  ...aggregate({
    names: "listagg string_agg",
    parameters: [(type) => (type.kind === "binary" ? undefined : STRING), STRING],
    optional: 1,
    defaults: [constantOf("", STRING)],
    result: STRING,
    nullable: true,
    holdsRows: true,
    sql: (args, context, call) => called("string_agg", args, context, call),
    display: (args, call) => `listagg(${call.distinct ? "DISTINCT " : ""}${[...args, "NULL"].slice(0, 2).join(", ")})`,
  }),
  ...aggregate({
    names: "product",
    parameters: [DOUBLE],
    result: DOUBLE,
    nullable: true,
    sql: (args, context, call) => called("product", args, context, call),
  }),
  ...logical("bool_and every", "bool_and"),
  ...logical("bool_or some any", "bool_or"),
  ...by("max_by", "arg_max_null"),
  ...by("min_by", "arg_min_null"),
  ...bits("bit_and"),
  ...bits("bit_or"),
  ...bits("bit_xor"),
  ...aggregate({
    names: "count_if",
    parameters: [BOOLEAN],
    result: LONG,
    nullable: false,
    sql: ([test = ""], context, call) =>
      called("count", [`CASE WHEN ${test} THEN ${call.distinct ? "true" : "1"} END`], context, call),
  }),
];
