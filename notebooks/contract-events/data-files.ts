import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { isStorageUri, openInput } from "sluice/azure";
import { nearest, SluiceError } from "sluice/errors";
import { tables } from "./schema.ts";
import type { Table } from "./schema.ts";

/** One file of the input. */
export interface DataFile {
  /** Where the engine reads it. */
  readonly path: string;
  /** How it is named to people: as the user addressed it. */
  readonly name: string;
}

/** The files of the input, a list for each table, until {@link InputFiles.close}. */
export interface InputFiles {
  readonly byTable: ReadonlyMap<Table, readonly DataFile[]>;
  /** Removes local copies, where there are any. */
  close(): Promise<void>;
}

/**
 * Finds the files of the three tables below a folder or an address in Azure storage. What is in Azure is copied down once,
 * because several queries read it.
 *
 * @throws SluiceError `NOT_FOUND` when the input or the folder of a table does not exist, `INPUT_INVALID` for what is no file
 */
export async function findFiles(input: string, signal?: AbortSignal): Promise<InputFiles> {
  if (!isStorageUri(input)) {
    const byTable = sortByTable(input, await localFiles(input));
    for (const file of [...byTable.values()].flat()) await checkIsFile(file);
    return { byTable, close: async () => undefined };
  }
  const copy = await openInput(input, signal ? { signal } : {});
  try {
    const files = copy.files.map((file) => ({ relative: file.relative, path: file.localPath, name: file.uri }));
    return { byTable: sortByTable(input, files), close: () => copy.close() };
  } catch (error) {
    await copy.close();
    throw error;
  }
}

interface FoundFile extends DataFile {
  /** The path below the input, with `/` between its parts. */
  readonly relative: string;
}

async function localFiles(input: string): Promise<FoundFile[]> {
  const found = await stat(input).catch(() => undefined);
  if (!found?.isDirectory())
    throw new SluiceError("NOT_FOUND", `The input ${input} ${found ? "is no folder" : "does not exist"}.`, {
      next: "Name a folder with --input.",
    });
  const files: FoundFile[] = [];
  for (const entry of await readdir(input, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    files.push({ relative: relative(input, path).split(sep).join("/"), path, name: path });
  }
  // Hidden files are no data, as in Spark.
  return files
    .filter((file) => file.relative.split("/").every((part) => !/^[._]/.test(part)))
    .sort((a, b) => (a.relative < b.relative ? -1 : 1));
}

/** A pipe would be waited for without end, and a device may never end. What is not there is told when it is read. */
async function checkIsFile(file: DataFile): Promise<void> {
  const found = await stat(file.path).catch(() => undefined);
  if (!found || found.isFile()) return;
  const kind = found.isFIFO() ? "a named pipe" : found.isDirectory() ? "a link to a folder" : "a device or a socket";
  throw new SluiceError("INPUT_INVALID", `${file.name} is ${kind} and no file.`, {
    next: "Put a CSV file in its place, or take it out of the input.",
  });
}

function sortByTable(input: string, files: readonly FoundFile[]): Map<Table, DataFile[]> {
  const folderOf = (file: FoundFile): string => file.relative.split("/")[0]!.replace(/\.csv(\.gz)?$/i, "");
  const byTable = new Map<Table, DataFile[]>();
  for (const table of tables) {
    const own = files.filter((file) => folderOf(file) === table.name).map(({ path, name }) => ({ path, name }));
    if (own.length === 0) {
      const near = nearest(table.name, new Set(files.map(folderOf)));
      throw new SluiceError(
        "NOT_FOUND",
        `The input ${input} has no folder ${table.name} with CSV files.`,
        near ? { next: `It has ${near}: rename it.` } : {},
      );
    }
    byTable.set(table, own);
  }
  return byTable;
}
