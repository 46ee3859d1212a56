// The maker of aggregate rows, and the SQL of one aggregate call.
import type { AggregateCall, Call, Expression } from "../resolved/expression.ts";
import type { EmitContext, FunctionDefinition } from "./definition.ts";
import { anyNullable, resolveRow } from "./makers.ts";
import type { Row } from "./makers.ts";

export interface AggregateRow extends Omit<Row, "sql"> {
  sql(args: readonly string[], context: EmitContext, call: AggregateCall): string;
  readonly holdsRows?: boolean;
}

/** A call as an aggregate one; over a window the analyzer may give a plain call. */
const asAggregate = (call: Call | AggregateCall): AggregateCall =>
  call.kind === "aggregate" ? call : { ...call, kind: "aggregate", distinct: false };

export function aggregate(row: AggregateRow): FunctionDefinition[] {
  return row.names.split(" ").map((name) => ({
    name,
    kind: "aggregate",
    resolve: (args, context) => resolveRow(name, { nullable: anyNullable, ...row }, args, context),
    emit: (args, call, context) => row.sql(args, context, asAggregate(call)),
    holdsRows: row.holdsRows ?? false,
    display: (args, call) =>
      row.display
        ? row.display(args, call).replace(/^NAME\(/, () => `${name}(`)
        : `${name}(${call.distinct ? "DISTINCT " : ""}${args.join(", ")})`,
  }));
}

/** SQL of one aggregate of DuckDB, with the call's DISTINCT, FILTER and OVER. */
export function called(sqlName: string, args: readonly string[], context: EmitContext, call: AggregateCall): string {
  return context.aggregate(`${sqlName}(${call.distinct ? "DISTINCT " : ""}${args.join(", ")})`);
}

/** The value of a constant argument; undefined for others. */
export const valueOf = (expression: Expression | undefined): unknown =>
  expression?.kind === "literal"
    ? expression.value
    : expression?.kind === "cast"
      ? valueOf(expression.child)
      : undefined;
