// Reads what an engine answers: Arrow batches one after the other, as batches, rows or columns.
import type { Data, RecordBatch } from "apache-arrow";
import { RecordBatchReader } from "apache-arrow";
import type { Relation } from "../generated/spark/connect/relations_pb.ts";
import type { StructType } from "./types/data-type.ts";
import type { ActionOptions, Client } from "./client.ts";
import type { RowBase } from "./row.ts";
import { memberReaders } from "./arrow/read.ts";
import { rootPlan } from "./plan/commands.ts";
import { rowMaker } from "./row.ts";
import { fromArrowSchema } from "./types/arrow.ts";
import { fromProto } from "./types/proto.ts";

/** One batch of a result, with the Spark types of its columns. */
export interface ResultBatch {
  readonly schema: StructType;
  readonly batch: RecordBatch;
}

/** The batches of a relation, as the engine sends them: nothing is kept. */
export async function* resultBatches(
  client: Client,
  relation: Relation,
  options: ActionOptions = {},
): AsyncGenerator<ResultBatch, void, undefined> {
  let schema: StructType | undefined;
  for await (const response of client.execute(rootPlan(relation), options)) {
    if (response.schema) {
      const type = fromProto(response.schema);
      if (type.kind === "struct") schema = type;
    }
    if (response.responseType.case !== "arrowBatch") continue;
    for (const batch of RecordBatchReader.from(response.responseType.value.data)) {
      schema ??= fromArrowSchema(batch.schema);
      yield { schema, batch };
    }
  }
}

/** The rows of one batch. */
export function* rowsOf({ schema, batch }: ResultBatch, make = rowMaker(schema)): Generator<RowBase, void, undefined> {
  const readers = memberReaders(batch.data as Data, schema);
  const width = readers.length;
  for (let index = 0; index < batch.numRows; index += 1) {
    const values = new Array<unknown>(width);
    for (let column = 0; column < width; column += 1) values[column] = readers[column]?.(index);
    yield make(values);
  }
}

/** All rows of a relation, one batch in memory at a time. */
export async function* resultRows(
  client: Client,
  relation: Relation,
  options: ActionOptions = {},
): AsyncGenerator<RowBase, void, undefined> {
  let make: ReturnType<typeof rowMaker> | undefined;
  for await (const result of resultBatches(client, relation, options)) {
    make ??= rowMaker(result.schema);
    yield* rowsOf(result, make);
  }
}

/** All rows of a relation. */
export async function collectRows(client: Client, relation: Relation, options: ActionOptions = {}): Promise<RowBase[]> {
  const rows: RowBase[] = [];
  let make: ReturnType<typeof rowMaker> | undefined;
  for await (const result of resultBatches(client, relation, options)) {
    make ??= rowMaker(result.schema);
    for (const row of rowsOf(result, make)) rows.push(row);
  }
  return rows;
}

/** All values of each column, in the order of the columns. */
export async function collectColumns(
  client: Client,
  relation: Relation,
  options: ActionOptions = {},
): Promise<{ schema: StructType; columns: unknown[][] }> {
  let schema: StructType = { kind: "struct", fields: [] };
  let columns: unknown[][] = [];
  for await (const result of resultBatches(client, relation, options)) {
    schema = result.schema;
    if (columns.length === 0) columns = schema.fields.map(() => []);
    memberReaders(result.batch.data as Data, schema).forEach((read, index) => {
      const column = columns[index] ?? [];
      for (let row = 0; row < result.batch.numRows; row += 1) column.push(read(row));
    });
  }
  return { schema, columns };
}
