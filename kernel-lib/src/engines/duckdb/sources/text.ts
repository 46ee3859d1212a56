// Reading text files: one row a line, in the column `value`.
import { open } from "node:fs/promises";
import { join } from "node:path";

import { unsupported } from "../../../sql/errors.ts";
import type { StructField, StructType } from "../../../sql/types/data-type.ts";
import { checkLines } from "./line-check.ts";
import type { Partitions } from "./partitions.ts";
import { discoverPartitions } from "./partitions.ts";
import type { DataFile } from "./paths.ts";
import type { ReadOptions } from "./read.ts";
import {
  emptySql,
  localCopies,
  partitionTable,
  pathList,
  selectList,
  sourceCasts,
  temporaryFolder,
} from "./scan-files.ts";
import type { ScanColumn, ScanContext, ScanSource } from "./source.ts";
import { openText } from "./text-file.ts";

const VALUE: StructField = { name: "value", dataType: { kind: "string" }, nullable: true };

/** A read of text files; `wholetext` gives one row a file. */
export async function readText(read: ReadOptions, files: readonly DataFile[]): Promise<ScanSource> {
  const partitions = discoverPartitions(files, read.schema);
  return new TextScan(read, files, partitions);
}

class TextScan implements ScanSource {
  readonly description: string;
  readonly schema: StructType;
  private readonly read: ReadOptions;
  private readonly files: readonly DataFile[];
  private readonly partitions: Partitions;
  private readonly whole: boolean;
  private readonly separator: string | undefined;

  constructor(read: ReadOptions, files: readonly DataFile[], partitions: Partitions) {
    const named = read.schema?.fields.find((field) => !partitions.fields.some(({ name }) => name === field.name));
    if (named && named.dataType.kind !== "string") {
      throw unsupported(`Reading text into the type ${named.dataType.kind}`, "Read it as STRING and convert it.");
    }
    this.description = `text [${read.paths.join(", ")}]`;
    this.schema = { kind: "struct", fields: [{ ...VALUE, name: named?.name ?? "value" }, ...partitions.fields] };
    this.read = read;
    this.files = files;
    this.partitions = partitions;
    this.whole = read.options.flag("wholetext", false);
    this.separator = read.options.text("lineSep");
  }

  async prepare(columns: readonly ScanColumn[], context: ScanContext): Promise<string> {
    if (this.files.length === 0) return emptySql(columns);
    const casts = sourceCasts(this.read.semantics);
    const local = await localCopies(this.read.paths, this.files, context);
    const { sql, paths } = this.whole ? wholeFiles(local) : await linesSql(local, this.separator, context);
    const from = [`(${sql}) s`];
    if (this.partitions.fields.length > 0) {
      from.push(`JOIN ${partitionTable(paths, this.partitions, casts)} p ON s.filename = p.path`);
    }
    context.use([...casts.natives]);
    const picked = columns.map(({ ordinal, id }) => ({ sql: ordinal === 0 ? "line" : `p${ordinal - 1}`, id }));
    return `(SELECT ${selectList(picked)} FROM ${from.join(" ")})`;
  }
}

/** SQL of `line`, the content of a whole file, and `filename`. */
export function wholeFiles(paths: readonly string[]): { sql: string; paths: readonly string[] } {
  return { sql: `SELECT content AS line, filename FROM read_text(${pathList(paths)})`, paths };
}

/** SQL of `line` and `filename`, and the paths by which the files are called in it. */
export async function linesSql(
  local: readonly string[],
  separator: string | undefined,
  context: ScanContext,
): Promise<{ sql: string; paths: readonly string[] }> {
  const paths: string[] = [];
  const quoted: string[] = [];
  const plain: string[] = [];
  let folder: string | undefined;
  let longest = 0;
  for (const [index, path] of local.entries()) {
    const check = separator === undefined ? await checkLines(path, context.signal) : { plain: false, longest: 0 };
    longest = Math.max(longest, check.longest);
    if (check.plain) {
      plain.push(path);
      paths.push(path);
      continue;
    }
    folder ??= await temporaryFolder(context);
    const target = join(folder, `${index}.csv`);
    longest = Math.max(longest, 4 * (await quoteLines(path, target, separator, context.signal)));
    quoted.push(target);
    paths.push(target);
  }
  const limit = longest >= 1_000_000 ? `, max_line_size = ${longest * 2}, buffer_size = ${longest * 8}` : "";
  const common = `auto_detect = false, header = false, filename = true, hive_partitioning = false, columns = {'line': 'VARCHAR'}${limit}`;
  // Nothing is quoted in plain lines and no byte 1 or 2 is in them; nullstr is a text no line can be.
  const asIs = `${common}, delim = '\x01', quote = '', escape = '', nullstr = '\x02\x02'`;
  const asCsv = `${common}, delim = ',', quote = '"', escape = '"', nullstr = '\x02\x02'`;
  const tables = [];
  if (plain.length > 0) tables.push(`SELECT line, filename FROM read_csv(${pathList(plain)}, ${asIs})`);
  if (quoted.length > 0) tables.push(`SELECT line, filename FROM read_csv(${pathList(quoted)}, ${asCsv})`);
  return { sql: tables.join(" UNION ALL "), paths };
}

/** Writes each line of a file quoted, so that empty ones and any characters are kept. */
async function quoteLines(
  source: string,
  target: string,
  separator: string | undefined,
  signal: AbortSignal,
): Promise<number> {
  const file = await open(target, "wx", 0o600);
  const end = separator ?? /\r\n|\n|\r/;
  let rest = "";
  let longest = 0;
  try {
    for await (const { text, last } of openText(source, "utf-8", signal)) {
      rest += text;
      // A \r at the end of a piece may be half of \r\n.
      const held = !last && separator === undefined && rest.endsWith("\r") ? 1 : 0;
      const lines = rest.slice(0, rest.length - held).split(end);
      rest = (last ? "" : (lines.pop() ?? "")) + rest.slice(rest.length - held);
      if (last && lines.at(-1) === "") lines.pop();
      for (const line of lines) longest = Math.max(longest, line.length);
      if (lines.length > 0) await file.write(lines.map((line) => `"${line.replaceAll('"', '""')}"\n`).join(""));
    }
  } finally {
    await file.close();
  }
  return longest;
}
