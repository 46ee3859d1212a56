import { nearest, SluiceError } from "sluice/errors";
import { csvRecords } from "./csv-records.ts";
import type { DataFile } from "./data-files.ts";
import { textOf } from "./file-text.ts";
import type { Table } from "./schema.ts";

/** The most that a message shows of a line. */
const MOST_SHOWN = 200;

/** A line of a file as a message shows it: a file that is no CSV file may be one line as a whole. */
export function shortened(line: string): string {
  const signs = [...line.slice(0, 2 * MOST_SHOWN + 2)];
  return signs.length > MOST_SHOWN ? `${signs.slice(0, MOST_SHOWN).join("")}…` : line;
}

/** Files of a table whose columns stand in the same order. */
export interface FileGroup {
  readonly header: readonly string[];
  readonly files: DataFile[];
}

/**
 * Reads the header of each file and groups the files by it, since a schema goes to columns by their place.
 *
 * Columns that the table does not have are left out later. A file without a single line has no rows and is skipped.
 *
 * @throws SluiceError `INPUT_INVALID` for a missing column, naming it, the file and the nearest name in its header
 */
export async function groupByHeader(table: Table, files: readonly DataFile[]): Promise<FileGroup[]> {
  const groups = new Map<string, FileGroup>();
  for (const file of files) {
    const header = await headerOf(file);
    if (header === undefined) continue;
    checkHeader(table, header, file);
    const key = JSON.stringify(header);
    const group = groups.get(key);
    if (group) group.files.push(file);
    else groups.set(key, { header, files: [file] });
  }
  if (groups.size === 0)
    throw new SluiceError("INPUT_EMPTY", `The files of ${table.name} are all empty: none has a header.`);
  return [...groups.values()];
}

async function headerOf(file: DataFile): Promise<string[] | undefined> {
  for await (const record of csvRecords(withLineFeeds(file))) return record.values.map((value) => value ?? "");
  return undefined;
}

/** A file without line feeds would be one record, and all of it the header. */
async function* withLineFeeds(file: DataFile): AsyncGenerator<string, void> {
  let first = true;
  for await (const chunk of textOf(file)) {
    // A carriage return in quotes is a part of a name.
    if (first && !chunk.includes("\n") && /\r[^]/.test(chunk.replace(/"[^"]*"/g, ""))) {
      throw new SluiceError("INPUT_INVALID", `The lines of ${file.name} end in a carriage return (CR) alone.`, {
        next: "End them in a line feed (LF), or in CR and LF.",
      });
    }
    first = false;
    yield chunk;
  }
}

function checkHeader(table: Table, header: readonly string[], file: DataFile): void {
  const twice = header.find((name, index) => name in table.columns && header.indexOf(name) !== index);
  if (twice !== undefined)
    throw new SluiceError("INPUT_INVALID", `The file ${file.name} has the column ${twice} twice.`);
  const missing = Object.keys(table.columns).find((name) => !header.includes(name));
  if (missing === undefined) return;
  const near = nearest(
    missing,
    header.filter((name) => !(name in table.columns)),
  );
  throw new SluiceError("INPUT_INVALID", `The file ${file.name} has no column ${missing}.`, {
    next:
      near === undefined
        ? `Give it the columns ${Object.keys(table.columns).join(", ")}, in any order; its header is ${shortened(header.join(", "))}.`
        : `Its header has ${near}: rename it to ${missing}.`,
  });
}
