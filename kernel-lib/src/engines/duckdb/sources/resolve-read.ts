// From a format, paths and options to a source whose schema is known.
import { SparkError } from "../../../sql/errors.ts";
import type { StructType } from "../../../sql/types/data-type.ts";
import type { Driver } from "../driver/driver.ts";
import type { Operation } from "../driver/operation.ts";
import type { Semantics } from "../functions/definition.ts";
import { readCsv } from "./csv.ts";
import { SourceOptions } from "./options.ts";
import { readParquet } from "./parquet.ts";
import type { DataFile } from "./paths.ts";
import { listFiles } from "./paths.ts";
import type { ScanSource } from "./source.ts";
import { readText } from "./text.ts";

/** A read as the user wrote it. */
export interface ReadRequest {
  /** `csv`, `json`, `parquet`, `text` or `kafka`, in any case. */
  readonly format: string;
  readonly schema?: StructType | undefined;
  readonly options: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  readonly semantics: Semantics;
  /** Looks into files whose schema is not given. */
  readonly driver: Driver;
  readonly signal?: AbortSignal | undefined;
}

/** A read with its options in hand, for the sources. */
export interface ReadOptions extends Omit<ReadRequest, "options"> {
  readonly options: SourceOptions;
}

const FORMATS: Readonly<Record<string, (read: ReadOptions, files: readonly DataFile[]) => Promise<ScanSource>>> = {
  csv: readCsv,
  parquet: readParquet,
  text: readText,
};

/**
 * Finds the files and the schema of a read. Nothing is read yet but what the schema needs.
 *
 * @throws SparkError PATH_NOT_FOUND, UNABLE_TO_INFER_SCHEMA, DATA_SOURCE_NOT_FOUND, UNSUPPORTED_FEATURE
 */
export async function resolveRead(request: ReadRequest): Promise<ScanSource> {
  const format = request.format.toLowerCase();
  const options = new SourceOptions(format, request.options);
  const path = options.text("path");
  const paths = request.paths.length === 0 && path !== undefined ? [path] : request.paths;
  const read = { ...request, format, options, paths };
  if (!(format in FORMATS)) throw unknownFormat(request.format);
  const files = await listFiles(paths, options, request.signal);
  const recursive = options.flag("recursiveFileLookup", false);
  return resolveScan(read, recursive ? files.map((file) => ({ ...file, folders: [] })) : files);
}

/** The source over files that are listed already. */
export function resolveScan(read: ReadOptions, files: readonly DataFile[]): Promise<ScanSource> {
  const reader = FORMATS[read.format];
  if (!reader) throw unknownFormat(read.format);
  return reader(read, files);
}

/** Runs a look into the files of a read in an operation of its own. */
export async function inScan<T>(read: ReadOptions, work: (operation: Operation) => Promise<T>): Promise<T> {
  const operation = await read.driver.begin({
    timeZone: read.semantics.timeZone,
    ...(read.signal ? { signal: read.signal } : {}),
  });
  try {
    return await work(operation);
  } finally {
    await operation.end();
  }
}

export function unableToInfer(format: string): SparkError {
  return new SparkError(
    "UNABLE_TO_INFER_SCHEMA",
    `Unable to infer schema for ${format}. It must be specified manually.`,
    { sqlState: "42KD9", messageParameters: { format } },
  );
}

export function unknownFormat(format: string): SparkError {
  return new SparkError(
    "DATA_SOURCE_NOT_FOUND",
    `Failed to find the data source: ${format}. Use csv, json, parquet, text or kafka, or a Spark session.`,
    { sqlState: "42K02", messageParameters: { provider: format } },
  );
}
