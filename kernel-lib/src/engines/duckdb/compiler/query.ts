// One SELECT being put together. Operators fill it as long as SQL's own order of clauses means the same; then it is nested.
import type { Columns } from "./expression.ts";

export interface OrderKey {
  readonly sql: string;
  /** `ASC NULLS FIRST` and the like. */
  readonly direction: string;
}

export interface Query {
  readonly from: string;
  /** Whether `from` is a join, which needs parentheses on the right of another. */
  readonly joins: boolean;
  /** SQL over `from` of each output column, by attribute id. */
  readonly columns: Columns;
  readonly where: readonly string[];
  readonly groupBy: string | undefined;
  /** `DISTINCT` or `DISTINCT ON (…)`. */
  readonly distinct: string | undefined;
  readonly orderBy: readonly OrderKey[];
  readonly limit: string | undefined;
}

export function queryOf(from: string, ids: Iterable<string>, joins = false): Query {
  const columns = new Map([...ids].map((id) => [id, id]));
  return { from, joins, columns, where: [], groupBy: undefined, distinct: undefined, orderBy: [], limit: undefined };
}

/** Whether each column is just a column of `from`, so that expressions over the output can stand in this SELECT. */
export function isPlain(query: Query): boolean {
  return !isClosed(query) && [...query.columns].every(([id, sql]) => id === sql);
}

/** Whether a later operator has to see the rows after this SELECT is done. */
export function isClosed(query: Query): boolean {
  return query.groupBy !== undefined || query.distinct !== undefined || query.limit !== undefined;
}

export function render(query: Query, ids: Iterable<string> = query.columns.keys()): string {
  const columns = [...ids].map((id) => {
    const sql = query.columns.get(id) as string;
    return sql === id ? id : `${sql} AS ${id}`;
  });
  const parts = [
    `SELECT ${query.distinct ? `${query.distinct} ` : ""}${columns.join(", ") || "1 AS none"}`,
    `FROM ${query.from}`,
  ];
  if (query.where.length > 0) parts.push(`WHERE ${query.where.map((condition) => `(${condition})`).join(" AND ")}`);
  if (query.groupBy) parts.push(`GROUP BY ${query.groupBy}`);
  if (query.orderBy.length > 0)
    parts.push(`ORDER BY ${query.orderBy.map((key) => `${key.sql} ${key.direction}`).join(", ")}`);
  if (query.limit) parts.push(query.limit);
  return parts.join(" ");
}

/** The query without an order that its consumer cannot see. */
export function unordered(query: Query): Query {
  return query.limit === undefined && !query.distinct ? { ...query, orderBy: [] } : query;
}

/** A FROM element with the query's rows. */
export function source(query: Query): string {
  const { from, where, orderBy } = query;
  const needless = isPlain(query) && where.length === 0 && orderBy.length === 0;
  return needless ? from : `(${render(query)})`;
}

/** The query as the input of a new SELECT; its order, which SQL would forget, moves to the new one. */
export function nest(query: Query, fresh: (prefix: string) => string): Query {
  if (query.orderBy.length === 0 || isClosed(query)) return queryOf(source(query), query.columns.keys());
  const columns = new Map(query.columns);
  const orderBy = query.orderBy.map((key): OrderKey => {
    const known = [...columns].find(([, sql]) => sql === key.sql);
    const id = known?.[0] ?? fresh("k");
    columns.set(id, key.sql);
    return { ...key, sql: id };
  });
  const inner: Query = { ...query, columns, orderBy: [] };
  return { ...queryOf(source(inner), query.columns.keys()), orderBy };
}
