// What gathers one column of a result, and where it hands its buffers.
import type duckdb from "@duckdb/node-bindings";

import type { Bitmap } from "./buffers.ts";

/** Where a finished column puts its Arrow field nodes and buffers, in the order of the format. */
export interface ColumnSink {
  node(length: number, nullCount: number): void;
  buffer(bytes: Uint8Array): void;
}

/** Gathers the rows of one column (or one nested child) until a batch is complete. */
export interface ColumnWriter {
  /** Looks at a new vector; the views are good until the chunk is let go. */
  bind(vector: duckdb.Vector, size: number): void;
  /** Takes rows `start` to `start + count` of the bound vector. */
  take(start: number, count: number): void;
  /** Bytes gathered so far, about. */
  readonly size: number;
  /** Hands the batch over and starts anew. */
  finish(sink: ColumnSink): void;
}

/** Writes the node and the validity buffer, which Arrow leaves empty when nothing is null. */
export function handValidity(validity: Bitmap, sink: ColumnSink): void {
  const { length, zeros } = validity;
  const bits = validity.take();
  sink.node(length, zeros);
  sink.buffer(zeros === 0 ? bits.subarray(0, 0) : bits);
}
