// DuckDB's result chunks as Arrow IPC streams: each batch is a complete stream of schema, one record batch and end mark.
import type { DuckDBDataChunk } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import { BufferRegion, FieldNode, Message, RecordBatch } from "apache-arrow/ipc/metadata/message";

import type { StructType } from "../../../sql/types/data-type.ts";
import { arrowSchema } from "../types.ts";
import { columnWriter } from "./arrow-columns.ts";
import type { ColumnSink, ColumnWriter } from "./column-writer.ts";

/** One part of a result. */
export interface ArrowBatch {
  readonly rowCount: number;
  /** A complete Arrow IPC stream: schema, one record batch, end of stream. */
  readonly data: Uint8Array;
}

const MAX_ROWS = 60_000;
const TARGET_BYTES = 4 << 20;
const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/**
 * Writes record batches from result chunks, without a JavaScript value for any row.
 *
 * Columns are written by position, so names that repeat do no harm: they stand in the schema message only.
 */
export class ArrowStreamWriter {
  rowCount = 0;
  private readonly schemaMessage: Uint8Array;
  private readonly columns: readonly ColumnWriter[];
  /** Kept while its memory is read: a chunk that nothing refers to may be freed in the middle. */
  private chunk: DuckDBDataChunk | undefined;

  constructor(schema: StructType, timeZone: string) {
    this.schemaMessage = frame(Message.encode(Message.from(arrowSchema(schema, timeZone))));
    this.columns = schema.fields.map((field) => columnWriter(field.dataType));
  }

  append(chunk: DuckDBDataChunk): void {
    this.chunk = chunk;
    const rows = chunk.rowCount;
    this.columns.forEach((column, i) => {
      column.bind(duckdb.data_chunk_get_vector(chunk.chunk, i), rows);
      column.take(0, rows);
    });
    this.rowCount += rows;
    this.chunk = undefined;
  }

  /** Whether the rows gathered so far are enough for a batch. */
  get isFull(): boolean {
    if (this.rowCount >= MAX_ROWS) return true;
    return this.columns.reduce((sum, column) => sum + column.size, 0) >= TARGET_BYTES;
  }

  /** The rows gathered so far as one batch; starts anew. */
  finish(): ArrowBatch {
    const body = new Body();
    for (const column of this.columns) column.finish(body);
    const header = new RecordBatch(this.rowCount, body.nodes, body.regions, null);
    const message = frame(Message.encode(Message.from(header, body.length)));
    const data = new Uint8Array(this.schemaMessage.length + message.length + body.length + END_OF_STREAM.length);
    data.set(this.schemaMessage, 0);
    data.set(message, this.schemaMessage.length);
    body.copyTo(data, this.schemaMessage.length + message.length);
    data.set(END_OF_STREAM, data.length - END_OF_STREAM.length);
    const batch = { rowCount: this.rowCount, data };
    this.rowCount = 0;
    return batch;
  }
}

/** Buffers one after the other, each padded to 8 bytes. */
class Body implements ColumnSink {
  readonly nodes: FieldNode[] = [];
  readonly regions: BufferRegion[] = [];
  length = 0;
  private readonly parts: Uint8Array[] = [];

  node(length: number, nullCount: number): void {
    this.nodes.push(new FieldNode(length, nullCount));
  }

  buffer(bytes: Uint8Array): void {
    this.regions.push(new BufferRegion(this.length, bytes.byteLength));
    this.parts.push(bytes);
    this.length += padded(bytes.byteLength);
  }

  copyTo(target: Uint8Array, start: number): void {
    this.parts.forEach((part, i) => target.set(part, start + (this.regions[i] as BufferRegion).offset));
  }
}

/** A message with its length in front, padded so that what follows begins at a multiple of 8. */
function frame(message: Uint8Array): Uint8Array {
  const length = padded(message.byteLength);
  const framed = new Uint8Array(8 + length);
  const view = new DataView(framed.buffer);
  view.setInt32(0, -1, true);
  view.setInt32(4, length, true);
  framed.set(message, 8);
  return framed;
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}
