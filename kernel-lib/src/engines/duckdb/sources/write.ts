// Writing a query's rows to files or to Kafka: checks, the work in a hidden folder, and the commit.
import { setInterval as every } from "node:timers";

import { SparkError } from "../../../sql/errors.ts";
import type { StructField, StructType } from "../../../sql/types/data-type.ts";
import { simpleString, sqlName } from "../../../sql/types/index.ts";
import type { Operation, Progress } from "../driver/operation.ts";
import { castSql } from "../casts/cast.ts";
import { quoteText } from "../errors.ts";
import { structField } from "../types.ts";
import type { NativeFunction, Semantics } from "../functions/definition.ts";
import { lineSink } from "./line-sink.ts";
import { SourceOptions } from "./options.ts";
import type { OutputLayout, SaveMode } from "./output-folder.ts";
import { openOutput } from "./output-folder.ts";
import { parquetSink } from "./parquet-sink.ts";
import { unknownFormat } from "./read.ts";
import type { Sink, SinkRequest } from "./sink.ts";
import type { SourceCasts } from "./scan-files.ts";
import { sourceCasts } from "./scan-files.ts";

/** What to write, and where. */
export interface WriteRequest {
  readonly operation: Operation;
  /** A query with the schema's columns in order, of the types `duckdbType` gives. */
  readonly sql: string;
  readonly schema: StructType;
  readonly natives: readonly NativeFunction[];
  /** `csv`, `json`, `parquet`, `text`, `noop` or `kafka`, in any case. */
  readonly format: string;
  readonly mode: SaveMode;
  /** Not for noop and kafka. */
  readonly path?: string | undefined;
  readonly options: Readonly<Record<string, string>>;
  readonly partitionBy: readonly string[];
  readonly semantics: Semantics;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What was written. */
export interface WriteResult {
  readonly rows: number;
  readonly bytes: number;
  readonly files: number;
  /** Of a Kafka topic: what its brokers acknowledged. */
  readonly acknowledged?: number;
}

const SINKS: Readonly<Record<string, (request: SinkRequest) => Sink>> = {
  csv: lineSink,
  json: lineSink,
  text: lineSink,
  parquet: parquetSink,
};

/**
 * Writes the rows, all or none: until the last byte is there, whatever was at the path stays as it was.
 *
 * @throws SparkError PATH_ALREADY_EXISTS and other conditions of Spark's; SluiceError STORAGE_FULL naming the folder.
 */
export async function write(request: WriteRequest): Promise<WriteResult> {
  const format = request.format.toLowerCase();
  if (format === "noop") return discard(request);
  if (format === "kafka") {
    const { writeKafka } = await import("./kafka-sink.ts");
    return writeKafka(request);
  }
  const sink = SINKS[format];
  if (!sink) throw unknownFormat(request.format);
  const options = new SourceOptions(format, request.options);
  const path = request.path ?? options.text("path");
  if (path === undefined) {
    throw new SparkError("DATA_SOURCE_PATH_MISSING", `A write to ${format} needs a path.`, { sqlState: "42000" });
  }
  const plan = planOf(request, format, options, sink);
  const output = await openOutput(path, request.mode, request.operation.signal);
  if (!output) return { rows: 0, bytes: 0, files: 0 };
  try {
    const rows = await runCopy(request, plan, output.folder, path);
    return { rows, ...(await output.commit(plan.layout)) };
  } catch (thrown) {
    await output.abort();
    throw thrown;
  }
}

interface WritePlan {
  readonly sink: Sink;
  readonly layout: OutputLayout;
  readonly query: string;
  readonly casts: SourceCasts;
  readonly maxFileBytes: string | undefined;
}

function planOf(
  request: WriteRequest,
  format: string,
  options: SourceOptions,
  makeSink: (request: SinkRequest) => Sink,
): WritePlan {
  const { schema, semantics } = request;
  options.refuse({
    maxRecordsPerFile: "Use the option sluice.maxFileBytes, such as 256MB.",
    partitionOverwriteMode: "Overwrite the partition's own folder.",
  });
  checkNames(schema);
  const partitions = request.partitionBy.map((name) => partitionColumn(name, schema));
  // Columns that stand in the files are named as a struct's fields are.
  const inFile = schema.fields.map((_, i) => i).filter((i) => !partitions.includes(i));
  const names = schema.fields.map((_, i) => (partitions.includes(i) ? `p${i}` : structField(inFile.indexOf(i))));
  const columns = inFile.map((i) => ({ field: schema.fields[i] as StructField, sql: `r.${names[i]}` }));
  if (partitions.length > 0 && columns.length === 0) {
    throw new SparkError("ALL_PARTITION_COLUMNS_NOT_ALLOWED", "Cannot use all columns for partition columns.", {
      sqlState: "KD005",
    });
  }
  const casts = sourceCasts(semantics);
  const sink = makeSink({ format, options, semantics, columns, casts });
  const partitionSql = partitions.map((i) => partitionText(`r.p${i}`, schema.fields[i] as StructField, casts));
  const selected =
    partitionSql.length === 0 ? sink.columns : `${sink.columns}, ${partitionSql.join(" || chr(31) || ")} AS part`;
  return {
    sink,
    casts,
    layout: { extension: sink.extension, partitions: partitions.map((i) => (schema.fields[i] as StructField).name) },
    query: `SELECT ${selected} FROM (${request.sql}) r${names.length === 0 ? "" : `(${names.join(", ")})`}`,
    maxFileBytes: options.text("sluice.maxFileBytes"),
  };
}

function checkNames(schema: StructType): void {
  const seen = new Set<string>();
  for (const { name } of schema.fields) {
    const lower = name.toLowerCase();
    if (seen.has(lower)) {
      throw new SparkError(
        "COLUMN_ALREADY_EXISTS",
        `The column \`${lower}\` already exists. Choose another name or rename the existing column.`,
        { sqlState: "42711", messageParameters: { columnName: `\`${lower}\`` } },
      );
    }
    seen.add(lower);
  }
}

function partitionColumn(name: string, schema: StructType): number {
  const at = schema.fields.findIndex((field) => field.name.toLowerCase() === name.toLowerCase());
  const type = schema.fields[at]?.dataType;
  if (!type) {
    throw new SparkError(
      "PARTITION_COLUMN_NOT_FOUND_IN_SCHEMA",
      `Partition column \`${name}\` not found in schema ${simpleString(schema)}.`,
      { sqlState: "42000" },
    );
  }
  if (["array", "map", "struct", "binary"].includes(type.kind)) {
    throw new SparkError("INVALID_PARTITION_COLUMN_DATA_TYPE", `Cannot use ${sqlName(type)} for partition column.`, {
      sqlState: "0A000",
    });
  }
  return at;
}

/** The value as text; an empty text or null is a mark that stands for Hive's name for null. */
function partitionText(sql: string, field: StructField, casts: SourceCasts): string {
  const text = field.dataType.kind === "string" ? sql : castSql(sql, field.dataType, { kind: "string" }, "ansi", casts);
  return `coalesce(nullif(${text}, ''), chr(30))`;
}

async function runCopy(request: WriteRequest, plan: WritePlan, folder: string, path: string): Promise<number> {
  const { operation } = request;
  const partitioned = plan.layout.partitions.length > 0;
  const options = [...plan.sink.copyOptions];
  if (plan.maxFileBytes !== undefined) options.push(`FILE_SIZE_BYTES ${quoteText(plan.maxFileBytes)}`);
  if (partitioned)
    options.push("PARTITION_BY (part)", `FILE_EXTENSION '${plan.sink.extension}'`, "OVERWRITE_OR_IGNORE true");
  else if (plan.maxFileBytes !== undefined)
    options.push(`FILE_EXTENSION '${plan.sink.extension}'`, "OVERWRITE_OR_IGNORE true");
  const target = partitioned || plan.maxFileBytes !== undefined ? folder : `${folder}/data_0.${plan.sink.extension}`;
  const timer = request.onProgress && every(() => tell(request), PROGRESS_EVERY_MS);
  try {
    const natives = [...request.natives, ...plan.casts.natives];
    return await operation.run(`COPY (${plan.query}) TO ${quoteText(target)} (${options.join(", ")})`, natives, path);
  } finally {
    clearInterval(timer);
  }
}

const PROGRESS_EVERY_MS = 250;

function tell(request: WriteRequest): void {
  const progress = request.operation.progress();
  if (progress) request.onProgress?.(progress);
}

async function discard(request: WriteRequest): Promise<WriteResult> {
  let rows = 0;
  for await (const batch of request.operation.query(request.sql, request.schema, request.natives))
    rows += batch.rowCount;
  return { rows, bytes: 0, files: 0 };
}
