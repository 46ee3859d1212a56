// Rows of the program as a Connect LocalRelation.
import type { Relation } from "../../generated/spark/connect/relations_pb.ts";
import type { StructType as Struct } from "../types/data-type.ts";
import type { Record_ } from "./infer.ts";
import { writeIpc } from "../arrow/write.ts";
import { SparkError } from "../errors.ts";
import { isPlainObject } from "../plan/literals.ts";
import { localRelation } from "../plan/relations.ts";
import { RowBase } from "../row.ts";
import { parseSchema } from "../types/ddl.ts";
import { StructField, StructType } from "../types/factories.ts";
import { toJson } from "../types/json.ts";
import { fieldValue } from "./convert.ts";
import { inferSchema } from "./infer.ts";

/** A schema as `createDataFrame` takes it: a type, a DDL text, or only the columns' names. */
export type SchemaLike = Struct | string | readonly string[];

/** The schema that is asked for as a whole; undefined where there are only names, or nothing. */
export function wholeSchema(schemaLike?: SchemaLike): Struct | undefined {
  if (typeof schemaLike === "string") return parseSchema(schemaLike);
  return schemaLike && "kind" in schemaLike ? schemaLike : undefined;
}

/**
 * Checks what plain JavaScript and lost types can give in place of rows.
 *
 * @throws SparkError `INVALID_TYPE`
 */
export function checkRows(data: unknown): void {
  const isObject = typeof data === "object" && data !== null;
  if (isObject && (Array.isArray(data) || Symbol.asyncIterator in data || "batches" in data)) return;
  const given = isObject ? data.constructor.name : data === null ? "null" : typeof data;
  throw new SparkError(
    "INVALID_TYPE",
    `Argument \`data\` should not be a ${given}. Give the rows as an array of objects or arrays, such as [{ id: 1 }], as an Arrow table, or as Arrow batches.`,
  );
}

/** The relation of rows, and its schema. */
export function localRows(data: readonly unknown[], schemaLike?: SchemaLike): { schema: Struct; relation: Relation } {
  const { schema, records } = resolve(data, schemaLike);
  const columns = schema.fields.map((field, index) => {
    const values = new Array<unknown>(records.length);
    records.forEach((record, row) => (values[row] = fieldValue(memberOf(record, field.name, index, schema), field)));
    return values;
  });
  const ipc = writeIpc(schema, columns, records.length);
  return { schema, relation: localRelation(toJson(schema), ipc) };
}

function resolve(data: readonly unknown[], schemaLike?: SchemaLike): { schema: Struct; records: readonly Record_[] } {
  const schema = wholeSchema(schemaLike);
  if (schema) return { schema, records: recordsOf(data, schema.fields.length === 1) };
  const names = schemaLike as readonly string[] | undefined;
  const records = recordsOf(data, false);
  const inferred = inferSchema(records, names);
  if (!names) return { schema: inferred, records };
  const renamed = inferred.fields.map((field, index) => StructField(names[index] ?? field.name, field.dataType));
  if (names.length > renamed.length) {
    throw new SparkError(
      "AXIS_LENGTH_MISMATCH",
      `Length mismatch: the rows have ${renamed.length} values, ${names.length} names were given.`,
    );
  }
  const byPosition = records.map((record) =>
    Array.isArray(record)
      ? (record as readonly unknown[])
      : inferred.fields.map(({ name }, index) => memberOf(record, name, index, inferred)),
  );
  return { schema: StructType(renamed), records: byPosition };
}

/** The records; single values become records of one column where the schema has just one. */
function recordsOf(data: readonly unknown[], single: boolean): readonly Record_[] {
  return data.map((record) => {
    if (Array.isArray(record)) return record as readonly unknown[];
    if (record instanceof RowBase || isPlainObject(record)) return record;
    if (single) return [record];
    throw new SparkError(
      "CANNOT_INFER_SCHEMA_FOR_TYPE",
      `Can not infer schema for a row of type \`${record === null ? "null" : typeof record}\`. Give rows as objects or arrays, or a schema of one type such as "int".`,
    );
  });
}

function memberOf(record: Record_, name: string, index: number, schema: Struct): unknown {
  if (record instanceof RowBase) return record.get(name);
  if (!Array.isArray(record)) return (record as Record<string, unknown>)[name];
  if (record.length !== schema.fields.length) {
    throw new SparkError(
      "AXIS_LENGTH_MISMATCH",
      `Length mismatch: expected ${schema.fields.length} values in a row, got ${record.length}.`,
    );
  }
  return record[index] as unknown;
}
