// Resolved relation → one SQL query.
import type { Operation } from "../driver/operation.ts";
import type { NativeFunction, Semantics } from "../functions/definition.ts";
import type { Relation } from "../resolved/relation.ts";
import { ExpressionCompiler } from "./expression.ts";
import { nest, render } from "./query.ts";
import { RelationCompiler } from "./relation.ts";

export interface CompiledQuery {
  readonly sql: string;
  /** The JavaScript functions that the SQL calls. */
  readonly natives: readonly NativeFunction[];
}

/** The SQL whose columns are the relation's output, in order. Reads are prepared for the operation that will run it. */
export async function compile(relation: Relation, semantics: Semantics, operation: Operation): Promise<CompiledQuery> {
  const expressions = new ExpressionCompiler(semantics);
  const ids = relation.output.map((attribute) => attribute.id);
  const compiler = new RelationCompiler(expressions, operation);
  const query = await compiler.query(relation, new Set(ids));
  // One column may stand twice in the output of a join of views: SQL wants each name once.
  const doubled = new Set(ids).size < ids.length;
  const sql = doubled
    ? `SELECT ${ids.join(", ")} FROM (${render(nest(query, (prefix) => expressions.name(prefix)))})`
    : render(query, ids);
  return { sql, natives: expressions.nativeFunctions };
}
