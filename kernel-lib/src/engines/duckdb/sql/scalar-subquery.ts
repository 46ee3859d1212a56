// Subqueries that stand for one value: each is joined to the query once, as a column.
import type { Expression } from "../../../generated/spark/connect/expressions_pb.ts";
import type { Relation } from "../../../generated/spark/connect/relations_pb.ts";
import { Join_JoinType as JoinType } from "../../../generated/spark/connect/relations_pb.ts";
import { unsupported } from "../../../sql/errors.ts";
import { hasAggregate } from "./grouping.ts";
import { aliased, column, relationOf } from "./make.ts";
import { kindOf, nodes } from "./parser.ts";
import type { QueryReader } from "./query.ts";

export class ScalarSubqueries {
  private readonly waiting: { readonly name: string; readonly relation: Relation }[] = [];
  private count = 0;

  /** The column in which the value of the subquery will be. */
  add(subquery: unknown, query: QueryReader): Expression {
    if (!givesOneRow(subquery, query))
      throw unsupported(
        "A subquery that may give more than one row",
        "Aggregate it without GROUP BY, or write a join.",
      );
    const name = `scalar subquery ${(this.count += 1)}`;
    const relation = relationOf({ case: "toDf", value: { input: query.read(subquery), columnNames: ["value"] } });
    this.waiting.push({ name, relation: aliased(relation, name) });
    return column([name, "value"]);
  }

  /** The relation with the values met since the last call beside its columns. */
  joinTo(input: Relation | undefined, items: readonly Expression[] = []): Relation | undefined {
    if (this.count > 0 && items.some((item) => item.exprType.case === "unresolvedStar"))
      throw unsupported("A star beside a subquery", "List the columns.");
    let relation = input;
    for (const { relation: right } of this.waiting.splice(0)) {
      const left = relation ?? relationOf({ case: "project", value: { expressions: [] } });
      relation = relationOf({ case: "join", value: { left, right, joinType: JoinType.CROSS } });
    }
    return relation;
  }
}

/** An aggregate without GROUP BY gives exactly one row. */
function givesOneRow(subquery: unknown, query: QueryReader): boolean {
  const [kind, node] = kindOf(subquery);
  if (kind !== "select" || node["group_by"] || node["having"] || node["limit"] || node["offset"] || node["with"])
    return false;
  const items = nodes(node["expressions"]);
  return items.length === 1 && hasAggregate(query.expressions.read(items[0]));
}
