// An Arrow table of the program as a Connect LocalRelation.
import type { Data, Table } from "apache-arrow";
import type { Relation } from "../../generated/spark/connect/relations_pb.ts";
import type { StructType as Struct } from "../types/data-type.ts";
import type { SchemaLike } from "./local-data.ts";
import { columnValues } from "../arrow/read.ts";
import { writeIpc } from "../arrow/write.ts";
import { SparkError, unsupported } from "../errors.ts";
import { localRelation, toSchema } from "../plan/relations.ts";
import { fromArrowSchema } from "../types/arrow.ts";
import { parseSchema } from "../types/ddl.ts";
import { StructField, StructType } from "../types/factories.ts";
import { toJson } from "../types/json.ts";

/**
 * The relation of an Arrow table, and its schema.
 *
 * The columns are written anew in Spark's own Arrow types: dictionary-encoded uploads come back wrong from Spark without an
 * error, and other time units and unsigned numbers are not taken.
 */
export function localTable(table: Table, schemaLike?: SchemaLike): { schema: Struct; relation: Relation } {
  if (new Set(table.schema.names).size < table.schema.names.length) {
    throw unsupported("An Arrow table with two columns of one name", "Give each column a name of its own.");
  }
  const wanted =
    typeof schemaLike === "string"
      ? parseSchema(schemaLike)
      : schemaLike && "kind" in schemaLike
        ? schemaLike
        : undefined;
  const names = wanted ? wanted.fields.map(({ name }) => name) : (schemaLike as readonly string[] | undefined);
  const schema = renamed(fromArrowSchema(table.schema), names);
  const columns = schema.fields.map(({ dataType }, index) =>
    table.batches.flatMap((batch) => columnValues(batch.data.children[index] as Data, dataType)),
  );
  const relation = localRelation(toJson(schema), writeIpc(schema, columns, table.numRows));
  return wanted ? { schema: wanted, relation: toSchema(relation, wanted) } : { schema, relation };
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
