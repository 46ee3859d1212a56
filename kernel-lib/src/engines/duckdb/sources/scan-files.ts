// What all file sources share: local copies of their files, partition values beside the rows, wanted columns out.
import { rm } from "node:fs/promises";

import { makeTempFolder } from "../../../temp-folder.ts";
import type { DataType } from "../../../sql/types/data-type.ts";
import { castSql } from "../casts/cast.ts";
import type { CastContext } from "../casts/context.ts";
import { quoteName, quoteText, raiseSql } from "../errors.ts";
import type { NativeFunction, Semantics } from "../functions/definition.ts";
import { duckdbType } from "../types.ts";
import type { Partitions } from "./partitions.ts";
import type { DataFile } from "./paths.ts";
import { isRemote } from "./paths.ts";
import type { ScanColumn, ScanContext } from "./source.ts";

/** What makes casts inside a source, and the native functions those need. */
export interface SourceCasts extends CastContext {
  readonly natives: Set<NativeFunction>;
}

export function sourceCasts(semantics: Semantics): SourceCasts {
  const natives = new Set<NativeFunction>();
  let names = 0;
  return {
    natives,
    ansi: semantics.ansi,
    timeZone: semantics.timeZone,
    raise: raiseSql,
    fresh: (prefix) => `source_${prefix}${++names}`,
    native: (fn) => {
      natives.add(fn);
      return fn.name;
    },
  };
}

/** A private folder that is removed when the operation has ended. */
export async function temporaryFolder(context: ScanContext): Promise<string> {
  const folder = await makeTempFolder("sluice-read-");
  context.onEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The paths on this machine of the files, in order; those in storage are copied first, and removed at the end. */
export async function localCopies(
  paths: readonly string[],
  files: readonly DataFile[],
  context: ScanContext,
): Promise<string[]> {
  if (!files.some((file) => isRemote(file.name))) return files.map((file) => file.name);
  const { openInput } = await import("../../../azure/index.ts");
  const copies = new Map<string, string>();
  for (const path of paths.filter(isRemote)) {
    const input = await openInput(path, { signal: context.signal });
    context.onEnd(() => input.close());
    for (const file of input.files) copies.set(file.uri, file.localPath);
  }
  return files.map((file) => copies.get(file.name) ?? file.name);
}

/** A list of paths for one of DuckDB's readers, in which no path is taken for a pattern. */
export function pathList(paths: readonly string[]): string {
  return `[${paths.map((path) => quoteText(path.replace(/[*?[]/g, "[$&]"))).join(", ")}]`;
}

/**
 * SQL of a table of each path's partition values, cast to their columns' types: `path`, `p0`, `p1`, ….
 */
export function partitionTable(paths: readonly string[], partitions: Partitions, casts: CastContext): string {
  const rows = paths.map((path, i) => {
    const values = partitions.values[i] as readonly (string | null)[];
    return `(${[quoteText(path), ...values.map((value) => (value === null ? "NULL::VARCHAR" : quoteText(value)))].join(", ")})`;
  });
  const names = partitions.fields.map((_, i) => `v${i}`);
  const columns = partitions.fields.map((field, i) => `${partitionValue(`v${i}`, field.dataType, casts)} AS p${i}`);
  return `(SELECT path, ${columns.join(", ")} FROM (VALUES ${rows.join(", ")}) t(${["path", ...names].join(", ")}))`;
}

function partitionValue(text: string, to: DataType, casts: CastContext): string {
  return `CAST(${castSql(text, { kind: "string" }, to, "ansi", casts)} AS ${duckdbType(to)})`;
}

/** A SELECT of the columns; a source without any asked for still gives its rows. */
export function selectList(columns: readonly { readonly sql: string; readonly id: string }[]): string {
  return columns.length === 0 ? "1 AS one" : columns.map(({ sql, id }) => `${sql} AS ${quoteName(id)}`).join(", ");
}

/** SQL of no rows. */
export function emptySql(columns: readonly ScanColumn[]): string {
  const typed = columns.map(({ dataType, id }) => ({ sql: `NULL::${duckdbType(dataType)}`, id }));
  return `(SELECT ${selectList(typed)} WHERE false)`;
}
