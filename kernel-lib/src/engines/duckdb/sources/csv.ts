// Reading CSV files: plain ones by DuckDB's parallel reader, others written again as plain ones first.
import { basename, join } from "node:path";

import { SparkError } from "../../../sql/errors.ts";
import type { StructField, StructType } from "../../../sql/types/data-type.ts";
import { quoteText, raiseSql } from "../errors.ts";
import type { CsvOptions } from "./csv-options.ts";
import { csvOptions } from "./csv-options.ts";
import { checkPlain, mayBePlain } from "./csv-plain.ts";
import { rewriteCsv } from "./csv-rewrite.ts";
import { inferCsvSchema, readHeader } from "./csv-schema.ts";
import { inferTypes } from "./infer-types.ts";
import { csvValue } from "./csv-values.ts";
import type { Partitions } from "./partitions.ts";
import { discoverPartitions } from "./partitions.ts";
import type { DataFile } from "./paths.ts";
import type { ReadOptions } from "./read.ts";
import { MALFORMED } from "./read.ts";
import type { SourceCasts } from "./scan-files.ts";
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

/** DuckDB's own limit for a line; larger ones need to be allowed. */
const LINE_BYTES = 2_000_000;

/** A read of CSV files, with its schema known. */
export async function readCsv(read: ReadOptions, files: readonly DataFile[]): Promise<ScanSource> {
  const options = csvOptions(read.options, read.semantics.conf("spark.sql.columnNameOfCorruptRecord"));
  const given = read.schema ?? (await inferCsvSchema(read, files, options));
  const strings = csvScan(read, files, options, given);
  if (read.schema || !options.inferSchema || files.length === 0) return strings;
  return csvScan(read, files, options, await inferTypes(read, strings));
}

function csvScan(read: ReadOptions, files: readonly DataFile[], options: CsvOptions, given: StructType): CsvScan {
  const partitions = discoverPartitions(files, given);
  const names = new Set(partitions.fields.map((field) => field.name.toLowerCase()));
  const fields = given.fields
    .filter((field) => !names.has(field.name.toLowerCase()))
    .map((field) => ({ ...field, nullable: true }));
  const corrupt = fields.find((field) => field.name === options.corruptColumn);
  if (corrupt && corrupt.dataType.kind !== "string") {
    throw new SparkError(
      "INVALID_CORRUPT_RECORD_TYPE",
      `The column "${corrupt.name}" for corrupt records must have the nullable STRING type.`,
      { sqlState: "42804" },
    );
  }
  return new CsvScan(read, files, options, fields, partitions);
}

class CsvScan implements ScanSource {
  readonly description: string;
  readonly schema: StructType;
  private readonly read: ReadOptions;
  private readonly files: readonly DataFile[];
  private readonly options: CsvOptions;
  private readonly fields: readonly StructField[];
  private readonly partitions: Partitions;
  /** The columns that stand in the files: all but the one for corrupt records. */
  private readonly inFile: readonly StructField[];

  constructor(
    read: ReadOptions,
    files: readonly DataFile[],
    options: CsvOptions,
    fields: readonly StructField[],
    partitions: Partitions,
  ) {
    this.description = `csv [${read.paths.join(", ")}]`;
    this.schema = { kind: "struct", fields: [...fields, ...partitions.fields] };
    this.read = read;
    this.files = files;
    this.options = options;
    this.fields = fields;
    this.partitions = partitions;
    this.inFile = fields.filter((field) => field.name !== options.corruptColumn);
  }

  async prepare(columns: readonly ScanColumn[], context: ScanContext): Promise<string> {
    const casts = sourceCasts(this.read.semantics);
    const wanted = columns.filter((column) => column.ordinal < this.fields.length);
    const wantsCorrupt = wanted.some((column) => this.isCorrupt(column));
    const typed = this.inFile.some((field) => field.dataType.kind !== "string");
    // Spark looks for bad rows only where it reads all columns.
    const checked = wantsCorrupt || wanted.length >= this.inFile.length;
    const paths = await localCopies(this.read.paths, this.files, context);
    const { plain, rewritten, longest } = await this.sort(paths, wantsCorrupt && typed, context);
    const tables = [];
    if (plain.length > 0) tables.push(this.readerSql(plain, false, longest));
    if (rewritten.length > 0) tables.push(this.readerSql(rewritten, true, longest));
    if (tables.length === 0) return emptySql(columns);
    const sql = this.selectSql(columns, tables, { checked, wantsCorrupt, paths: [...plain, ...rewritten] }, casts);
    context.use([...casts.natives]);
    return sql;
  }

  private isCorrupt(column: ScanColumn): boolean {
    return this.fields[column.ordinal]?.name === this.options.corruptColumn;
  }

  /** Which files can be read as they are, and the others written again. */
  private async sort(paths: readonly string[], keepAllText: boolean, context: ScanContext) {
    const plain: Located[] = [];
    const rewritten: Located[] = [];
    let folder: string | undefined;
    let longest = 0;
    for (const [index, path] of paths.entries()) {
      if (this.options.header && !this.options.enforceSchema) await this.checkHeader(path, context);
      const size = this.inFile.length;
      const answer =
        !keepAllText && mayBePlain(this.options, size)
          ? await checkPlain(path, this.options, size, context.signal)
          : { plain: false, longest: 0 };
      longest = Math.max(longest, answer.longest);
      if (answer.plain) {
        plain.push({ path, index });
        continue;
      }
      folder ??= await temporaryFolder(context);
      const target = join(folder, `${index}.csv`);
      const how = { columns: size, keepAllText, signal: context.signal };
      longest = Math.max(longest, 4 * (await rewriteCsv(path, target, this.options, how)));
      rewritten.push({ path: target, index });
    }
    return { plain, rewritten, longest };
  }

  private async checkHeader(path: string, context: ScanContext): Promise<void> {
    const header = await readHeader(path, this.options, context.signal);
    if (!header) return;
    const same = (a: string | null, b: string) => a?.toLowerCase() === b.toLowerCase();
    if (header.length === this.inFile.length && this.inFile.every((field, i) => same(header[i] ?? null, field.name)))
      return;
    throw new SparkError(
      "FAILED_READ_FILE.NO_HINT",
      `The CSV header of ${basename(path)} does not conform to the schema. Header: ${header.join(", ")}. Schema: ${this.inFile.map((field) => field.name).join(", ")}.`,
      { sqlState: "KD001" },
    );
  }

  private readerSql(files: readonly Located[], rewritten: boolean, longest: number): string {
    const names = this.inFile.map((_, i) => `c${i}`);
    if (rewritten) names.push("malformed", "raw");
    const { separator, header } = this.options;
    const settings = [
      "auto_detect = false",
      `columns = {${names.map((name) => `'${name}': 'VARCHAR'`).join(", ")}}`,
      `delim = ${quoteText(rewritten ? "," : separator)}`,
      `quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = ${rewritten ? "false" : "true"}`,
      `header = ${rewritten ? "false" : header}`,
      "filename = true, hive_partitioning = false",
    ];
    if (longest >= LINE_BYTES / 2) settings.push(`max_line_size = ${longest * 2}, buffer_size = ${longest * 8}`);
    const reader = `read_csv(${pathList(files.map((file) => file.path))}, ${settings.join(", ")})`;
    const marks = rewritten ? "malformed, raw" : "NULL::VARCHAR AS malformed, NULL::VARCHAR AS raw";
    return `SELECT ${[...names.slice(0, this.inFile.length), marks, "filename"].join(", ")} FROM ${reader}`;
  }

  private selectSql(
    columns: readonly ScanColumn[],
    tables: readonly string[],
    how: { checked: boolean; wantsCorrupt: boolean; paths: readonly Located[] },
    casts: SourceCasts,
  ): string {
    const position = (field: StructField) => this.inFile.indexOf(field);
    const value = (field: StructField) => csvValue(`c${position(field)}`, field.dataType, casts);
    const bad = this.badSql(columns, value);
    const picked = columns.map((column) => {
      const field = this.fields[column.ordinal];
      if (!field) return { sql: `p${column.ordinal - this.fields.length}`, id: column.id };
      if (this.isCorrupt(column)) return { sql: `CASE WHEN ${bad} THEN raw END`, id: column.id };
      return { sql: value(field), id: column.id };
    });
    const from = [`(${tables.join(" UNION ALL ")}) s`];
    if (this.partitions.fields.length > 0) {
      const values = { ...this.partitions, values: how.paths.map(({ index }) => this.partitions.values[index] ?? []) };
      from.push(
        `JOIN ${partitionTable(
          how.paths.map((file) => file.path),
          values,
          casts,
        )} p ON s.filename = p.path`,
      );
    }
    return `(SELECT ${selectList(picked)} FROM ${from.join(" ")}${how.checked ? this.modeSql(bad) : ""})`;
  }

  /** True for a row that is not as the schema says. */
  private badSql(columns: readonly ScanColumn[], value: (field: StructField) => string): string {
    const failed = this.inFile
      .filter((field) => field.dataType.kind !== "string")
      .filter((field) => columns.some((column) => this.fields[column.ordinal] === field))
      .map((field) => `(c${this.inFile.indexOf(field)} IS NOT NULL AND ${value(field)} IS NULL)`);
    return ["malformed IS NOT NULL", ...failed].join(" OR ");
  }

  private modeSql(bad: string): string {
    if (this.options.mode === "PERMISSIVE") return "";
    if (this.options.mode === "DROPMALFORMED") return ` WHERE NOT (${bad})`;
    const sentence = quoteText(MALFORMED);
    return ` WHERE CASE WHEN ${bad} THEN ${raiseSql("FAILED_READ_FILE.NO_HINT", "KD001", sentence)} ELSE true END`;
  }
}

interface Located {
  readonly path: string;
  readonly index: number;
}
