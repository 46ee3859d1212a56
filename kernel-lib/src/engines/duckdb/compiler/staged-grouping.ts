// Grouping of many rows by aggregates whose state DuckDB cannot spill: the input goes to a temporary table first, and is
// grouped one part of the keys after the other. That bounds the memory, in about the same time.
import type { Operation } from "../driver/operation.ts";
import type { AggregateCall } from "../resolved/expression.ts";
import type * as tree from "../resolved/relation.ts";
import type { ExpressionCompiler } from "./expression.ts";
import type { Query } from "./query.ts";
import { queryOf, render, source } from "./query.ts";

/** Rows grouped at once: some 200 MB of state for wide structs. */
const ROWS_IN_PART = 300_000;
/** A range below this is small; files may be of any size. */
const LARGE_RANGE = 1_000_000n;
/** Kinds whose equal values have equal hashes in DuckDB. Others (0.0 and -0.0, nested values) are grouped at once. */
const HASHABLE = new Set([
  "boolean",
  "byte",
  "short",
  "integer",
  "long",
  "string",
  "binary",
  "date",
  "timestamp",
  "decimal",
]);

export class StagedGrouping {
  private readonly expressions: ExpressionCompiler;
  private readonly operation: Operation;

  constructor(expressions: ExpressionCompiler, operation: Operation) {
    this.expressions = expressions;
    this.operation = operation;
  }

  /** Whether the aggregate may need more memory than there is, and can be done in parts. */
  serves(relation: tree.Aggregate, calls: readonly { readonly call: AggregateCall }[]): boolean {
    return (
      calls.some(({ call }) => call.definition.holdsRows) &&
      relation.groupBy.every((key) => HASHABLE.has(key.dataType.kind)) &&
      mayBeLarge(relation.input)
    );
  }

  /**
   * The table, or the SELECT, with the groups.
   *
   * @param grouping the whole grouping as one SELECT over `input`'s rows.
   */
  async group(grouping: Query, input: Query, keys: readonly string[]): Promise<string> {
    const natives = () => this.expressions.nativeFunctions;
    const staged = await this.operation.stage(render(input), natives());
    const [[rows] = []] = await this.operation.rows(`SELECT count(*) FROM ${staged}`);
    const over = { ...queryOf(staged, input.columns.keys()), columns: grouping.columns, groupBy: grouping.groupBy };
    const parts = Math.ceil(Number(rows) / ROWS_IN_PART);
    if (parts <= 1) return source(over);
    let groups: string | undefined;
    for (let part = 0; part < parts; part++) {
      const where = [`hash(${keys.join(", ")}) % ${parts} = ${part}`];
      groups = await this.operation.stage(render({ ...over, where }), natives(), groups);
    }
    await this.operation.run(`DROP TABLE ${staged}`);
    return groups as string;
  }
}

function mayBeLarge(relation: tree.Relation): boolean {
  switch (relation.kind) {
    case "scan":
      return true;
    case "local":
      return false;
    case "range":
      return (relation.end - relation.start) / relation.step >= LARGE_RANGE;
    case "join":
    case "setOperation":
      return mayBeLarge(relation.left) || mayBeLarge(relation.right);
    default:
      return mayBeLarge(relation.input);
  }
}
