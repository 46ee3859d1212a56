// The schema of CSV files that nobody gave one for: names from the first record.
import type { DataType, StructField, StructType } from "../../../sql/types/data-type.ts";
import type { CsvOptions } from "./csv-options.ts";
import { CsvRecords } from "./csv-records.ts";
import type { DataFile } from "./paths.ts";
import type { ReadOptions } from "./read.ts";
import { inScan, unableToInfer } from "./read.ts";
import { localCopies } from "./scan-files.ts";
import { openText } from "./text-file.ts";

const STRING: DataType = { kind: "string" };

/** The values of a file's first record; undefined when there is none. */
export async function readHeader(
  path: string,
  options: CsvOptions,
  signal?: AbortSignal,
): Promise<readonly (string | null)[] | undefined> {
  const records = new CsvRecords(options);
  for await (const { text, last } of openText(path, options.encoding, signal)) {
    records.add(text, last);
    const record = records.next();
    if (record) return record.values;
  }
  return undefined;
}

/**
 * Names from the header of the first file that has one, or `_c0`, `_c1`, …; all strings.
 *
 * @throws SparkError UNABLE_TO_INFER_SCHEMA when there is no file.
 */
export async function inferCsvSchema(
  read: ReadOptions,
  files: readonly DataFile[],
  options: CsvOptions,
): Promise<StructType> {
  if (files.length === 0) throw unableToInfer("CSV");
  const first = await inScan(read, async (context) => {
    for (const path of await localCopies(read.paths, files, context)) {
      const header = await readHeader(path, options, context.signal);
      if (header) return header;
    }
    return undefined;
  });
  const names = columnNames(first ?? [], options.header);
  const fields = names.map((name): StructField => ({ name, dataType: STRING, nullable: true }));
  return { kind: "struct", fields };
}

/** A name that repeats, in any case, gets its position behind it; an empty one becomes `_c` and its position. */
function columnNames(first: readonly (string | null)[], header: boolean): string[] {
  if (!header) return first.map((_, i) => `_c${i}`);
  const lower = first.map((name) => name?.toLowerCase());
  return first.map((name, i) => {
    if (name === null || name === "") return `_c${i}`;
    const repeats = lower.indexOf(lower[i]) !== i || lower.lastIndexOf(lower[i]) !== i;
    return repeats ? `${name}${i}` : name;
  });
}
