// A read before its schema is known, and what all sources need to find it.
import { SparkError } from "../../../sql/errors.ts";
import type { StructType } from "../../../sql/types/data-type.ts";
import type { Driver } from "../driver/driver.ts";
import type { Operation } from "../driver/operation.ts";
import type { Semantics } from "../functions/definition.ts";
import type { SourceOptions } from "./options.ts";

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

/** What Spark says of a bad row in the mode FAILFAST. */
export const MALFORMED =
  "Malformed records are detected in record parsing. Parse Mode: FAILFAST. To process malformed records as null result, try setting the option 'mode' as 'PERMISSIVE'.";
