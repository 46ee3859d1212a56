// GROUP BY, and positions in ORDER BY and GROUP BY.
import type { Expression } from "../../../generated/spark/connect/expressions_pb.ts";
import { Aggregate_GroupType as GroupType } from "../../../generated/spark/connect/relations_pb.ts";
import { SparkError } from "../../../sql/errors.ts";
import { FILTER_CALL } from "./internal-calls.ts";
import { lookup } from "../functions/catalogue.ts";
import type { ExpressionReader } from "./expression.ts";
import { column } from "./make.ts";
import type { Node } from "./parser.ts";
import { kindOf, nameOf, nodes } from "./parser.ts";
import { FUNCTION_PREFIX } from "./prepare.ts";

export interface Grouping {
  readonly keys: Expression[];
  readonly groupType: GroupType;
  readonly sets: readonly (readonly Expression[])[];
}

/** Whether an aggregate is called in it, outside of OVER. */
export function hasAggregate(expression: Expression): boolean {
  const { case: kind, value } = expression.exprType;
  switch (kind) {
    case "unresolvedFunction":
      if (value.functionName === FILTER_CALL || /^grouping(_id)?$/.test(value.functionName)) return true;
      return lookup(value.functionName)?.kind === "aggregate" || value.arguments.some(hasAggregate);
    case "alias":
    case "cast":
      return value.expr !== undefined && hasAggregate(value.expr);
    case "unresolvedExtractValue":
      return value.child !== undefined && hasAggregate(value.child);
    case "window": {
      const called = value.windowFunction?.exprType;
      const parts = [...(called?.case === "unresolvedFunction" ? called.value.arguments : []), ...value.partitionSpec];
      return [...parts, ...value.orderSpec.flatMap((order) => order.child ?? [])].some(hasAggregate);
    }
    default:
      return false;
  }
}

export function readGrouping(
  clause: Node | null | undefined,
  items: readonly Expression[],
  reader: ExpressionReader,
): Grouping {
  const all = (values: unknown) => nodes(values).map((value) => meant(reader.read(value), items));
  if (clause?.["all"]) {
    const keys = items.filter((item) => !hasAggregate(item)).map(unnamed);
    return { keys, groupType: GroupType.GROUPBY, sets: [] };
  }
  // Each item is a choice of sets; several items mean every combination of their choices.
  const choices = nodes(clause?.["expressions"]).map((item) => setsOf(item, all));
  const keys = distinctKeys(choices.flat(2));
  if (choices.every((choice) => choice.length === 1)) return { keys, groupType: GroupType.GROUPBY, sets: [] };
  const sets = choices.reduce<Expression[][]>(
    (sofar, choice) => sofar.flatMap((left) => choice.map((right) => [...left, ...right])),
    [[]],
  );
  return { keys, groupType: GroupType.GROUPING_SETS, sets };
}

function setsOf(item: unknown, all: (values: unknown) => Expression[]): Expression[][] {
  const [kind, node] = kindOf(item);
  const name = kind === "function" ? nameOf(node["name"]).replace(FUNCTION_PREFIX, "").toLowerCase() : kind;
  const members = node["args"] ?? node["expressions"];
  switch (name) {
    case "rollup": {
      const keys = all(members);
      return [...keys, undefined].map((_, i) => keys.slice(0, keys.length - i));
    }
    case "cube": {
      const keys = all(members);
      return Array.from({ length: 2 ** keys.length }, (_, mask) => keys.filter((_key, i) => !((mask >> i) & 1)));
    }
    case "grouping sets":
    case "grouping_sets":
      return nodes(members).map((set) => setOf(set, all));
    default:
      return [all([item])];
  }
}

function distinctKeys(keys: readonly Expression[]): Expression[] {
  const text = (key: Expression) =>
    JSON.stringify(key, (_name, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  return [...new Map(keys.map((key) => [text(key), key])).values()];
}

function setOf(value: unknown, all: (values: unknown) => Expression[]): Expression[] {
  const [kind, node] = kindOf(value);
  if (kind === "tuple") return all(node["expressions"]);
  return kind === "paren" ? all([node["this"]]) : all([value]);
}

/** The expression a key means: a position means the item there. */
function meant(key: Expression, items: readonly Expression[]): Expression {
  const literal = key.exprType.case === "literal" ? key.exprType.value.literalType : undefined;
  if (literal?.case !== "integer") return key;
  const item = items[literal.value - 1];
  if (item) return unnamed(item);
  throw outOfRange("GROUP_BY_POS_OUT_OF_RANGE", "GROUP BY", literal.value, items.length);
}

function unnamed(expression: Expression): Expression {
  const { exprType } = expression;
  return exprType.case === "alias" && exprType.value.expr ? exprType.value.expr : expression;
}

function outOfRange(condition: string, clause: string, index: number, size: number): SparkError {
  return new SparkError(condition, `${clause} position ${index} is not in select list (valid range is [1, ${size}]).`, {
    sqlState: "42805",
    messageParameters: { index: String(index), size: String(size) },
  });
}

/** `ORDER BY 2`: the item at that position, by its name where it has one. */
export function outputOf(items: readonly Expression[], position: number, overAggregate: boolean): Expression {
  const item = items[position - 1];
  if (!item) throw outOfRange("ORDER_BY_POS_OUT_OF_RANGE", "ORDER BY", position, items.length);
  if (item.exprType.case === "alias") return column([item.exprType.value.name[0] as string]);
  return overAggregate || item.exprType.case !== "unresolvedStar" ? item : column([String(position)]);
}
