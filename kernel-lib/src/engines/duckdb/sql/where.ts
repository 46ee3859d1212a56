// WHERE: plain conditions are a filter; [NOT] EXISTS and [NOT] IN with a subquery are semi and anti joins.
import type { Relation } from "../../../generated/spark/connect/relations_pb.ts";
import { Join_JoinType as JoinType } from "../../../generated/spark/connect/relations_pb.ts";
import { unsupported } from "../../../sql/errors.ts";
import { FromReader } from "./from.ts";
import { aliased, callOf, column, expressionOf, relationOf } from "./make.ts";
import type { Node } from "./parser.ts";
import { kindOf, nodes } from "./parser.ts";
import type { QueryReader } from "./query.ts";

/** Reads a condition, and gives what it does to the relation it is put over. */
export function readWhere(condition: unknown, query: QueryReader): (input: Relation | undefined) => Relation {
  const steps = conjuncts(condition).map((conjunct) => {
    if (joinsSubquery(conjunct)) return (relation: Relation) => subqueryJoin(relation, conjunct, query);
    return query.expressions.read(conjunct);
  });
  return (input) => {
    let relation = input ?? relationOf({ case: "project", value: { expressions: [] } });
    const plain = steps.filter((step) => typeof step !== "function");
    for (const step of steps) if (typeof step === "function") relation = step(relation);
    if (plain.length === 0) return relation;
    const all = plain.reduce((left, right) => callOf("and", [left, right]));
    return relationOf({ case: "filter", value: { input: relation, condition: all } });
  };
}

function joinsSubquery(condition: unknown): boolean {
  const [kind, node] = kindOf(condition);
  if (kind === "not") return joinsSubquery(node["this"]);
  return kind === "exists" || (kind === "in" && Boolean(node["query"]));
}

function conjuncts(condition: unknown): unknown[] {
  const [kind, node] = kindOf(condition);
  if (kind === "and") return [...conjuncts(node["left"]), ...conjuncts(node["right"])];
  return kind === "paren" ? conjuncts(node["this"]) : [condition];
}

function subqueryJoin(left: Relation, condition: unknown, query: QueryReader, negated = false): Relation {
  const [kind, node] = kindOf(condition);
  if (kind === "not") return subqueryJoin(left, node["this"], query, !negated);
  const isNegated = negated !== (node["not"] === true);
  return kind === "exists" ? exists(left, node, isNegated, query) : isIn(left, node, isNegated, query);
}

/** The subquery's own condition is the join's: it may name columns of both sides. */
function exists(left: Relation, node: Node, negated: boolean, query: QueryReader): Relation {
  const [kind, select] = kindOf(node["this"]);
  const simple = kind === "select" && !select["group_by"] && !select["having"] && !select["limit"] && !select["with"];
  const right = simple ? new FromReader(query).read(select) : undefined;
  if (!right) throw unsupported("EXISTS with a grouped or limited subquery", "Write a left semi join.");
  const where = select["where_clause"] as Node | null | undefined;
  const joinCondition = where ? query.expressions.read(where["this"]) : undefined;
  const joinType = negated ? JoinType.LEFT_ANTI : JoinType.LEFT_SEMI;
  return relationOf({ case: "join", value: { left, right, joinType, ...(joinCondition ? { joinCondition } : {}) } });
}

const VALUE = ["in subquery", "value"] as const;

/** NOT IN gives a row only when the comparison with each value is certainly false; null is not. */
function isIn(left: Relation, node: Node, negated: boolean, query: QueryReader): Relation {
  const values = nodes(node["this"]).length > 0 ? undefined : query.expressions.read(node["this"]);
  if (!values) throw unsupported("IN with several columns", "Write a left semi join.");
  const rows = relationOf({ case: "toDf", value: { input: query.read(node["query"]), columnNames: [VALUE[1]] } });
  const equal = callOf("==", [values, column(VALUE)]);
  const yes = expressionOf({ case: "literal", value: { literalType: { case: "boolean", value: true } } });
  return relationOf({
    case: "join",
    value: {
      left,
      right: aliased(rows, VALUE[0]),
      joinType: negated ? JoinType.LEFT_ANTI : JoinType.LEFT_SEMI,
      joinCondition: negated ? callOf("coalesce", [equal, yes]) : equal,
    },
  });
}
