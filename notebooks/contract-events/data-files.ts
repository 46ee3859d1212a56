import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { createInterface } from "node:readline";
import { TextDecoder } from "node:util";
import { isStorageUri, openInput } from "sluice/azure";
import { messageOf, nearest, SluiceError } from "sluice/errors";
import { csvRecords } from "./csv-records.ts";
import type { CsvRecord } from "./csv-records.ts";
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

/** Reads the records of a file, for what the engine does not tell: its header, and the lines of rejected rows. */
export function recordsOf(file: DataFile): AsyncGenerator<CsvRecord, void> {
  return csvRecords(textOf(file));
}

/** Reads a file's text in pieces; one that cannot be read is an `INPUT_INVALID` that names it. */
async function* textOf(file: DataFile): AsyncGenerator<string, void> {
  const decoder = strictDecoder();
  try {
    for await (const chunk of createReadStream(file.path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>)
      yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const sentence =
      code === "ERR_ENCODING_INVALID_ENCODED_DATA"
        ? `The file ${file.name} is not UTF-8 in line ${await lineOfWrongBytes(file)}.`
        : `The file ${file.name} cannot be read: ${code ?? messageOf(error)}.`;
    throw new SluiceError("INPUT_INVALID", sentence, { cause: error });
  }
}

const strictDecoder = (): TextDecoder => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

async function lineOfWrongBytes(file: DataFile): Promise<number> {
  // In Latin-1 every byte is a character, so that lines can be cut before they are decoded.
  const lines = createInterface({ input: createReadStream(file.path, "latin1"), crlfDelay: Infinity });
  let number = 0;
  for await (const line of lines) {
    number++;
    try {
      strictDecoder().decode(Buffer.from(line, "latin1"));
    } catch {
      break;
    }
  }
  return number;
}

/**
 * Reads all files to their ends, to find the one that an engine could not read.
 *
 * @throws SluiceError `INPUT_INVALID` naming the file, and the line when it is not UTF-8
 */
export async function checkReadable(files: Iterable<DataFile>): Promise<void> {
  for (const file of files) {
    const text = textOf(file);
    while (!(await text.next()).done);
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
  const folderOf = (file: FoundFile): string => file.relative.split("/")[0]!.replace(/\.csv$/i, "");
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
