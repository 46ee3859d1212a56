// Reading JSON files: a document a line, or a document a file with multiLine.
import { SparkError, unsupported } from "../../../sql/errors.ts";
import type { DataType, StructField, StructType } from "../../../sql/types/data-type.ts";
import { toJson } from "../../../sql/types/index.ts";
import { castSql } from "../casts/cast.ts";
import { quoteText, raiseSql } from "../errors.ts";
import { duckdbType, structField } from "../types.ts";
import { refuseFormats } from "./csv-options.ts";
import { JsonSchema } from "./json-infer.ts";
import { jsonRowsFunction, wireStructure } from "./json-wire.ts";
import type { Partitions } from "./partitions.ts";
import { discoverPartitions } from "./partitions.ts";
import type { DataFile } from "./paths.ts";
import type { ReadOptions } from "./read.ts";
import { MALFORMED, inScan, unableToInfer } from "./read.ts";
import type { SourceCasts } from "./scan-files.ts";
import { emptySql, localCopies, partitionTable, selectList, sourceCasts } from "./scan-files.ts";
import type { ScanColumn, ScanContext, ScanSource } from "./source.ts";
import { linesSql, wholeFiles } from "./text.ts";
import { openText } from "./text-file.ts";

const STRING: DataType = { kind: "string" };

/** A read of JSON files, with its schema known. */
export async function readJson(read: ReadOptions, files: readonly DataFile[]): Promise<ScanSource> {
  const { options } = read;
  refuseFormats(options);
  options.refuse({
    primitivesAsString: "Give a schema of strings.",
    prefersDecimal: "Give a schema with decimals.",
    allowComments: "Remove the comments first.",
    allowUnquotedFieldNames: "Quote the names first.",
    encoding: "Files are read as UTF-8.",
    charset: "Files are read as UTF-8.",
  });
  const corrupt =
    options.text("columnNameOfCorruptRecord") ?? read.semantics.conf("spark.sql.columnNameOfCorruptRecord");
  const given = read.schema ?? (await inferSchema(read, files, corrupt));
  const partitions = discoverPartitions(files, given);
  const names = new Set(partitions.fields.map((field) => field.name.toLowerCase()));
  const fields = given.fields
    .filter((field) => !names.has(field.name.toLowerCase()))
    .map((field) => ({ ...field, nullable: true }));
  return new JsonScan(read, files, fields, partitions, corrupt);
}

class JsonScan implements ScanSource {
  readonly description: string;
  readonly schema: StructType;
  private readonly read: ReadOptions;
  private readonly files: readonly DataFile[];
  private readonly fields: readonly StructField[];
  private readonly partitions: Partitions;
  private readonly corrupt: string;
  private readonly mode: "PERMISSIVE" | "DROPMALFORMED" | "FAILFAST";

  constructor(
    read: ReadOptions,
    files: readonly DataFile[],
    fields: readonly StructField[],
    partitions: Partitions,
    corrupt: string,
  ) {
    this.description = `json [${read.paths.join(", ")}]`;
    this.schema = { kind: "struct", fields: [...fields, ...partitions.fields] };
    this.read = read;
    this.files = files;
    this.fields = fields;
    this.partitions = partitions;
    this.corrupt = corrupt;
    this.mode = read.options.oneOf("mode", ["PERMISSIVE", "DROPMALFORMED", "FAILFAST"], "PERMISSIVE");
    for (const field of fields) checkType(field.dataType, field.name);
  }

  async prepare(columns: readonly ScanColumn[], context: ScanContext): Promise<string> {
    if (this.files.length === 0) return emptySql(columns);
    const casts = sourceCasts(this.read.semantics);
    casts.native(jsonRowsFunction);
    const local = await localCopies(this.read.paths, this.files, context);
    const { options } = this.read;
    const { sql, paths } = options.flag("multiLine", false)
      ? wholeFiles(local)
      : await linesSql(local, options.text("lineSep"), context);
    const wanted = this.wanted(columns);
    const rows = this.rowsSql(sql, wanted);
    const bad = this.badSql(wanted, casts);
    const picked = columns.map(({ ordinal, id }) => {
      const field = this.fields[ordinal];
      if (!field) return { sql: `p${ordinal - this.fields.length}`, id };
      if (field.name === this.corrupt) return { sql: `CASE WHEN ${bad} THEN s.line END`, id };
      return { sql: fromWire(`s.doc.r.${structField(wanted.indexOf(field))}`, field.dataType, casts, 0), id };
    });
    const from = [`(${rows}) s`];
    if (this.partitions.fields.length > 0) {
      from.push(`JOIN ${partitionTable(paths, this.partitions, casts)} p ON s.filename = p.path`);
    }
    context.use([...casts.natives]);
    return `(SELECT ${selectList(picked)} FROM ${from.join(" ")}${this.modeSql(bad)})`;
  }

  /** The fields to read: those asked for, or all where a bad value elsewhere counts. */
  private wanted(columns: readonly ScanColumn[]): readonly StructField[] {
    const inFile = this.fields.filter((field) => field.name !== this.corrupt);
    const asked = new Set(columns.map(({ ordinal }) => this.fields[ordinal]));
    const all =
      this.mode !== "PERMISSIVE" || this.fields.some((field) => asked.has(field) && field.name === this.corrupt);
    return all ? inFile : inFile.filter((field) => asked.has(field));
  }

  private rowsSql(lines: string, wanted: readonly StructField[]): string {
    const type: StructType = { kind: "struct", fields: wanted };
    const structure = JSON.stringify([{ b: "BOOLEAN", r: wireStructure(type) }]);
    const rows = `${jsonRowsFunction.name}(line, ${quoteText(toJson(type))})`;
    return `SELECT line, filename, unnest(from_json(${rows}, ${quoteText(structure)})) AS doc FROM (${lines})`;
  }

  private badSql(wanted: readonly StructField[], casts: SourceCasts): string {
    const failed = wanted.flatMap((field, i) => {
      if (!CAST_LATER.has(field.dataType.kind)) return [];
      const text = `s.doc.r.${structField(i)}`;
      return [`(${text} IS NOT NULL AND ${fromWire(text, field.dataType, casts, 0)} IS NULL)`];
    });
    return ["s.doc.b", ...failed].join(" OR ");
  }

  private modeSql(bad: string): string {
    if (this.mode === "PERMISSIVE") return "";
    if (this.mode === "DROPMALFORMED") return ` WHERE NOT (${bad})`;
    const sentence = quoteText(MALFORMED);
    return ` WHERE CASE WHEN ${bad} THEN ${raiseSql("FAILED_READ_FILE.NO_HINT", "KD001", sentence)} ELSE true END`;
  }
}

const CAST_LATER = new Set<DataType["kind"]>(["date", "timestamp", "timestampNtz", "decimal"]);

function checkType(type: DataType, column: string): void {
  if (type.kind === "array") checkType(type.elementType, column);
  else if (type.kind === "struct") type.fields.forEach((field) => checkType(field.dataType, column));
  else if (type.kind === "map") {
    if (type.keyType.kind !== "string") {
      throw new SparkError(
        "INVALID_JSON_SCHEMA_MAP_TYPE",
        `The JSON column ${column} has a map whose key is not a STRING.`,
        { sqlState: "22032" },
      );
    }
    checkType(type.valueType, column);
  } else if (["dayTimeInterval", "yearMonthInterval", "calendarInterval"].includes(type.kind)) {
    throw unsupported(`Reading the JSON column ${column} as an interval`, "Read it as STRING and convert it.");
  }
}

/** A value as `jsonRowsFunction` wrote it, in its column's type. */
function fromWire(sql: string, type: DataType, casts: SourceCasts, depth: number): string {
  const name = `wire${depth}`;
  switch (type.kind) {
    case "string":
    case "boolean":
    case "byte":
    case "short":
    case "integer":
    case "long":
      return sql;
    case "binary":
      return `TRY(from_base64(${sql}))`;
    case "float":
    case "double":
    case "decimal":
      return `TRY_CAST(${sql} AS ${duckdbType(type)})`;
    case "array":
      return `list_transform(${sql}, lambda ${name}: ${fromWire(name, type.elementType, casts, depth + 1)})`;
    case "map": {
      const value = fromWire(`${name}.v`, type.valueType, casts, depth + 1);
      return `CASE WHEN ${sql} IS NULL THEN NULL ELSE map(list_transform(${sql}, lambda ${name}: ${name}.k), list_transform(${sql}, lambda ${name}: ${value})) END`;
    }
    case "struct": {
      const values = type.fields.map((field, i) => fromWire(`${sql}.${structField(i)}`, field.dataType, casts, depth));
      return `CASE WHEN ${sql} IS NULL THEN NULL ELSE row(${values.join(", ") || "NULL"})::${duckdbType(type)} END`;
    }
    case "null":
      return `NULL::${duckdbType(type)}`;
    default:
      return castSql(sql, STRING, type, "try", casts);
  }
}

async function inferSchema(read: ReadOptions, files: readonly DataFile[], corrupt: string): Promise<StructType> {
  const schema = new JsonSchema();
  const end = read.options.text("lineSep") ?? /\r\n|\n|\r/;
  const whole = read.options.flag("multiLine", false);
  await inScan(read, async (context) => {
    for (const path of await localCopies(read.paths, files, context)) {
      let rest = "";
      for await (const { text, last } of openText(path, "utf-8", context.signal)) {
        rest += text;
        if (whole && !last) continue;
        const lines = whole ? [rest] : rest.split(end);
        rest = last ? "" : (lines.pop() ?? "");
        for (const line of lines) schema.add(line);
      }
    }
  });
  const found = schema.finish(corrupt);
  if (!found) throw unableToInfer("JSON");
  return found;
}
