// SELECT, VALUES, set operations and common table expressions → the protocol's relations.
import type { Expression } from "../../../generated/spark/connect/expressions_pb.ts";
import type { Relation } from "../../../generated/spark/connect/relations_pb.ts";
import { SparkError, unsupported } from "../../../sql/errors.ts";
import type { Parameters } from "./expression.ts";
import { ExpressionReader } from "./expression.ts";
import { FromReader } from "./from.ts";
import { hasAggregate, outputOf, readGrouping } from "./grouping.ts";
import { aliased, callOf, expressionOf, named, relationOf, text } from "./make.ts";
import type { Node } from "./parser.ts";
import { kindOf, nameOf, nodes } from "./parser.ts";
import { ScalarSubqueries } from "./scalar-subquery.ts";
import { readWhere } from "./where.ts";

/** Common table expressions in scope: name in lower case to their relation. */
export type Tables = ReadonlyMap<string, Relation>;

const SET_OPERATIONS = { intersect: 1, union: 2, except: 3 } as const;

export class QueryReader {
  readonly expressions: ExpressionReader;
  private readonly parameters: Parameters;
  readonly tables: Tables;
  /** The subqueries met so far in the SELECT being read. */
  private scalars = new ScalarSubqueries();

  constructor(parameters: Parameters, tables: Tables = new Map()) {
    this.parameters = parameters;
    this.tables = tables;
    this.expressions = new ExpressionReader(parameters, (subquery) => this.scalars.add(subquery, this));
  }

  read(statement: unknown): Relation {
    const [kind, node] = kindOf(statement);
    const reader = node["with"] ? this.withTables(node["with"] as Node) : this;
    switch (kind) {
      case "select":
        return reader.select(node);
      case "union":
      case "intersect":
      case "except":
        return reader.tail(node, reader.setOperation(kind, node));
      case "subquery":
      case "paren":
        return reader.tail(node, reader.read(node["this"]));
      case "values":
        return reader.tail(node, reader.values(node));
      default:
        throw unsupported(`The SQL statement ${kind.replaceAll("_", " ")}`, "Use SELECT, VALUES or DataFrame methods.");
    }
  }

  /** Whether it is something that `read` takes. */
  static isQuery(statement: unknown): boolean {
    return ["select", "union", "intersect", "except", "subquery", "paren", "values"].includes(kindOf(statement)[0]);
  }

  private withTables(clause: Node): QueryReader {
    if (clause["recursive"]) throw unsupported("A recursive common table expression", "Write the steps as DataFrames.");
    let tables: Tables = this.tables;
    for (const item of nodes(clause["ctes"])) {
      const table = item as Node;
      const name = nameOf(table["alias"]);
      let relation = new QueryReader(this.parameters, tables).read(table["this"]);
      const columnNames = nodes(table["columns"]).map(nameOf);
      if (columnNames.length > 0) relation = relationOf({ case: "toDf", value: { input: relation, columnNames } });
      tables = new Map([...tables, [name.toLowerCase(), aliased(relation, name)]]);
    }
    return new QueryReader(this.parameters, tables);
  }

  /** Inline rows: one list of structs, so that types widen and the order stays. */
  values(node: Node): Relation {
    const rows = nodes(node["expressions"]).map((row) => this.expressions.all((row as Node)["expressions"] ?? [row]));
    const width = rows[0]?.length ?? 0;
    if (rows.some((row) => row.length !== width))
      throw new SparkError(
        "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
        `Invalid inline table. Inline table expected ${width} columns but found another number of columns in a row.`,
        { sqlState: "42000" },
      );
    const structs = rows.map((row) =>
      callOf(
        "named_struct",
        row.flatMap((value, i) => [text(`col${i + 1}`), value]),
      ),
    );
    const expressions = [callOf("inline", [callOf("array", structs)])];
    return relationOf({ case: "project", value: { expressions } });
  }

  private setOperation(kind: keyof typeof SET_OPERATIONS, node: Node): Relation {
    const all = node["all"] === true;
    const operation = relationOf({
      case: "setOp",
      value: {
        leftInput: this.read(node["left"]),
        rightInput: this.read(node["right"]),
        setOpType: SET_OPERATIONS[kind],
        isAll: all,
        byName: node["by_name"] === true,
      },
    });
    return operation;
  }

  private select(node: Node): Relation {
    const outer = this.scalars;
    this.scalars = new ScalarSubqueries();
    try {
      return this.selectOwn(node);
    } finally {
      this.scalars = outer;
    }
  }

  private selectOwn(node: Node): Relation {
    const from = new FromReader(this).read(node);
    const where = node["where_clause"] ? readWhere((node["where_clause"] as Node)["this"], this) : undefined;
    const grouping = node["group_by"] as Node | null | undefined;
    const list = nodes(node["expressions"]);
    const items = list.flatMap((item) => this.item(item, from));
    const source = this.scalars.joinTo(where ? where(this.scalars.joinTo(from)) : from, items);
    const having = node["having"] as Node | null | undefined;
    if (grouping || having || items.some(hasAggregate)) return this.aggregate(node, source, items);
    const project = relationOf({
      case: "project",
      value: { ...(source ? { input: source } : {}), expressions: items },
    });
    return this.tail(node, node["distinct"] ? distinct(project) : project, items);
  }

  /** `* EXCEPT (a)` is a star over an input without the columns. */
  private item(item: unknown, source: Relation | undefined): Expression[] {
    const [kind, node] = kindOf(item);
    if (kind === "subquery" && !node["alias"]) return [named(this.expressions.read(item), "scalarsubquery()")];
    const except = kind === "star" ? nodes(node["except"]) : [];
    if (except.length === 0 || !source) return [this.expressions.read(item)];
    return [expressionOf({ case: "unresolvedRegex", value: { colName: `\`${allBut(except.map(nameOf))}\`` } })];
  }

  /** The keys stand first in what an aggregate gives; here they get names of their own and are dropped at the end. */
  private aggregate(node: Node, input: Relation | undefined, items: Expression[]): Relation {
    const { keys, groupType, sets } = readGrouping(
      node["group_by"] as Node | null | undefined,
      items,
      this.expressions,
    );
    const names = keys.map((_, i) => `group key ${i}`);
    let relation = relationOf({
      case: "aggregate",
      value: {
        input: input ?? relationOf({ case: "project", value: { expressions: [] } }),
        groupType,
        groupingExpressions: keys.map((key, i) => named(key, names[i] as string)),
        aggregateExpressions: items,
        groupingSets: sets.map((groupingSet) => ({ groupingSet: [...groupingSet] })),
      },
    });
    const having = node["having"] as Node | null | undefined;
    if (having)
      relation = relationOf({
        case: "filter",
        value: { input: relation, condition: this.expressions.read(having["this"]) },
      });
    const drop = (from: Relation) =>
      names.length === 0 ? from : relationOf({ case: "drop", value: { input: from, columnNames: names } });
    if (node["distinct"]) return this.tail(node, distinct(drop(relation)), items);
    const sorted = this.sorted(node, relation, items, true);
    return this.limited(node, drop(sorted));
  }

  /** ORDER BY, LIMIT and OFFSET over a relation. */
  tail(node: Node, relation: Relation, items: readonly Expression[] = []): Relation {
    return this.limited(node, this.sorted(node, relation, items, false));
  }

  private sorted(node: Node, input: Relation, items: readonly Expression[], overAggregate: boolean): Relation {
    const clause = (node["order_by"] ?? node["sort_by"]) as Node | null | undefined;
    if (!clause) return input;
    const order = this.expressions.sortOrders(clause["expressions"]);
    for (const key of order) {
      const literal = key.child?.exprType.case === "literal" ? key.child.exprType.value.literalType : undefined;
      if (literal?.case === "integer") key.child = outputOf(items, literal.value, overAggregate);
    }
    return relationOf({ case: "sort", value: { input, order, isGlobal: true } });
  }

  private limited(node: Node, relation: Relation): Relation {
    let result = relation;
    const offset = this.count(node["offset"]);
    const limit = this.count(node["limit"]);
    if (offset !== undefined) result = relationOf({ case: "offset", value: { input: result, offset } });
    if (limit !== undefined) result = relationOf({ case: "limit", value: { input: result, limit } });
    return result;
  }

  private count(clause: unknown): number | undefined {
    if (clause === undefined || clause === null) return undefined;
    const node = clause as Node;
    const expression = this.expressions.read(node["this"] ?? node);
    const literal = expression.exprType.case === "literal" ? expression.exprType.value.literalType : undefined;
    if (literal?.case === "integer") return literal.value;
    if (literal?.case === "long") return Number(literal.value);
    if (expression.exprType.case === "unresolvedAttribute") return undefined;
    throw unsupported("A computed LIMIT or OFFSET", "Write a number or bind a parameter.");
  }
}

function distinct(input: Relation): Relation {
  return relationOf({ case: "deduplicate", value: { input, allColumnsAsKeys: true } });
}

/** A pattern for every name but the given ones. */
function allBut(names: readonly string[]): string {
  return `(?!(?:${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})$).*`;
}
