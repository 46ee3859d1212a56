// One method for each relational operator. `required` are the output columns that somebody above needs.
import { reference, semanticKey } from "../analyzer/build.ts";
import type { Operation } from "../driver/operation.ts";
import type { AggregateCall, Attribute, Expression } from "../resolved/expression.ts";
import type * as tree from "../resolved/relation.ts";
import { ROW_POSITION } from "../functions/sql-text.ts";
import { duckdbType } from "../types.ts";
import { collapse, needed } from "./collapse.ts";
import type { Columns, ExpressionCompiler } from "./expression.ts";
import type { Query } from "./query.ts";
import { hasTwoZeros, oneZero } from "./zero.ts";
import { isClosed, isPlain, nest, queryOf, render, source, unordered } from "./query.ts";
import { collectReferences, referencesOf } from "./references.ts";
import { StagedGrouping } from "./staged-grouping.ts";

type Required = ReadonlySet<string>;

const JOINS: Readonly<Record<tree.JoinType, string>> = {
  inner: "JOIN",
  cross: "CROSS JOIN",
  left: "LEFT JOIN",
  right: "RIGHT JOIN",
  full: "FULL JOIN",
  leftSemi: "SEMI JOIN",
  leftAnti: "ANTI JOIN",
};

export class RelationCompiler {
  private readonly expressions: ExpressionCompiler;
  private readonly operation: Operation;
  private readonly staging: StagedGrouping;

  constructor(expressions: ExpressionCompiler, operation: Operation) {
    this.expressions = expressions;
    this.operation = operation;
    this.staging = new StagedGrouping(expressions, operation);
  }

  async query(relation: tree.Relation, required: Required): Promise<Query> {
    switch (relation.kind) {
      case "scan":
        return this.scan(relation, required);
      case "local":
        return this.local(relation);
      case "range":
        return this.range(relation);
      case "project":
        return this.project(relation, required);
      case "generate":
        return this.generate(relation, required);
      case "filter":
        return this.filter(relation, required);
      case "join":
        return this.join(relation, required);
      case "aggregate":
        return this.aggregate(relation, required);
      case "sort":
        return this.sort(relation, required);
      case "limit":
        return this.limit(relation, required);
      case "tail":
        return this.tail(relation, required);
      case "setOperation":
        return this.setOperation(relation, required);
      case "distinct":
        return this.distinct(relation, required);
      case "sample":
        return this.sample(relation, required);
    }
  }

  private readonly fresh = (prefix: string): string => this.expressions.name(prefix);

  /** The query of an input, in a form whose columns expressions may use in the same SELECT. */
  private async plain(relation: tree.Relation, required: Required): Promise<Query> {
    const query = await this.query(relation, required);
    return isPlain(query) ? query : nest(query, this.fresh);
  }

  private async scan(relation: tree.Scan, required: Required): Promise<Query> {
    const wanted = relation.output.flatMap((attribute, ordinal) => (required.has(attribute.id) ? [ordinal] : []));
    // Rows are counted by some column when no column is needed.
    const ordinals = wanted.length === 0 && relation.output.length > 0 ? [0] : wanted;
    const columns = ordinals.map((ordinal) => {
      const { id, dataType } = relation.output[ordinal] as Attribute;
      return { ordinal, id, dataType };
    });
    const sql = await relation.source.prepare(columns, this.operation);
    return queryOf(
      sql,
      columns.map((column) => column.id),
    );
  }

  private async local(relation: tree.LocalRows): Promise<Query> {
    const ids = relation.output.map((attribute) => attribute.id);
    if (relation.data.arrow) return queryOf(await this.operation.localTable(relation.data, ids), ids);
    const nulls = relation.output.map(
      (attribute) => `CAST(NULL AS ${duckdbType(attribute.dataType)}) AS ${attribute.id}`,
    );
    return queryOf(`(SELECT ${nulls.join(", ") || "1 AS none"} WHERE false)`, ids);
  }

  private range(relation: tree.RangeRows): Query {
    const { start, end, step, output } = relation;
    const [attribute] = output;
    const rows = `range(${start}::BIGINT, ${end}::BIGINT, ${step}::BIGINT)`;
    return attribute
      ? queryOf(`${rows} AS ${this.fresh("r")}(${attribute.id})`, [attribute.id])
      : queryOf("(SELECT 1)", []);
  }

  private async project(relation: tree.Project, required: Required): Promise<Query> {
    const { expressions, input, output } = collapse(needed(relation, required));
    const query = await this.plain(input, referencesOf(expressions));
    const columns = new Map(
      output.map((attribute, i) => [attribute.id, this.expressions.sql(expressions[i] as Expression, query.columns)]),
    );
    return { ...query, columns };
  }

  private async generate(relation: tree.Generate, required: Required): Promise<Query> {
    const { generator, generated } = relation;
    const passed = relation.input.output
      .filter((attribute) => required.has(attribute.id))
      .map((attribute) => attribute.id);
    const below = new Set(passed);
    collectReferences(generator, below);
    let query = await this.plain(relation.input, below);
    let list = this.expressions.sql(generator, query.columns);
    if (relation.outer) {
      const id = this.fresh("l");
      query = nest({ ...query, columns: new Map([...query.columns, [id, list]]) }, this.fresh);
      list = `CASE WHEN len(${id}) > 0 THEN ${id} ELSE [NULL] END`;
    }
    const item = this.fresh("g");
    const columns = new Map<string, string>(passed.map((id) => [id, id]));
    const [only] = generated;
    if (generated.length === 1 && only)
      return nest({ ...query, columns: columns.set(only.id, `unnest(${list})`) }, this.fresh);
    const rows = nest({ ...query, columns: new Map([...columns, [item, `unnest(${list})`]]) }, this.fresh);
    generated.forEach((attribute, i) => columns.set(attribute.id, `(${item}).f${i + 1}`));
    return { ...rows, columns };
  }

  private async filter(relation: tree.Filter, required: Required): Promise<Query> {
    const below = new Set(required);
    collectReferences(relation.condition, below);
    const query = await this.plain(relation.input, below);
    const condition = this.expressions.sql(relation.condition, query.columns);
    if (!condition.includes(ROW_POSITION)) return { ...query, where: [...query.where, condition] };
    const id = this.fresh("w");
    const tested = nest({ ...query, columns: new Map([...query.columns, [id, condition]]) }, this.fresh);
    return { ...tested, columns: query.columns, where: [id] };
  }

  private async join(relation: tree.Join, required: Required): Promise<Query> {
    const below = new Set(required);
    if (relation.condition) collectReferences(relation.condition, below);
    const of = (side: tree.Relation) => new Set(side.output.flatMap(({ id }) => (below.has(id) ? [id] : [])));
    const left = unordered(await this.query(relation.left, of(relation.left)));
    const right = unordered(await this.query(relation.right, of(relation.right)));
    const columns: Columns = new Map([...left.columns.keys(), ...right.columns.keys()].map((id) => [id, id]));
    const on = relation.condition ? this.expressions.sql(relation.condition, columns) : undefined;
    const type = relation.type === "cross" && on ? "inner" : relation.type === "inner" && !on ? "cross" : relation.type;
    const rightSource = source(right);
    const isJoin = right.joins && rightSource === right.from;
    const from = `${source(left)} ${JOINS[type]} ${isJoin ? `(${rightSource})` : rightSource}`;
    const ids = relation.output.flatMap(({ id }) => (below.has(id) ? [id] : []));
    return queryOf(type === "cross" ? from : `${from} ON ${on ?? "true"}`, ids, true);
  }

  private async aggregate(relation: tree.Aggregate, required: Required): Promise<Query> {
    const keyCount = relation.groupBy.length;
    const calls = relation.aggregates.flatMap((call, i) => {
      const attribute = relation.output[keyCount + i] as Attribute;
      return required.has(attribute.id) ? [{ call, attribute }] : [];
    });
    const below = referencesOf([...relation.groupBy, ...calls.map((entry) => entry.call)]);
    let query = this.numbered(calls, unordered(await this.plain(relation.input, below)));
    const keys = new Map<string, string>();
    const isPlainKey = (key: Expression) => key.kind === "attribute" && !hasTwoZeros(key.dataType);
    if (!relation.groupBy.every(isPlainKey)) {
      // Computed keys become columns first, so that each is computed once and none is taken for a position.
      const columns = new Map(query.columns);
      for (const key of relation.groupBy) {
        const id = key.kind === "attribute" && isPlainKey(key) ? key.attribute.id : this.fresh("k");
        keys.set(semanticKey(key), id);
        columns.set(id, oneZero(this.expressions.sql(key, query.columns), key.dataType));
      }
      query = nest({ ...query, columns }, this.fresh);
    }
    const keySql = relation.groupBy.map(
      (key) => keys.get(semanticKey(key)) ?? this.expressions.sql(key, query.columns),
    );
    const columns = new Map<string, string>();
    relation.groupBy.forEach((_, i) => {
      const { id } = relation.output[i] as Attribute;
      if (required.has(id)) columns.set(id, keySql[i] as string);
    });
    for (const { call, attribute } of calls) columns.set(attribute.id, this.expressions.sql(call, query.columns));
    if (relation.groupingId && required.has(relation.groupingId.id))
      columns.set(
        relation.groupingId.id,
        keySql.length > 0 ? `CAST(grouping(${keySql.join(", ")}) AS BIGINT)` : "0::BIGINT",
      );
    const sets = relation.groupingSets?.map((set) => `(${set.map((i) => keySql[i]).join(", ")})`);
    const groupBy = sets ? `GROUPING SETS (${sets.join(", ")})` : keySql.join(", ") || "ALL";
    const isGlobal = keySql.length === 0 && !sets;
    if (!isGlobal && !sets && this.staging.serves(relation, calls)) {
      const grouped = await this.staging.group({ ...query, columns, groupBy }, query, keySql);
      return queryOf(grouped, columns.keys());
    }
    // Without a key and without an aggregate there still is exactly one group.
    if (isGlobal && columns.size === 0) columns.set(this.fresh("n"), "count(*)");
    return nest({ ...query, columns, groupBy: isGlobal ? undefined : groupBy, orderBy: [] }, this.fresh);
  }

  /** The query with a column for each argument of an aggregate that needs the position of its row. */
  private numbered(calls: { call: AggregateCall }[], query: Query): Query {
    const columns = new Map(query.columns);
    for (const entry of calls) {
      const args = entry.call.args.map((arg) => {
        const sql = this.expressions.sql(arg, query.columns);
        if (!sql.includes(ROW_POSITION)) return arg;
        const { dataType, nullable } = arg;
        const attribute: Attribute = { id: this.fresh("p"), name: "", dataType, nullable, qualifier: [] };
        columns.set(attribute.id, sql);
        return reference(attribute);
      });
      if (columns.size > query.columns.size) entry.call = { ...entry.call, args };
    }
    return columns.size > query.columns.size ? nest({ ...query, columns }, this.fresh) : query;
  }

  private async sort(relation: tree.Sort, required: Required): Promise<Query> {
    const below = new Set(required);
    for (const key of relation.keys) collectReferences(key.child, below);
    const query = await this.plain(relation.input, below);
    const orderBy = relation.keys.flatMap((key) => this.expressions.sortKeys(key, query.columns));
    return { ...query, orderBy };
  }

  private async limit(relation: tree.Limit, required: Required): Promise<Query> {
    const query = await this.query(relation.input, required);
    const open = query.limit === undefined ? query : nest(query, this.fresh);
    const parts = [
      ...(relation.limit === undefined ? [] : [`LIMIT ${relation.limit}`]),
      ...(relation.offset === undefined ? [] : [`OFFSET ${relation.offset}`]),
    ];
    return { ...open, limit: parts.join(" ") };
  }

  private async tail(relation: tree.Tail, required: Required): Promise<Query> {
    const query = await this.query(relation.input, required);
    const inner = nest(query, this.fresh);
    const order = inner.orderBy.map((key) => `${key.sql} ${key.direction}`).join(", ");
    const position = this.fresh("n");
    const total = this.fresh("n");
    const numbered: Query = {
      ...inner,
      orderBy: [],
      columns: new Map([
        ...inner.columns,
        [position, `row_number() OVER (${order ? `ORDER BY ${order}` : ""})`],
        [total, "count(*) OVER ()"],
      ]),
    };
    const rows = nest(numbered, this.fresh);
    return {
      ...rows,
      columns: new Map([...inner.columns.keys()].map((id) => [id, id])),
      where: [`${position} > ${total} - ${relation.limit}`],
      orderBy: [{ sql: position, direction: "ASC" }],
    };
  }

  private async setOperation(relation: tree.SetOperation, required: Required): Promise<Query> {
    // Only UNION ALL may drop columns: the others compare whole rows.
    const positions = relation.output.flatMap(({ id }, i) =>
      required.has(id) || relation.type !== "union" || !relation.all ? [i] : [],
    );
    const side = async (input: tree.Relation): Promise<string> => {
      const ids = positions.map((i) => (input.output[i] as Attribute).id);
      const rows = unordered(await this.query(input, new Set(ids)));
      const query = relation.type === "union" && relation.all ? rows : withOneZero(rows, input.output);
      return `(${ids.length === 0 ? render(query, []) : render(query, ids)})`;
    };
    const operator = `${relation.type.toUpperCase()}${relation.all ? " ALL" : ""}`;
    const from = `(${await side(relation.left)} ${operator} ${await side(relation.right)})`;
    const inner = positions.map((i) => (relation.left.output[i] as Attribute).id);
    const query = queryOf(from, inner);
    return {
      ...query,
      columns: new Map(positions.map((i, at) => [(relation.output[i] as Attribute).id, inner[at] as string])),
    };
  }

  private async distinct(relation: tree.Distinct, required: Required): Promise<Query> {
    const all = relation.output.map((attribute) => attribute.id);
    const on = relation.on?.map((attribute) => attribute.id);
    const below = new Set(on ? [...required, ...on] : all);
    const query = await this.query(relation.input, below);
    if (!on) {
      const open = isClosed(query) ? nest(query, this.fresh) : unordered(query);
      return nest({ ...withOneZero(open, relation.output), distinct: "DISTINCT" }, this.fresh);
    }
    // The first row in order stays, as Spark does it in practice after a sort.
    const inner = isPlain(query) ? query : nest(query, this.fresh);
    return nest({ ...inner, distinct: `DISTINCT ON (${on.join(", ")})` }, this.fresh);
  }

  private async sample(relation: tree.Sample, required: Required): Promise<Query> {
    const query = nest(await this.query(relation.input, required), this.fresh);
    const draw = this.fresh("u");
    const columns = new Map([
      ...query.columns,
      [draw, `hash(row_number() OVER (), ${relation.seed}::BIGINT) / 18446744073709551616.0::DOUBLE`],
    ]);
    const drawn = nest({ ...query, columns }, this.fresh);
    return {
      ...drawn,
      columns: query.columns,
      where: [`${draw} >= ${relation.lowerBound}::DOUBLE AND ${draw} < ${relation.upperBound}::DOUBLE`],
    };
  }
}

/** The query with one zero in its floating columns: whole rows are compared and come out so. */
function withOneZero(query: Query, output: readonly Attribute[]): Query {
  const types = new Map(output.map((attribute) => [attribute.id, attribute.dataType]));
  const columns = [...query.columns].map(([id, sql]) => {
    const type = types.get(id);
    return [id, type ? oneZero(sql, type) : sql] as const;
  });
  return { ...query, columns: new Map(columns) };
}
