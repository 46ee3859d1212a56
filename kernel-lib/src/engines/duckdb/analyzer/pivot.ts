// groupBy().pivot(): one column for each value and aggregate.
import type { Aggregate } from "../../../generated/spark/connect/relations_pb.ts";
import type { DataType } from "../../../sql/types/data-type.ts";
import { SparkError } from "../../../sql/errors.ts";
import type { AggregateCall, Expression, Literal, LiteralValue } from "../resolved/expression.ts";
import { aggregateColumns, hasAggregate } from "./aggregate-columns.ts";
import { alias, literal, mapChildren, reference, unalias, visitExpression } from "./build.ts";
import { display, isoDate, javaDouble, outputName } from "./display.ts";
import type { ExpressionResolver } from "./expression.ts";
import { required } from "./required.ts";
import { fromLiteral } from "./literal.ts";
import { localTime } from "./local-time.ts";
import { project } from "./projection.ts";
import type { Scope } from "./scope.ts";

export async function resolvePivot(
  message: Aggregate,
  input: Scope,
  keys: readonly Expression[] | undefined,
  resolver: ExpressionResolver,
): Promise<Scope> {
  const pivot = required(message.pivot);
  const column = unalias(resolver.resolve(required(pivot.col)));
  const given = pivot.values.map(fromLiteral);
  const values = given.length > 0 ? given : await discover(input, column, resolver);
  const aggregates = resolver.list(message.aggregateExpressions);
  for (const aggregate of aggregates) {
    if (hasAggregate(aggregate)) continue;
    const sqlExpr = resolver.display(unalias(aggregate));
    throw new SparkError(
      "AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC_EXPRESSION",
      `The pivot column "${sqlExpr}" does not aggregate.`,
      {
        sqlState: "42845",
        messageParameters: { sqlExpr },
      },
    );
  }
  const groupings = keys ?? remaining(input, [column, ...aggregates]);
  const results = values.flatMap((value) => {
    const isValue = equalNullSafe(column, value, resolver);
    const present = countWhere(isValue, resolver);
    return aggregates.map((aggregate) => {
      const name = valueName(value, resolver.context.timeZone);
      const full = aggregates.length > 1 ? `${name}_${outputName(aggregate, resolver.context.timeZone)}` : name;
      return alias(whenPresent(present, filtered(unalias(aggregate), isValue, resolver), resolver), full);
    });
  });
  return aggregateColumns(input, groupings, [...groupings, ...results], undefined, resolver.context);
}

function remaining(input: Scope, used: readonly Expression[]): Expression[] {
  const names = new Set<string>();
  for (const expression of used)
    visitExpression(expression, (part) => {
      if (part.kind === "attribute") names.add(part.attribute.id);
    });
  return input.relation.output.filter((attribute) => !names.has(attribute.id)).map(reference);
}

/** The values of the pivot column, in order, as Spark finds them when none are given. */
async function discover(input: Scope, column: Expression, resolver: ExpressionResolver): Promise<Literal[]> {
  const { context } = resolver;
  const limit = Number(context.conf("spark.sql.pivotMaxValues"));
  const relation = project(input.relation, [alias(column, "value")], context);
  const values = await context.distinctValues(relation, limit + 1);
  if (values.length > limit)
    throw new SparkError(
      "PIVOT_VALUE_COUNT_EXCEEDED",
      `The pivot column ${display(column)} has more than ${limit} distinct values, this could indicate an error. If this was intended, set spark.sql.pivotMaxValues to at least the number of distinct values of the pivot column.`,
      { sqlState: "54000" },
    );
  return values.map((value) => literal(value, column.dataType));
}

function lookup(name: string, resolver: ExpressionResolver) {
  const definition = resolver.context.lookup(name);
  if (!definition) throw new Error(`The function table has no ${name}.`);
  return definition;
}

function call(name: string, args: readonly Expression[], resolver: ExpressionResolver): Expression {
  const definition = lookup(name, resolver);
  return { kind: "call", definition, ...definition.resolve(args, resolver.functions) };
}

function equalNullSafe(column: Expression, value: Literal, resolver: ExpressionResolver): Expression {
  return call("<=>", [column, value], resolver);
}

function countWhere(filter: Expression, resolver: ExpressionResolver): AggregateCall {
  const definition = lookup("count", resolver);
  const resolution = definition.resolve([literal(1, { kind: "integer" })], resolver.functions);
  return { kind: "aggregate", definition, ...resolution, distinct: false, filter };
}

/** Null instead of an empty aggregate, such as a count of nothing. */
function whenPresent(present: AggregateCall, value: Expression, resolver: ExpressionResolver): Expression {
  const some = call(">", [present, literal(0n, { kind: "long" })], resolver);
  return { ...call("when", [some, value], resolver), nullable: true };
}

function filtered(expression: Expression, condition: Expression, resolver: ExpressionResolver): Expression {
  if (expression.kind !== "aggregate") return mapChildren(expression, (part) => filtered(part, condition, resolver));
  const filter = expression.filter ? call("and", [expression.filter, condition], resolver) : condition;
  return { ...expression, filter };
}

function valueName(value: Literal, timeZone: string): string {
  return textOf(value.value, value.dataType, timeZone);
}

function textOf(value: LiteralValue, type: DataType, timeZone: string): string {
  if (value === null) return "null";
  if (type.kind === "double" || type.kind === "float") return javaDouble(value as number, type.kind === "float");
  if (type.kind === "date") return isoDate(value as number);
  if (type.kind === "timestamp") return localTime(value as bigint, timeZone);
  if (type.kind === "struct") {
    const fields = value as readonly LiteralValue[];
    return `{${type.fields.map((field, i) => textOf(fields[i] ?? null, field.dataType, timeZone)).join(", ")}}`;
  }
  return display(literal(value, type), timeZone);
}
