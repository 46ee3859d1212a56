// Runs a resolved relation and gives its rows as Arrow batches.
import { tableFromIPC } from "apache-arrow";

import type { StructType } from "../../../sql/types/data-type.ts";
import { unsupported } from "../../../sql/errors.ts";
import { compile } from "../compiler/index.ts";
import type { LiteralValue } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import { reference } from "../analyzer/build.ts";
import type { Session } from "./session.ts";

export interface Batch {
  readonly rowCount: number;
  /** A complete Arrow IPC stream. */
  readonly data: Uint8Array;
}

export function schemaOf(relation: Relation): StructType {
  return {
    kind: "struct",
    fields: relation.output.map(({ name, dataType, nullable, metadata }) => ({
      name,
      dataType,
      nullable,
      ...(metadata ? { metadata } : {}),
    })),
  };
}

export async function* runRelation(relation: Relation, session: Session, signal?: AbortSignal): AsyncGenerator<Batch> {
  const semantics = session.semantics();
  const operation = await session.driver.begin({ timeZone: semantics.timeZone, ...(signal ? { signal } : {}) });
  try {
    const { sql, natives } = await compile(relation, semantics, operation);
    yield* operation.query(sql, schemaOf(relation), natives);
  } finally {
    await operation.end();
  }
}

/** The sorted, distinct values of the first column. */
export async function collectFirstColumn(
  relation: Relation,
  limit: number,
  session: Session,
  signal?: AbortSignal,
): Promise<LiteralValue[]> {
  const [column] = relation.output;
  if (!column) return [];
  const distinct: Relation = { kind: "distinct", input: relation, output: relation.output };
  const keys = [{ child: reference(column), ascending: true, nullsFirst: true }];
  const sorted: Relation = { kind: "sort", input: distinct, keys, output: relation.output };
  const values: LiteralValue[] = [];
  for await (const batch of runRelation(
    { kind: "limit", input: sorted, limit, output: relation.output },
    session,
    signal,
  )) {
    const vector = tableFromIPC(batch.data).getChildAt(0);
    for (let row = 0; row < batch.rowCount; row += 1) values.push(literalOf(vector?.get(row), column.dataType.kind));
  }
  return values;
}

/** An Arrow value as the value of a literal; for the types a pivot column has in practice. */
function literalOf(value: unknown, kind: string): LiteralValue {
  if (value === null || value === undefined) return null;
  if (kind === "date") return Math.round(Number(value) / 86_400_000);
  if (kind === "timestamp" || kind === "timestampNtz") return BigInt(Math.round(Number(value) * 1000));
  if (["string", "number", "bigint", "boolean"].includes(typeof value)) return value as LiteralValue;
  throw unsupported(`A pivot on a column of type ${kind} without values`, "List the values.");
}
