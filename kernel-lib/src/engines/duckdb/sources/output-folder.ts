// Where a write's files lie until all of them are there, and how they come to their place at once.
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";

import { SluiceError } from "../../../errors.ts";
import { SparkError } from "../../../sql/errors.ts";
import { canceled } from "../errors.ts";
import { NULL_PARTITION, escapePartition } from "./partitions.ts";
import { isRemote, localPath } from "./paths.ts";

/** What to do when something is there already. */
export type SaveMode = "error" | "overwrite" | "append" | "ignore";

/** How the written files are named in the end. */
export interface OutputLayout {
  readonly extension: string;
  /** The partition columns, outermost first. */
  readonly partitions: readonly string[];
}

/** A hidden folder beside the target. */
export interface OutputFolder {
  readonly folder: string;
  /** Names the files as Spark does and puts them in place, with `_SUCCESS` last. */
  commit(layout: OutputLayout): Promise<{ bytes: number; files: number }>;
  /** Removes what was written; what was there before is as it was. */
  abort(): Promise<void>;
}

/**
 * Opens the output for a path; undefined when the mode is `ignore` and something is there.
 *
 * @throws SparkError PATH_ALREADY_EXISTS in mode `error`.
 */
export async function openOutput(path: string, mode: SaveMode, signal: AbortSignal): Promise<OutputFolder | undefined> {
  return isRemote(path) ? openRemote(path, mode, signal) : openLocal(localPath(path), mode, signal);
}

async function openLocal(target: string, mode: SaveMode, signal: AbortSignal): Promise<OutputFolder | undefined> {
  const there = await exists(target);
  if (there && mode === "ignore") return undefined;
  if (there && mode === "error") throw alreadyExists(`file:${target}`);
  const folder = join(dirname(target), `.${basename(target)}.${randomUUID()}.writing`);
  await made(() => mkdir(folder, { recursive: true }), target);
  const abort = () => rm(folder, { recursive: true, force: true });
  return {
    folder,
    abort,
    async commit(layout) {
      const written = await made(() => nameFiles(folder, layout), target);
      await made(() => writeFile(join(folder, "_SUCCESS"), ""), target);
      if (signal.aborted) throw canceled();
      await made(() => (there && mode === "append" ? addTo(target, folder) : replace(target, folder, there)), target);
      return written;
    },
  };
}

/** Two renames: at no moment is less than one whole version on disk, and the old one comes back if the second fails. */
async function replace(target: string, folder: string, there: boolean): Promise<void> {
  if (!there) return rename(folder, target);
  const old = join(dirname(target), `.${basename(target)}.${randomUUID()}.old`);
  await rename(target, old);
  try {
    await rename(folder, target);
  } catch (thrown) {
    await rename(old, target);
    throw thrown;
  }
  await rm(old, { recursive: true, force: true });
}

async function addTo(target: string, folder: string): Promise<void> {
  const moved: string[] = [];
  try {
    for (const file of await filesIn(folder)) {
      const place = join(target, relative(folder, file));
      await mkdir(dirname(place), { recursive: true });
      await rename(file, place);
      if (basename(place) !== "_SUCCESS") moved.push(place);
    }
  } catch (thrown) {
    await Promise.all(moved.map((file) => rm(file, { force: true })));
    throw thrown;
  }
  await rm(folder, { recursive: true, force: true });
}

async function openRemote(uri: string, mode: SaveMode, signal: AbortSignal): Promise<OutputFolder | undefined> {
  const { listInput, stageOutput } = await import("../../../azure/index.ts");
  if (mode === "error" || mode === "ignore") {
    const there = await listInput(uri, { signal }).then(
      () => true,
      (thrown: unknown) => {
        if (thrown instanceof SluiceError && thrown.code === "NOT_FOUND") return false;
        throw thrown;
      },
    );
    if (there && mode === "ignore") return undefined;
    if (there) throw alreadyExists(uri);
  }
  const staged = await stageOutput(uri, { mode: mode === "append" ? "append" : "overwrite", signal });
  return {
    folder: staged.folder,
    abort: () => staged.abort(),
    async commit(layout) {
      const written = await nameFiles(staged.folder, layout);
      await staged.commit();
      return written;
    },
  };
}

/** Gives DuckDB's files Spark's names, in Spark's partition folders. */
async function nameFiles(folder: string, layout: OutputLayout): Promise<{ bytes: number; files: number }> {
  const id = randomUUID();
  const partitioned = layout.partitions.length > 0;
  let bytes = 0;
  let files = 0;
  const found = await filesIn(folder);
  // DuckDB numbers its files; data_10 comes after data_9.
  for (const file of found.sort((a, b) => a.localeCompare(b, "en", { numeric: true }))) {
    const place = partitioned ? join(folder, partitionFolder(basename(dirname(file)), layout.partitions)) : folder;
    const number = String(partitioned ? 0 : files).padStart(5, "0");
    const name = (part: number) =>
      partitioned
        ? `part-${number}-${id}.c${String(part).padStart(3, "0")}.${layout.extension}`
        : `part-${number}-${id}-c000.${layout.extension}`;
    await mkdir(place, { recursive: true });
    let part = 0;
    while (partitioned && (await exists(join(place, name(part))))) part++;
    bytes += (await stat(file)).size;
    files++;
    await rename(file, join(place, name(part)));
  }
  for (const entry of await readdir(folder)) {
    if (entry.startsWith("part=") && partitioned) await rm(join(folder, entry), { recursive: true });
  }
  return { bytes, files };
}

/** DuckDB wrote `part=` and the percent-encoded values with a unit separator between them. */
function partitionFolder(name: string, columns: readonly string[]): string {
  const values = decodeURIComponent(name.slice("part=".length)).split("\x1f");
  return join(
    ...columns.map((column, i) => {
      const value = values[i] ?? "";
      return `${escapePartition(column)}=${value === "\x1e" ? NULL_PARTITION : escapePartition(value)}`;
    }),
  );
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function alreadyExists(path: string): SparkError {
  return new SparkError(
    "PATH_ALREADY_EXISTS",
    `Path ${path} already exists. Set mode as "overwrite" to overwrite the existing path.`,
    { sqlState: "42K04", messageParameters: { outputPath: path } },
  );
}

async function made<T>(work: () => Promise<T>, target: string): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code ?? "";
    if (code === "ENOSPC" || code === "EDQUOT") {
      throw new SluiceError("STORAGE_FULL", `There is no space left to write to ${target}.`, {
        next: "Free space there and run again; what was there before is unchanged.",
        cause: thrown,
      });
    }
    if (["EACCES", "EPERM", "EROFS"].includes(code)) {
      throw new SluiceError("PERMISSION_DENIED", `You may not write to ${target}.`, {
        next: "Name another folder.",
        cause: thrown,
      });
    }
    if (code === "ENOTDIR" || code === "EEXIST") {
      throw new SluiceError("ALREADY_EXISTS", `A part of the path ${target} is a file.`, {
        next: "Name another folder.",
        cause: thrown,
      });
    }
    throw thrown;
  }
}
