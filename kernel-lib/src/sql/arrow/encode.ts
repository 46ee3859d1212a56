// Arrow data in whatever types as an Arrow IPC stream in Spark's own.
import * as arrow from "apache-arrow";
import type { DataType, StructType } from "../types/data-type.ts";
import { toArrowType } from "../types/arrow.ts";
import { columnValues } from "./read.ts";
import { buildData } from "./write.ts";

/**
 * Writes batches, one after the other, as an Arrow IPC stream whose columns are named by their position (see `writeIpc`).
 *
 * Columns that have Spark's own Arrow types pass as they are. The others are written anew: dictionary-encoded uploads come back
 * wrong from Spark without an error, and other time units and unsigned numbers are not taken.
 */
export class BatchEncoder {
  readonly #types: readonly DataType[];
  readonly #schema: arrow.Schema;
  readonly #writer = new arrow.RecordBatchStreamWriter();

  constructor(schema: StructType) {
    this.#types = schema.fields.map(({ dataType }) => dataType);
    this.#schema = new arrow.Schema(
      schema.fields.map(
        ({ dataType, nullable }, index) => new arrow.Field(`c${index}`, toArrowType(dataType), nullable),
      ),
    );
    this.#writer.reset(undefined, this.#schema);
  }

  /** Adds rows, given as columns. */
  add(columns: readonly arrow.Data[], rows: number): void {
    const children = this.#types.map((type, index) => inSparkType(columns[index] as arrow.Data, type));
    const struct = new arrow.Struct(this.#schema.fields);
    const data = arrow.makeData({ type: struct, length: rows, nullCount: 0, children });
    this.#writer.write(new arrow.RecordBatch(this.#schema, data));
  }

  /** The whole stream. */
  finish(): Uint8Array {
    this.#writer.finish();
    return this.#writer.toUint8Array(true);
  }
}

function inSparkType(data: arrow.Data, type: DataType): arrow.Data {
  const wanted = toArrowType(type);
  if (layoutOf(data.type as arrow.DataType) === layoutOf(wanted)) return data;
  return buildData(type, columnValues(data, type));
}

/** How the values of a type are laid out in buffers: names and time zones make no difference to that. */
function layoutOf(type: arrow.DataType): string {
  if (arrow.DataType.isTimestamp(type)) return `timestamp ${type.unit}`;
  if (arrow.DataType.isDecimal(type)) return `decimal ${type.bitWidth}`;
  if (arrow.DataType.isDictionary(type)) return "dictionary";
  const children = (type.children ?? []) as arrow.Field[];
  if (children.length === 0) return String(type);
  return `${type.typeId}<${children.map((child) => layoutOf(child.type as arrow.DataType)).join()}>`;
}
