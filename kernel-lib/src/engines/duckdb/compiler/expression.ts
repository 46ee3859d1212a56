// Resolved expression → DuckDB SQL.
import type { DataType } from "../../../sql/types/data-type.ts";
import type { EmitContext, NativeFunction, Semantics } from "../functions/definition.ts";
import { ROW_POSITION } from "../functions/sql-text.ts";
import { unsupported } from "../../../sql/errors.ts";
import { sortKeySql } from "../functions/sort-key.ts";
import { castSql } from "../casts/cast.ts";
import { raiseSql } from "../errors.ts";
import { literalSql } from "../literals.ts";
import { structField } from "../types.ts";
import type { OrderKey } from "./query.ts";
import type { Expression, FrameBound, SortKey, WindowCall } from "../resolved/expression.ts";

/** Where OVER goes: after each raw call of DuckDB in what an aggregate or window function emits. */
const OVER_MARK = "/*\u{e000}over*/";

/** SQL of the columns an expression refers to, by attribute id. */
export type Columns = ReadonlyMap<string, string>;

/** Makes the SQL of expressions, and remembers the JavaScript functions they need. */
export class ExpressionCompiler {
  private readonly semantics: Semantics;
  private readonly natives = new Map<string, NativeFunction>();
  private fresh = 0;

  constructor(semantics: Semantics) {
    this.semantics = semantics;
  }

  /** The JavaScript functions used so far. */
  get nativeFunctions(): readonly NativeFunction[] {
    return [...this.natives.values()];
  }

  name(prefix: string): string {
    this.fresh += 1;
    return `${prefix}_${this.fresh}`;
  }

  sql(expression: Expression, columns: Columns): string {
    switch (expression.kind) {
      case "literal":
        return literalSql(expression);
      case "attribute": {
        const column = columns.get(expression.attribute.id);
        if (column === undefined)
          throw new Error(`The column ${expression.attribute.name} (${expression.attribute.id}) is not in the input.`);
        return column;
      }
      case "variable":
        return expression.id;
      case "alias":
        return this.sql(expression.child, columns);
      case "cast": {
        const child = this.sql(expression.child, columns);
        return castSql(
          child,
          expression.child.dataType,
          expression.dataType,
          expression.mode,
          this.emitContext(columns),
        );
      }
      case "field":
        return `(${this.sql(expression.child, columns)}).${structField(expression.ordinal)}`;
      case "lambda":
        return `lambda ${expression.parameters.map((parameter) => parameter.id).join(", ")}: ${this.sql(expression.body, columns)}`;
      case "call":
      case "aggregate":
        return this.call(expression, columns).replaceAll(OVER_MARK, "");
      case "window":
        return this.window(expression, columns);
    }
  }

  /** The keys in SQL; a struct is compared field by field, as DuckDB puts nulls inside structs last. */
  sortKeys(key: SortKey, columns: Columns): OrderKey[] {
    const sql = this.sql(key.child, columns);
    const type = key.child.dataType;
    return orderKeys(key.child.kind === "literal" ? `(SELECT ${sql})` : sql, type, key, this.emitContext(columns));
  }

  private call(expression: Expression & { kind: "call" | "aggregate" }, columns: Columns): string {
    const args = expression.args.map((arg) => this.sql(arg, columns));
    if (expression.kind === "aggregate" && args.some((arg) => arg.includes(ROW_POSITION)))
      throw unsupported("A seeded random number in an aggregate", "Add it as a column first.");
    const filter =
      expression.kind === "aggregate" && expression.filter ? this.sql(expression.filter, columns) : undefined;
    return expression.definition.emit(args, expression, this.emitContext(columns, filter));
  }

  private emitContext(columns: Columns, filter?: string): EmitContext {
    const context: EmitContext = {
      ansi: this.semantics.ansi,
      timeZone: this.semantics.timeZone,
      conf: (key) => this.semantics.conf(key),
      sql: (expression) => this.sql(expression, columns),
      castSql: (sql, from, to, mode) => castSql(sql, from, to, mode, context),
      aggregate: (call) => `${call}${filter ? ` FILTER (WHERE ${filter})` : ""} ${OVER_MARK}`,
      raise: raiseSql,
      native: (fn) => {
        this.natives.set(fn.name, fn);
        return fn.name;
      },
      fresh: (prefix) => this.name(prefix),
    };
    return context;
  }

  private window(window: WindowCall, columns: Columns): string {
    const parts: string[] = [];
    const list = (expressions: readonly Expression[]) => expressions.map((part) => this.sql(part, columns)).join(", ");
    if (window.partitionBy.length > 0) parts.push(`PARTITION BY ${list(window.partitionBy)}`);
    if (window.orderBy.length > 0)
      parts.push(
        `ORDER BY ${window.orderBy
          .flatMap((key) => this.sortKeys(key, columns))
          .map((key) => `${key.sql} ${key.direction}`)
          .join(", ")}`,
      );
    const frame = this.frame(window, columns);
    if (frame) parts.push(frame);
    return this.call(window.function, columns).replaceAll(OVER_MARK, `OVER (${parts.join(" ")})`);
  }

  /** Ranking functions have one frame only, which DuckDB knows. */
  private frame(window: WindowCall, columns: Columns): string | undefined {
    const { frame } = window;
    const fixed = window.function.kind === "call" && window.function.definition.name !== "nth_value";
    if (!frame || fixed) return undefined;
    const bound = (edge: FrameBound, side: "PRECEDING" | "FOLLOWING") => {
      if (edge === "unbounded") return `UNBOUNDED ${side}`;
      if (edge === "currentRow") return "CURRENT ROW";
      return `${this.offset(window, edge.offset, columns)} ${edge.preceding ? "PRECEDING" : "FOLLOWING"}`;
    };
    return `${frame.unit.toUpperCase()} BETWEEN ${bound(frame.lower, "PRECEDING")} AND ${bound(frame.upper, "FOLLOWING")}`;
  }

  private offset(window: WindowCall, offset: Expression, columns: Columns): string {
    const sql = this.sql(offset, columns);
    const isDate = window.frame?.unit === "range" && window.orderBy[0]?.child.dataType.kind === "date";
    return isDate && offset.dataType.kind === "integer" ? `to_days(${sql})` : sql;
  }
}

function orderKeys(
  sql: string,
  type: DataType,
  key: Pick<SortKey, "ascending" | "nullsFirst">,
  context: EmitContext,
): OrderKey[] {
  const direction = `${key.ascending ? "ASC" : "DESC"} NULLS ${key.nullsFirst ? "FIRST" : "LAST"}`;
  if (type.kind !== "struct") return [{ sql: sortKeySql(sql, type, context), direction }];
  // Inside, null is the least value whatever was asked for outside.
  const inside = { ascending: key.ascending, nullsFirst: key.ascending };
  return [
    { sql: `(${sql} IS NULL)`, direction: key.nullsFirst ? "DESC" : "ASC" },
    ...type.fields.flatMap((field, i) => orderKeys(`(${sql}).${structField(i)}`, field.dataType, inside, context)),
  ];
}
