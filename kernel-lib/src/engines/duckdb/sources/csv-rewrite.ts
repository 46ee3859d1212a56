// A CSV file that is not plain, written again as one that is: each bad row marked, with its own text beside it.
import { open } from "node:fs/promises";

import type { CsvOptions } from "./csv-options.ts";
import { CsvRecords } from "./csv-records.ts";
import { openText } from "./text-file.ts";

const FLUSH_AT = 1 << 20;

/** How to write a file again. */
export interface Rewrite {
  readonly columns: number;
  /** Keeps the text of good rows too: a value may turn out bad only when it is cast. */
  readonly keepAllText: boolean;
  readonly signal: AbortSignal;
}

/**
 * Writes the records of `source` to `target`: the columns, then `1` for a record with too few or too many values, then
 * the record's text. Missing values are null and surplus ones are dropped, as Spark does.
 *
 * @returns the size of the longest record, in characters.
 */
export async function rewriteCsv(source: string, target: string, options: CsvOptions, how: Rewrite): Promise<number> {
  const records = new CsvRecords(options);
  const file = await open(target, "wx", 0o600);
  let header = options.header;
  let waiting = "";
  let longest = 0;
  try {
    for await (const { text, last } of openText(source, options.encoding, how.signal)) {
      records.add(text, last);
      for (let record = records.next(); record; record = records.next()) {
        if (header) {
          header = false;
          continue;
        }
        const line = lineOf(record.values, record.raw, how);
        waiting += line;
        longest = Math.max(longest, line.length);
        if (waiting.length >= FLUSH_AT) {
          await file.write(waiting);
          waiting = "";
        }
      }
    }
    await file.write(waiting);
  } finally {
    await file.close();
  }
  return longest;
}

function lineOf(values: readonly (string | null)[], raw: string, how: Rewrite): string {
  let line = "";
  for (let i = 0; i < how.columns; i++) line += `${quoted(values[i])},`;
  const bad = values.length !== how.columns;
  return `${line}${bad ? "1" : ""},${bad || how.keepAllText ? quoted(raw) : ""}\n`;
}

function quoted(value: string | null | undefined): string {
  return value === null || value === undefined ? "" : `"${value.replaceAll('"', '""')}"`;
}
