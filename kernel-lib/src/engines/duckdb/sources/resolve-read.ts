// From a format, paths and options to a source whose schema is known.
import { readCsv } from "./csv.ts";
import { readJson } from "./json.ts";
import { SourceOptions } from "./options.ts";
import { readParquet } from "./parquet.ts";
import type { DataFile } from "./paths.ts";
import { listFiles } from "./paths.ts";
import type { ReadOptions, ReadRequest } from "./read.ts";
import { unknownFormat } from "./read.ts";
import type { ScanSource } from "./source.ts";
import { readText } from "./text.ts";

export type { ReadRequest } from "./read.ts";

const FORMATS: Readonly<Record<string, (read: ReadOptions, files: readonly DataFile[]) => Promise<ScanSource>>> = {
  csv: readCsv,
  json: readJson,
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
  if (format === "kafka") {
    const { readKafka } = await import("./kafka-source.ts");
    return readKafka(request.options, options);
  }
  const path = options.text("path");
  const paths = request.paths.length === 0 && path !== undefined ? [path] : request.paths;
  const read = { ...request, format, options, paths };
  const reader = FORMATS[format];
  if (!reader) throw unknownFormat(request.format);
  const files = await listFiles(paths, options, request.signal);
  const recursive = options.flag("recursiveFileLookup", false);
  return reader(read, recursive ? files.map((file) => ({ ...file, folders: [] })) : files);
}
