import { col, functions as F } from "sluice/sql";
import type { DataFrame } from "sluice/sql";
import { SluiceError } from "sluice/errors";
import { csvRecords } from "./csv-records.ts";
import type { DataFile } from "./data-files.ts";
import { recordsOf } from "./file-text.ts";
import { shortened } from "./headers.ts";
import type { FileGroup } from "./headers.ts";
import type { Table } from "./schema.ts";

/** A row that is no part of the load, and why. */
export interface Reject {
  readonly table: string;
  /** The file and the line it starts on, from 1; null when the row could not be found again. */
  readonly file: string | null;
  readonly line: number | null;
  readonly reason: string;
  /** The row as it stands in the file. */
  readonly row: string;
}

/** More rejects than this mean that the whole input is wrong. */
const MOST_REJECTS = 100_000;

/** Collects the rejected rows of a table that has no files of its own: where a row stands is not known. */
export async function collectTableRejects(table: Table, rejected: DataFrame): Promise<Reject[]> {
  const rows = await rejected
    .select(F.to_json(F.struct(...Object.keys(table.columns).map((name) => col(name)))).alias("_row"), col("_reason"))
    .limit(MOST_REJECTS + 1)
    .collect();
  checkNumber(table, rows);
  return rows.map((row) => ({
    table: table.name,
    file: null,
    line: null,
    reason: String(row.get("_reason")),
    row: String(row.get("_row")),
  }));
}

/** @throws SluiceError `INPUT_INVALID` when so many rows are wrong that the input cannot be what it should be */
function checkNumber(table: Table, rows: readonly { get(name: string): unknown }[]): void {
  if (rows.length <= MOST_REJECTS) return;
  throw new SluiceError(
    "INPUT_INVALID",
    `More than ${MOST_REJECTS} rows of ${table.name} are wrong; one reason is: ${String(rows[0]!.get("_reason"))}.`,
    {
      next: "Check that the input is what it should be.",
    },
  );
}

/**
 * Collects a table's rejected rows and finds their files and lines.
 *
 * The engine says which rows are wrong and why; the files are read a second time, and only then, to find where they are.
 */
export async function collectRejects(
  table: Table,
  rejected: DataFrame,
  groups: readonly FileGroup[],
): Promise<Reject[]> {
  const rows = await rejected
    .select(col("_texts"), col("_reason"))
    .limit(MOST_REJECTS + 1)
    .collect();
  checkNumber(table, rows);
  const wanted = new Map<string, { texts: readonly (string | null)[]; reason: string; count: number }>();
  for (const row of rows) {
    const texts = [...(row.get("_texts") as Iterable<string | null>)].map(
      (text) => text?.replace(/[\r\n]+$/, "") ?? null,
    );
    if (texts.length === 1 && (await countRecords(texts[0] ?? "")) > 1) throw mixedLineEnds(table, texts[0] ?? "");
    const key = JSON.stringify(texts);
    const known = wanted.get(key);
    if (known) known.count++;
    else wanted.set(key, { texts, reason: String(row.get("_reason")), count: 1 });
  }
  const rejects: Reject[] = [];
  for (const { header, files } of groups) {
    const places = Object.keys(table.columns).map((name) => header.indexOf(name));
    for (const file of files) {
      for await (const { line, raw, values } of recordsOf(file)) {
        const texts = values.length === header.length ? places.map((place) => values[place] ?? null) : [raw];
        const match = wanted.get(JSON.stringify(texts));
        if (!match || match.count === 0) continue;
        match.count--;
        const open = texts.length === 1 && hasOpenQuote(raw);
        if (open && raw.includes("\n")) throw openQuote(file, line);
        const reason = open ? "a quote is never closed" : match.reason;
        rejects.push({ table: table.name, file: file.name, line, reason, row: raw });
      }
    }
  }
  for (const { texts, reason, count } of wanted.values()) {
    for (let left = count; left > 0; left--)
      rejects.push({ table: table.name, file: null, line: null, reason, row: JSON.stringify(texts) });
  }
  return rejects;
}

function hasOpenQuote(raw: string): boolean {
  return raw.split('"').length % 2 === 0;
}

/** The rows after an open quote are part of its value: how many there were cannot be known, so no count would add up. */
function openQuote(file: DataFile, line: number): SluiceError {
  return new SluiceError(
    "INPUT_INVALID",
    `A quote in the row of line ${line} of ${file.name} is never closed, so that all rows after it run together.`,
    { next: 'Close it; a quote within a quoted value is written "".' },
  );
}

async function countRecords(text: string): Promise<number> {
  let count = 0;
  for await (const _ of csvRecords([text])) count++;
  return count;
}

/** The engine takes the first line's end for all lines: others run together into one broken row. */
function mixedLineEnds(table: Table, text: string): SluiceError {
  return new SluiceError(
    "INPUT_INVALID",
    `A file of ${table.name} mixes line ends, so that its rows run together from this one on: ${shortened(text.split("\n")[0]!)}`,
    {
      next: "End all lines of a file alike.",
    },
  );
}
