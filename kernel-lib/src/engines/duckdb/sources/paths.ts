// The files a read means: single ones, folders, patterns and partition folders, on this machine or in Azure storage.
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { SluiceError } from "../../../errors.ts";
import { SparkError, unsupported } from "../../../sql/errors.ts";
import { globToRegExp, hasGlob, matchGlob } from "./glob.ts";
import type { SourceOptions } from "./options.ts";

/** One data file of a read. */
export interface DataFile {
  /** As errors and explain name it: a path of this machine, or a storage address. */
  readonly name: string;
  /** Folders between the root of the read and the file, such as `load_date=2024-01-01`. */
  readonly folders: readonly string[];
  readonly size: number;
}

/** Whether a path is a storage address (`az:`, `wasbs:`, `abfss:`, …) rather than one of this machine. */
export function isRemote(path: string): boolean {
  return /^(az|azure|wasbs?|abfss?):/i.test(path);
}

/** A path of this machine without a scheme. */
export function localPath(path: string): string {
  if (/^file:/i.test(path)) {
    // Spark writes file:/a, file:///a; both are fine as they are, blanks and all.
    const rest = path.slice(5);
    return rest.startsWith("//") && !rest.startsWith("///") ? fileURLToPath(path) : rest.replace(/^\/+/, "/");
  }
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(path)?.[1];
  if (scheme !== undefined && scheme.length > 1) {
    throw unsupported(`The file system ${scheme}:`, "Use a local path, az:, wasbs: or abfss:, or a Spark session.");
  }
  return resolve(path);
}

/**
 * Lists the data files of a read, sorted by name within each path.
 *
 * Names that begin with `_` or `.` are no data, unless they are partition folders such as `_k=1`.
 *
 * @throws SparkError PATH_NOT_FOUND for a path, or a pattern, without anything there.
 */
export async function listFiles(
  paths: readonly string[],
  options: SourceOptions,
  signal?: AbortSignal,
): Promise<DataFile[]> {
  options.refuse({
    modifiedBefore: "Name the files instead.",
    modifiedAfter: "Name the files instead.",
  });
  const filter = options.text("pathGlobFilter");
  const accept = filter === undefined ? () => true : (name: string) => globToRegExp(filter).test(basename(name));
  const files: DataFile[] = [];
  for (const path of paths) {
    const found = isRemote(path) ? await listRemote(path, signal) : await listLocal(path, options);
    files.push(...found.filter((file) => accept(file.name)));
  }
  return files;
}

async function listLocal(path: string, options: SourceOptions): Promise<DataFile[]> {
  const local = localPath(path);
  const roots = hasGlob(local) && !(await exists(local)) ? await matchGlob(local) : [local];
  const basePath = options.text("basePath");
  const files: DataFile[] = [];
  for (const root of roots) {
    const info = await stat(root).catch((thrown: unknown) => {
      if ((thrown as NodeJS.ErrnoException).code === "ENOENT" || (thrown as NodeJS.ErrnoException).code === "ENOTDIR")
        throw pathNotFound(`file:${root}`, thrown);
      throw readError(root, thrown);
    });
    const above = basePath === undefined ? [] : foldersBelow(localPath(basePath), root);
    if (info.isDirectory()) await walk(root, above, files);
    else files.push({ name: root, folders: basePath === undefined ? [] : above.slice(0, -1), size: info.size });
  }
  if (roots.length === 0) throw pathNotFound(`file:${local}`);
  return files;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function walk(folder: string, folders: readonly string[], files: DataFile[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown): Dirent[] => {
    throw readError(folder, thrown);
  });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".") || (entry.name.startsWith("_") && !entry.name.includes("="))) continue;
    const path = join(folder, entry.name);
    const info = entry.isSymbolicLink() ? await stat(path) : entry;
    if (info.isDirectory()) await walk(path, [...folders, entry.name], files);
    else if (info.isFile()) files.push({ name: path, folders, size: (await stat(path)).size });
  }
}

function foldersBelow(base: string, path: string): string[] {
  const prefix = base.endsWith("/") ? base : `${base}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length).split("/") : [];
}

async function listRemote(uri: string, signal?: AbortSignal): Promise<DataFile[]> {
  const { listInput } = await import("../../../azure/index.ts");
  const found = await listInput(uri, signal ? { signal } : {}).catch((thrown: unknown) => {
    if (thrown instanceof SluiceError && thrown.code === "NOT_FOUND") throw pathNotFound(uri, thrown);
    throw thrown;
  });
  return found.map((file) => {
    const folder = dirname(file.relative);
    return { name: file.uri, folders: folder === "." ? [] : folder.split("/"), size: file.size };
  });
}

/** Spark's error for a path without anything there. */
export function pathNotFound(path: string, cause?: unknown): SparkError {
  return new SparkError("PATH_NOT_FOUND", `Path does not exist: ${path}.`, {
    sqlState: "42K03",
    messageParameters: { path },
    cause,
  });
}

function readError(path: string, cause: unknown): SluiceError {
  const denied = ["EACCES", "EPERM"].includes((cause as NodeJS.ErrnoException).code ?? "");
  return denied
    ? new SluiceError("PERMISSION_DENIED", `You may not read ${path}.`, {
        next: "Ask for the right to read it.",
        cause,
      })
    : new SluiceError("NOT_FOUND", `The path ${path} cannot be read.`, { cause });
}
