// What a file format tells a write: its columns in SQL and the options of COPY.
import { SparkError, unsupported } from "../../../sql/errors.ts";
import type { StructField } from "../../../sql/types/data-type.ts";
import { sqlName } from "../../../sql/types/index.ts";
import type { Semantics } from "../functions/definition.ts";
import type { SourceOptions } from "./options.ts";
import type { SourceCasts } from "./scan-files.ts";

/** What a file format makes of a query. */
export interface Sink {
  /** The ending of its files, such as `csv` or `snappy.parquet`. */
  readonly extension: string;
  /** SQL of the columns to write; the query's columns are `r.f1`, `r.f2`, …. */
  readonly columns: string;
  /** Options of COPY. */
  readonly copyOptions: readonly string[];
}

/** A write with its parts in hand, for the formats. */
export interface SinkRequest {
  readonly format: string;
  readonly options: SourceOptions;
  readonly semantics: Semantics;
  /** The columns that stand in the files, each with its SQL. */
  readonly columns: readonly { readonly field: StructField; readonly sql: string }[];
  readonly casts: SourceCasts;
}

/** Spark's error for a column that a format has no place for. */
export function unsupportedColumn(format: string, field: StructField): SparkError {
  return new SparkError(
    "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
    `The ${format} datasource doesn't support the column \`${field.name}\` of the type "${sqlName(field.dataType)}".`,
    { sqlState: "0A000" },
  );
}

/** The ending for a way of packing; the empty text for none. */
export function packing(options: SourceOptions, choices: Readonly<Record<string, string>>, otherwise: string): string {
  const name = (options.text("compression") ?? options.text("codec") ?? otherwise).toLowerCase();
  if (name in choices) return name;
  throw unsupported(`The compression ${name}`, `Use one of ${Object.keys(choices).join(", ")}.`);
}
