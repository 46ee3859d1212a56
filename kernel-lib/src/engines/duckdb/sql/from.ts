// FROM: tables, subqueries, joins, lateral views, pivot.
import type { Expression } from "../../../generated/spark/connect/expressions_pb.ts";
import type { Relation } from "../../../generated/spark/connect/relations_pb.ts";
import {
  Aggregate_GroupType as GroupType,
  Join_JoinType as JoinType,
} from "../../../generated/spark/connect/relations_pb.ts";
import { unsupported } from "../../../sql/errors.ts";
import { REMAINING_COLUMNS } from "./internal-calls.ts";
import { aliased, callOf, named, relationOf, star } from "./make.ts";
import type { Node } from "./parser.ts";
import { kindOf, nameOf, nodes } from "./parser.ts";
import { FUNCTION_PREFIX } from "./prepare.ts";
import type { QueryReader } from "./query.ts";

export class FromReader {
  private readonly query: QueryReader;

  constructor(query: QueryReader) {
    this.query = query;
  }

  /** The relation of a SELECT's FROM clause; undefined when it has none. */
  read(select: Node): Relation | undefined {
    const from = select["from"] as Node | null | undefined;
    let relation: Relation | undefined;
    for (const item of nodes(from?.["expressions"])) {
      const right = this.element(item);
      relation = relation ? this.joined(relation, right, JoinType.CROSS) : right;
    }
    for (const item of nodes(select["joins"])) relation = this.join(relation as Relation, item as Node);
    for (const item of nodes(select["lateral_views"])) relation = this.lateralView(relation as Relation, item as Node);
    return relation;
  }

  private element(item: unknown): Relation {
    const [kind, node] = kindOf(item);
    switch (kind) {
      case "table":
        return this.withJoins(this.withAlias(this.table(node), node, nameOf(node["name"])), node);
      case "subquery":
        return this.withAlias(this.query.read(node["this"]), node);
      case "paren":
        return this.withAlias(this.element(node["this"]), node);
      case "alias":
        return this.withAlias(this.element(node["this"]), node);
      case "values":
        return this.withAlias(this.query.values(node), node);
      case "pivot":
        return this.withAlias(this.pivot(node), node);
      case "joined_table":
        return this.withAlias(this.withJoins(this.element(node["left"] ?? node["this"]), node), node);
      case "function":
        return this.withAlias(this.tableFunction(node), node);
      case "select":
      case "union":
        return this.query.read(item);
      default:
        throw unsupported(`${kind.replaceAll("_", " ")} in FROM`, "Use a table, a view, a subquery or a join.");
    }
  }

  private withJoins(relation: Relation, node: Node): Relation {
    return nodes(node["joins"]).reduce<Relation>((left, join) => this.join(left, join as Node), relation);
  }

  private withAlias(relation: Relation, node: Node, ownName?: string): Relation {
    const columnNames = nodes(node["column_aliases"]).map(nameOf);
    const renamed =
      columnNames.length > 0 ? relationOf({ case: "toDf", value: { input: relation, columnNames } }) : relation;
    if (node["alias"]) return aliased(renamed, nameOf(node["alias"]));
    return columnNames.length > 0 && ownName ? aliased(renamed, ownName) : renamed;
  }

  private table(node: Node): Relation {
    const parts = [node["catalog"], node["schema"], node["name"]]
      .filter((part) => part !== undefined && part !== null)
      .map(nameOf);
    const common = parts.length === 1 ? this.query.tables.get((parts[0] as string).toLowerCase()) : undefined;
    if (common) return common;
    const unparsedIdentifier = parts.map((part) => `\`${part.replaceAll("`", "``")}\``).join(".");
    return relationOf({ case: "read", value: { readType: { case: "namedTable", value: { unparsedIdentifier } } } });
  }

  private tableFunction(node: Node): Relation {
    const name = nameOf(node["name"]).replace(FUNCTION_PREFIX, "").toLowerCase();
    const args = this.query.expressions.all(node["args"]);
    if (name !== "range") return relationOf({ case: "project", value: { expressions: [callOf(name, args)] } });
    const numbers = args.map(integerOf);
    const [first = 0n, second, third] = numbers;
    return relationOf({
      case: "range",
      value:
        second === undefined ? { start: 0n, end: first, step: 1n } : { start: first, end: second, step: third ?? 1n },
    });
  }

  private joined(
    left: Relation,
    right: Relation,
    joinType: JoinType,
    joinCondition?: Expression,
    usingColumns: string[] = [],
  ): Relation {
    const condition = joinCondition ? { joinCondition } : {};
    return relationOf({ case: "join", value: { left, right, joinType, usingColumns, ...condition } });
  }

  private join(left: Relation, node: Node): Relation {
    const kind = String(node["kind"]).toLowerCase();
    if (kind.includes("natural")) throw unsupported("NATURAL JOIN", "Name the columns with USING.");
    const right = this.element(node["this"]);
    const using = nodes(node["using"]).map(nameOf);
    const on = node["on"] ? this.query.expressions.read(node["on"]) : undefined;
    return this.joined(left, right, joinTypeOf(kind), on, using);
  }

  private lateralView(input: Relation, node: Node): Relation {
    const call = this.query.expressions.read(node["this"]);
    if (call.exprType.case === "unresolvedFunction" && node["outer"] === true)
      call.exprType.value.functionName += "_outer";
    const names = nodes(node["column_aliases"]).map(nameOf);
    const generator = names.length > 0 ? named(call, ...names) : call;
    return relationOf({ case: "project", value: { input, expressions: [star(), generator] } });
  }

  private pivot(node: Node): Relation {
    const input = this.element(node["this"]);
    if (node["unpivot"]) throw unsupported("UNPIVOT in SQL", "Use DataFrame.unpivot.");
    const [field] = nodes(node["fields"]);
    const [kind, choice] = field ? kindOf(field) : ["", {} as Node];
    if (kind !== "in") throw unsupported("This form of PIVOT", "Use groupBy().pivot().");
    const pivotColumn = choice["this"];
    const values = nodes(choice["expressions"]).map((value) => this.query.expressions.read(value));
    const literals = values.map((value) => {
      if (value.exprType.case === "literal") return value.exprType.value;
      throw unsupported("PIVOT with named or computed values", "Use groupBy().pivot() and rename the columns.");
    });
    return relationOf({
      case: "aggregate",
      value: {
        input,
        groupType: GroupType.PIVOT,
        // Without a list, the keys are the columns that nothing else in the clause names.
        groupingExpressions: [callOf(REMAINING_COLUMNS, [])],
        aggregateExpressions: this.query.expressions.all(node["expressions"]),
        pivot: { col: this.query.expressions.read(pivotColumn), values: literals },
      },
    });
  }
}

function joinTypeOf(kind: string): JoinType {
  if (kind.includes("full")) return JoinType.FULL_OUTER;
  if (kind.includes("semi")) return JoinType.LEFT_SEMI;
  if (kind.includes("anti")) return JoinType.LEFT_ANTI;
  if (kind.includes("left")) return JoinType.LEFT_OUTER;
  if (kind.includes("right")) return JoinType.RIGHT_OUTER;
  return kind.includes("cross") || kind === "implicit" ? JoinType.CROSS : JoinType.INNER;
}

function integerOf(expression: Expression): bigint {
  const literal = expression.exprType.case === "literal" ? expression.exprType.value.literalType : undefined;
  if (literal?.case === "integer" || literal?.case === "long") return BigInt(literal.value);
  throw unsupported("range with a computed bound", "Write a number.");
}
