// Arrow data of the program as a Connect LocalRelation.
import type { RecordBatch, Schema, Table } from "apache-arrow";
import type { Relation } from "../../generated/spark/connect/relations_pb.ts";
import type { StructType as Struct } from "../types/data-type.ts";
import type { SchemaLike } from "./local-data.ts";
import { BatchEncoder } from "../arrow/encode.ts";
import { SparkError, unsupported } from "../errors.ts";
import { localRelation, toSchema } from "../plan/relations.ts";
import { fromArrowSchema } from "../types/arrow.ts";
import { StructField, StructType } from "../types/factories.ts";
import { toJson } from "../types/json.ts";
import { localRows, wholeSchema } from "./local-data.ts";

interface LocalRelation {
  readonly schema: Struct;
  readonly relation: Relation;
}

/** The relation of an Arrow table, and its schema. */
export function localTable(table: Table, schemaLike?: SchemaLike): LocalRelation {
  const rows = new LocalBatches(table.schema, schemaLike);
  for (const batch of table.batches) rows.add(batch);
  return rows.finish();
}

/** The relation of Arrow batches that come one after the other; only their bytes are kept. */
export async function localBatches(
  batches: AsyncIterable<RecordBatch>,
  schemaLike?: SchemaLike,
): Promise<LocalRelation> {
  let rows: LocalBatches | undefined;
  for await (const batch of batches) {
    rows ??= new LocalBatches(batch.schema, schemaLike);
    rows.add(batch);
  }
  return rows ? rows.finish() : localRows([], schemaLike);
}

/** Gathers batches of one schema. */
class LocalBatches {
  readonly #wanted: Struct | undefined;
  readonly #schema: Struct;
  readonly #types: string;
  readonly #encoder: BatchEncoder;

  constructor(arrow: Schema, schemaLike?: SchemaLike) {
    if (new Set(arrow.names).size < arrow.names.length) {
      throw unsupported("An Arrow table with two columns of one name", "Give each column a name of its own.");
    }
    this.#wanted = wholeSchema(schemaLike);
    const names = this.#wanted?.fields.map(({ name }) => name) ?? (schemaLike as readonly string[] | undefined);
    this.#schema = renamed(fromArrowSchema(arrow), names);
    this.#types = typesOf(arrow);
    this.#encoder = new BatchEncoder(this.#schema);
  }

  add(batch: RecordBatch): void {
    if (typesOf(batch.schema) !== this.#types) {
      throw new SparkError(
        "INCOMPATIBLE_SCHEMA",
        `The batches are not of one schema: first ${this.#types}, then ${typesOf(batch.schema)}. Make a frame of each and unite them.`,
      );
    }
    this.#encoder.add(batch.data.children, batch.numRows);
  }

  finish(): LocalRelation {
    const relation = localRelation(toJson(this.#schema), this.#encoder.finish());
    if (!this.#wanted) return { schema: this.#schema, relation };
    return { schema: this.#wanted, relation: toSchema(relation, this.#wanted) };
  }
}

function typesOf(schema: Schema): string {
  return schema.fields.map(({ name, type }) => `${name}: ${type}`).join(", ");
}

function renamed(schema: Struct, names: readonly string[] | undefined): Struct {
  if (!names) return schema;
  if (names.length !== schema.fields.length) {
    throw new SparkError(
      "AXIS_LENGTH_MISMATCH",
      `Length mismatch: expected ${schema.fields.length} columns, got ${names.length} names.`,
    );
  }
  return StructType(
    schema.fields.map((field, index) => StructField(names[index] ?? field.name, field.dataType, field.nullable)),
  );
}
