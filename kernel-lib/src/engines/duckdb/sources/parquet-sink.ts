// Parquet files that Spark reads as its own: real field names, Spark's schema in the metadata.
import type { DataType, StructField } from "../../../sql/types/data-type.ts";
import { unsupported, SparkError } from "../../../sql/errors.ts";
import { toJson } from "../../../sql/types/index.ts";
import { quoteName, quoteText } from "../errors.ts";
import { structField } from "../types.ts";
import { SPARK_SCHEMA_KEY } from "./parquet.ts";
import type { Sink, SinkRequest } from "./sink.ts";
import { packing, unsupportedColumn } from "./sink.ts";

const PACKINGS = {
  none: "",
  uncompressed: "",
  snappy: "snappy.",
  gzip: "gz.",
  zstd: "zstd.",
  lz4_raw: "lz4raw.",
  brotli: "br.",
};
/** Tells Spark that days before 1582 are counted as it counts them since version 3. */
const SPARK_VERSION = "4.0.0";

/** The sink for `parquet`. */
export function parquetSink({ options, columns }: SinkRequest): Sink {
  if (columns.length === 0) {
    throw new SparkError(
      "EMPTY_SCHEMA_NOT_SUPPORTED_FOR_DATASOURCE",
      "The Parquet datasource does not support writing empty or nested empty schemas. Please make sure the data schema has at least one or more column(s).",
      { sqlState: "0A000" },
    );
  }
  const packed = packing(options, PACKINGS, "snappy");
  const schema = toJson({ kind: "struct", fields: columns.map(({ field }) => ({ ...field, nullable: true })) });
  const selected = columns.map(
    ({ field, sql }) => `${named(sql, field.dataType, field, 0)} AS ${quoteName(field.name)}`,
  );
  const codec = packed === "none" ? "uncompressed" : packed;
  return {
    extension: `${PACKINGS[packed as keyof typeof PACKINGS]}parquet`,
    columns: selected.join(", "),
    copyOptions: [
      "FORMAT parquet",
      `COMPRESSION ${codec}`,
      `KV_METADATA {'org.apache.spark.version': '${SPARK_VERSION}', '${SPARK_SCHEMA_KEY}': ${quoteText(schema)}}`,
    ],
  };
}

/** SQL of the value with the real names of its struct fields, and intervals as Spark stores them. */
function named(sql: string, type: DataType, column: StructField, depth: number): string {
  const name = `named${depth}`;
  const list = (values: string, element: DataType) => {
    const inner = named(name, element, column, depth + 1);
    return inner === name ? values : `list_transform(${values}, lambda ${name}: ${inner})`;
  };
  switch (type.kind) {
    case "null":
    case "calendarInterval":
      throw unsupportedColumn("Parquet", column);
    case "dayTimeInterval":
      return `epoch_us(${sql})`;
    case "yearMonthInterval":
      return `CAST(datepart('year', ${sql}) * 12 + datepart('month', ${sql}) AS INTEGER)`;
    case "array":
      return list(sql, type.elementType);
    case "map": {
      const [keys, values] = [`map_keys(${sql})`, `map_values(${sql})`];
      const [newKeys, newValues] = [list(keys, type.keyType), list(values, type.valueType)];
      if (newKeys === keys && newValues === values) return sql;
      return `CASE WHEN ${sql} IS NULL THEN NULL ELSE map(${newKeys}, ${newValues}) END`;
    }
    case "struct":
      return namedStruct(sql, type.fields, column, depth);
    default:
      return sql;
  }
}

function namedStruct(sql: string, fields: readonly StructField[], column: StructField, depth: number): string {
  if (fields.length === 0) throw unsupportedColumn("Parquet", column);
  const lower = fields.map((field) => field.name.toLowerCase());
  const twice = lower.find((name, i) => lower.indexOf(name) !== i);
  if (twice !== undefined) {
    throw unsupported(`A Parquet struct with two fields named ${twice}`, "Rename one of them.");
  }
  const parts = fields.map((field, i) => {
    const value = named(`${sql}.${structField(i)}`, field.dataType, column, depth);
    return `${quoteText(field.name)}: ${value}`;
  });
  return `CASE WHEN ${sql} IS NULL THEN NULL ELSE {${parts.join(", ")}} END`;
}
