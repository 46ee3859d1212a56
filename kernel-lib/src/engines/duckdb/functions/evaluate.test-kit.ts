// Evaluates one resolved call on DuckDB without the analyzer: what unit tests of functions need.
import { castSql } from "../casts/index.ts";
import { openDriver } from "../driver/driver.ts";
import type { Driver } from "../driver/driver.ts";
import { raiseSql } from "../errors.ts";
import { literalSql } from "../literals.ts";
import type { Expression } from "../resolved/expression.ts";
import { lookup } from "./catalogue.ts";
import { coerced } from "./coercion.ts";
import type { EmitContext, NativeFunction, ResolveContext, Semantics } from "./definition.ts";

/** A call by name with Spark's implicit casts. */
export function call(name: string, args: readonly Expression[], semantics: Semantics): Expression {
  const definition = lookup(name);
  if (!definition) throw new Error(`no function ${name}`);
  const context: ResolveContext = {
    ...semantics,
    coerce: (expression, to) => coerced(expression, to, semantics),
    constant: (expression) => (expression.kind === "literal" ? expression.value : undefined),
  };
  const { args: all, dataType, nullable } = definition.resolve(args, context);
  const typed = { definition, args: all, dataType, nullable };
  return definition.kind === "aggregate"
    ? { kind: "aggregate", distinct: false, ...typed }
    : { kind: "call", ...typed };
}

/** The SQL of an expression, and the native functions it calls. */
export function toSql(expression: Expression, semantics: Semantics): { sql: string; natives: NativeFunction[] } {
  const natives = new Set<NativeFunction>();
  let names = 0;
  const context: EmitContext = {
    ...semantics,
    sql: (part) => sqlOf(part),
    aggregate: (duckdbCall) => duckdbCall,
    castSql: (sql, from, to, mode) => castSql(sql, from, to, mode, context),
    raise: raiseSql,
    native: (fn) => {
      natives.add(fn);
      return fn.name;
    },
    fresh: (prefix) => `${prefix}${++names}`,
  };
  const sqlOf = (part: Expression): string => {
    switch (part.kind) {
      case "literal":
        return literalSql(part);
      case "cast":
        return castSql(sqlOf(part.child), part.child.dataType, part.dataType, part.mode, context);
      case "alias":
        return sqlOf(part.child);
      case "attribute":
        return part.attribute.id;
      case "call":
      case "aggregate":
        return part.definition.emit(part.args.map(sqlOf), part, context);
      default:
        throw new Error(`no SQL for ${part.kind} here`);
    }
  };
  return { sql: sqlOf(expression), natives: [...natives] };
}

export const semantics = (ansi: boolean, timeZone = "UTC"): Semantics => ({ ansi, timeZone, conf: () => "" });

let driver: Promise<Driver> | undefined;

/** The value of an expression as DuckDB prints it in text; null for null. */
export async function evaluate(expression: Expression, settings: Semantics, from = ""): Promise<string | null> {
  driver ??= openDriver({ threads: 1 });
  const operation = await (await driver).begin({ timeZone: settings.timeZone });
  try {
    const { sql, natives } = toSql(expression, settings);
    const rows = await operation.rows(`SELECT CAST(${sql} AS VARCHAR) ${from}`, natives);
    return (rows[0]?.[0] ?? null) as string | null;
  } finally {
    await operation.end();
  }
}

export async function closeKit(): Promise<void> {
  await (await driver)?.close();
  driver = undefined;
}
