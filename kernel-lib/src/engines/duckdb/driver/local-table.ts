// Rows that came with a plan, from Arrow IPC bytes into a temporary table, chunk by chunk.
import { setImmediate } from "node:timers/promises";

import type { DuckDBConnection } from "@duckdb/node-api";
import { DuckDBDataChunk } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { Data } from "apache-arrow";
import { RecordBatchReader } from "apache-arrow";

import { SluiceError } from "../../../errors.ts";
import { canceled, quoteName } from "../errors.ts";
import type { StructType } from "../../../sql/types/data-type.ts";
import type { LocalData } from "../sources/source.ts";
import { duckdbType, structTypeOfArrow } from "../types.ts";
import { plain } from "./arrow-plain.ts";
import { fillVector } from "./arrow-to-vector.ts";

/** Chunks between two looks at the event loop: about 10 ms. */
const CHUNKS_AT_ONCE = 16;

/** Rows as Arrow columns, one for each column of a table. */
export interface TableBatch {
  readonly rows: number;
  readonly columns: readonly Data[];
}

/**
 * Makes the temporary table `name` with one column for each id, filled with the batches' rows.
 *
 * The Arrow types must be stored by the same DuckDB types as those of the schema.
 */
export async function createTable(
  connection: DuckDBConnection,
  name: string,
  schema: StructType,
  ids: readonly string[],
  batches: AsyncIterable<TableBatch> | Iterable<TableBatch>,
  signal: AbortSignal,
): Promise<void> {
  // A table without columns cannot be; its rows still count.
  const columns = schema.fields.map((field, i) => `${quoteName(ids[i] as string)} ${duckdbType(field.dataType)}`);
  await connection.run(`CREATE TEMPORARY TABLE ${quoteName(name)} (${columns.join(", ") || "unused INTEGER"})`);
  const appender = await connection.createAppender(name, "main", "temp");
  try {
    for await (const { rows, columns } of batches) await appendBatch(appender, columns.map(plain), rows, signal);
  } finally {
    appender.closeSync();
  }
}

/** The batches of rows that came with a plan; whoever made the plan has cast them to the schema's types. */
export function* batchesOf(data: LocalData): Generator<TableBatch> {
  if (!data.arrow || data.arrow.byteLength === 0) return;
  const reader = RecordBatchReader.from(data.arrow);
  reader.open();
  checkTypes(
    reader.schema,
    data.schema.fields.map((field) => duckdbType(field.dataType)),
  );
  for (const batch of reader) yield { rows: batch.numRows, columns: batch.data.children };
}

function checkTypes(schema: Parameters<typeof structTypeOfArrow>[0], types: readonly string[]): void {
  const sent = structTypeOfArrow(schema).fields.map((field) => duckdbType(field.dataType));
  const differs = sent.findIndex((type, i) => type !== types[i]);
  if (sent.length === types.length && differs < 0) return;
  throw new SluiceError("INTERNAL", "The rows of a local relation are not of the types its schema says.", {
    cause: new Error(`${sent.join(", ")} against ${types.join(", ")}`),
  });
}

async function appendBatch(
  appender: Awaited<ReturnType<DuckDBConnection["createAppender"]>>,
  columns: readonly Data[],
  rows: number,
  signal: AbortSignal,
): Promise<void> {
  const size = duckdb.vector_size();
  const width = Math.max(columns.length, 1);
  const types = Array.from({ length: width }, (_, i) => appender.columnType(i));
  for (let start = 0, chunks = 1; start < rows; start += size, chunks++) {
    const count = Math.min(size, rows - start);
    const chunk = DuckDBDataChunk.create(types, count);
    columns.forEach((column, i) => fillVector(duckdb.data_chunk_get_vector(chunk.chunk, i), column, start, count));
    appender.appendDataChunk(chunk);
    if (chunks % CHUNKS_AT_ONCE === 0) {
      await setImmediate();
      if (signal.aborted) throw canceled();
    }
  }
}
