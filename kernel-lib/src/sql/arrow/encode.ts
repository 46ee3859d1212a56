// Arrow data in whatever types as an Arrow IPC stream in Spark's own.
import type * as arrow from "apache-arrow";
import type { DataType, StructType } from "../types/data-type.ts";
import { toArrowType } from "../types/arrow.ts";
import { joinData } from "./join.ts";
import { columnValues } from "./read.ts";
import { buildData, writeColumns } from "./write.ts";

/**
 * Gathers batches and writes them as one: of a stream of several Spark 3.5 takes the first, and says nothing of the others.
 *
 * Columns that have Spark's own Arrow types pass as they are. The others are written anew: dictionary-encoded uploads come back
 * wrong from Spark without an error, and other time units and unsigned numbers are not taken.
 */
export class BatchEncoder {
  readonly #schema: StructType;
  readonly #pieces: arrow.Data[][];
  #rows = 0;

  constructor(schema: StructType) {
    this.#schema = schema;
    this.#pieces = schema.fields.map(() => []);
  }

  /** Adds rows, given as columns. */
  add(columns: readonly arrow.Data[], rows: number): void {
    this.#schema.fields.forEach(({ dataType }, index) => {
      this.#pieces[index]?.push(inSparkType(columns[index] as arrow.Data, dataType));
    });
    this.#rows += rows;
  }

  /** The whole stream. */
  finish(): Uint8Array {
    const columns = this.#schema.fields.map(({ dataType }, index) => {
      const pieces = this.#pieces[index] ?? [];
      return pieces.length === 0 ? buildData(dataType, []) : joinData(pieces);
    });
    return writeColumns(this.#schema, columns, this.#rows);
  }
}

function inSparkType(data: arrow.Data, type: DataType): arrow.Data {
  const wanted = toArrowType(type);
  if (layoutOf(data.type) === layoutOf(wanted)) return data;
  return buildData(type, columnValues(data, type));
}

/** What a type may say of the width and the unit of its values. */
type Measures = Partial<Record<"bitWidth" | "isSigned" | "precision" | "unit", unknown>>;

/** How the values of a type are laid out in buffers: names and time zones make no difference to that. */
function layoutOf(type: arrow.DataType): string {
  const { bitWidth, isSigned, precision, unit } = type as Measures;
  const children = ((type.children ?? []) as arrow.Field<arrow.DataType>[]).map((child) => layoutOf(child.type));
  return JSON.stringify([type.typeId, bitWidth, isSigned, precision, unit, children]);
}
