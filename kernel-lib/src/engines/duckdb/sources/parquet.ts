// Reading Parquet files: those of Spark by the schema Spark left in them, others by their own.
import type { DuckDBType } from "@duckdb/node-api";
import { DuckDBTypeId } from "@duckdb/node-api";

import { SparkError, unsupported } from "../../../sql/errors.ts";
import type { DataType, StructField, StructType } from "../../../sql/types/data-type.ts";
import { fromJson, simpleString } from "../../../sql/types/index.ts";
import type { Operation } from "../driver/operation.ts";
import { quoteName } from "../errors.ts";
import { duckdbType } from "../types.ts";
import type { Partitions } from "./partitions.ts";
import { discoverPartitions } from "./partitions.ts";
import type { DataFile } from "./paths.ts";
import { reshape } from "./reshape.ts";
import type { ReadOptions } from "./read.ts";
import { inScan, unableToInfer } from "./read.ts";
import { emptySql, localCopies, partitionTable, pathList, selectList, sourceCasts } from "./scan-files.ts";
import type { ScanColumn, ScanContext, ScanSource } from "./source.ts";

/** Where Spark keeps a file's schema. */
export const SPARK_SCHEMA_KEY = "org.apache.spark.sql.parquet.row.metadata";
/** The name of the column with the file's path; no file has one like it. */
const FILE = "sluice source file";

type FileColumns = readonly { readonly name: string; readonly type: DuckDBType }[];

/** A read of Parquet files, with its schema known. */
export async function readParquet(read: ReadOptions, files: readonly DataFile[]): Promise<ScanSource> {
  const given = read.schema ?? (await schemaOfFiles(read, files));
  const partitions = discoverPartitions(files, given);
  const names = new Set(partitions.fields.map((field) => field.name.toLowerCase()));
  const fields = given.fields
    .filter((field) => !names.has(field.name.toLowerCase()))
    .map((field) => ({ ...field, nullable: true }));
  return new ParquetScan(read, files, fields, partitions);
}

class ParquetScan implements ScanSource {
  readonly description: string;
  readonly schema: StructType;
  private readonly read: ReadOptions;
  private readonly files: readonly DataFile[];
  private readonly fields: readonly StructField[];
  private readonly partitions: Partitions;

  constructor(read: ReadOptions, files: readonly DataFile[], fields: readonly StructField[], partitions: Partitions) {
    this.description = `parquet [${read.paths.join(", ")}]`;
    this.schema = { kind: "struct", fields: [...fields, ...partitions.fields] };
    this.read = read;
    this.files = files;
    this.fields = fields;
    this.partitions = partitions;
  }

  async prepare(columns: readonly ScanColumn[], context: ScanContext): Promise<string> {
    if (this.files.length === 0) return emptySql(columns);
    const paths = await localCopies(this.read.paths, this.files, context);
    const reader = readerSql(paths, true);
    const inFile = await inScan(this.read, (operation) => operation.columns(`SELECT * FROM ${reader}`));
    const picked = columns.map(({ ordinal, id }) => {
      const field = this.fields[ordinal];
      return { sql: field ? columnSql(field, inFile) : `p${ordinal - this.fields.length}`, id };
    });
    const from = [`${reader} s`];
    const casts = sourceCasts(this.read.semantics);
    if (this.partitions.fields.length > 0) {
      from.push(`JOIN ${partitionTable(paths, this.partitions, casts)} p ON s.${quoteName(FILE)} = p.path`);
    }
    context.use([...casts.natives]);
    return `(SELECT ${selectList(picked)} FROM ${from.join(" ")})`;
  }
}

function readerSql(paths: readonly string[], union: boolean): string {
  // Without union_by_name the first file's columns are those of all.
  return `read_parquet(${pathList(paths)}, union_by_name = ${union}, hive_partitioning = false, filename = '${FILE}')`;
}

function columnSql(field: StructField, inFile: FileColumns): string {
  const name = field.name.toLowerCase();
  const column =
    inFile.find((candidate) => candidate.name === field.name) ??
    inFile.find((candidate) => candidate.name.toLowerCase() === name);
  if (!column) return `NULL::${duckdbType(field.dataType)}`;
  const sql = reshape(`s.${quoteName(column.name)}`, column.type, field.dataType, leafSql);
  if (sql !== undefined) return sql;
  throw new SparkError(
    "FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH",
    `Data type mismatches when reading Parquet column [${field.name}]. Expected Spark type ${simpleString(field.dataType)}, actual Parquet type ${String(column.type)}.`,
    { sqlState: "KD001" },
  );
}

const INTEGERS = [DuckDBTypeId.TINYINT, DuckDBTypeId.SMALLINT, DuckDBTypeId.INTEGER, DuckDBTypeId.BIGINT];
const LARGEST: Readonly<Record<string, DuckDBTypeId>> = {
  byte: DuckDBTypeId.TINYINT,
  short: DuckDBTypeId.SMALLINT,
  integer: DuckDBTypeId.INTEGER,
  long: DuckDBTypeId.BIGINT,
};

/** A Parquet value in a Spark type; only widening is allowed, as in Spark. */
function leafSql(sql: string, from: DuckDBType, to: DataType): string | undefined {
  const id = from.typeId;
  if (to.kind === "timestamp") {
    if (id === DuckDBTypeId.TIMESTAMP_TZ) return sql;
    // Spark's own INT96 has no zone in DuckDB: it counts from 1970 in UTC.
    return isTimestamp(id) ? `((${sql})::TIMESTAMP AT TIME ZONE 'UTC')` : undefined;
  }
  if (to.kind === "timestampNtz") return isTimestamp(id) ? `(${sql})::TIMESTAMP` : undefined;
  if (to.kind === "dayTimeInterval") return id === DuckDBTypeId.BIGINT ? `to_microseconds(${sql})` : undefined;
  if (to.kind === "yearMonthInterval") return id === DuckDBTypeId.INTEGER ? `to_months(${sql})` : undefined;
  if (to.kind === "string") {
    if (id === DuckDBTypeId.VARCHAR) return sql;
    if (id === DuckDBTypeId.BLOB) return `decode(${sql})`;
    return id === DuckDBTypeId.ENUM || id === DuckDBTypeId.UUID ? `(${sql})::VARCHAR` : undefined;
  }
  if (to.kind === "binary") {
    if (id === DuckDBTypeId.BLOB) return sql;
    return id === DuckDBTypeId.VARCHAR ? `encode(${sql})` : undefined;
  }
  const inferred = dataTypeOf(from);
  if (inferred && simpleString(inferred) === simpleString(to)) {
    return String(from) === duckdbType(to) ? sql : `(${sql})::${duckdbType(to)}`;
  }
  const largest = LARGEST[to.kind];
  const widened =
    (largest !== undefined && INTEGERS.includes(id) && INTEGERS.indexOf(id) <= INTEGERS.indexOf(largest)) ||
    (to.kind === "double" && (id === DuckDBTypeId.FLOAT || (INTEGERS.includes(id) && id !== DuckDBTypeId.BIGINT))) ||
    (to.kind === "decimal" && inferred?.kind === "decimal" && widerDecimal(inferred, to));
  return widened ? `(${sql})::${duckdbType(to)}` : undefined;
}

function widerDecimal(from: DataType & { kind: "decimal" }, to: DataType & { kind: "decimal" }): boolean {
  return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale;
}

function isTimestamp(id: DuckDBTypeId): boolean {
  return [
    DuckDBTypeId.TIMESTAMP,
    DuckDBTypeId.TIMESTAMP_S,
    DuckDBTypeId.TIMESTAMP_MS,
    DuckDBTypeId.TIMESTAMP_NS,
  ].includes(id);
}

async function schemaOfFiles(read: ReadOptions, files: readonly DataFile[]): Promise<StructType> {
  if (files.length === 0) throw unableToInfer("Parquet");
  const merge = read.options.flag("mergeSchema", false);
  return inScan(read, async (operation) => {
    const paths = await localCopies(read.paths, files, operation);
    const chosen = merge ? paths : paths.slice(0, 1);
    const left = await sparkSchemas(operation, chosen);
    if (left.length === chosen.length) return mergeSchemas(left);
    const columns = await operation.columns(`SELECT * FROM ${readerSql(chosen, merge)}`);
    return { kind: "struct", fields: await fieldsOf(operation, columns, chosen) };
  });
}

/** The schemas that Spark left in the files, one for each that has one. */
async function sparkSchemas(operation: Operation, paths: readonly string[]): Promise<StructType[]> {
  const rows = await operation.rows(
    `SELECT decode(value) FROM parquet_kv_metadata(${pathList(paths)}) WHERE decode(key) = '${SPARK_SCHEMA_KEY}'`,
  );
  return rows.map(([json]) => fromJson(String(json)) as StructType);
}

function mergeSchemas(schemas: readonly StructType[]): StructType {
  const fields = new Map<string, StructField>();
  for (const field of schemas.flatMap((schema) => schema.fields)) {
    const before = fields.get(field.name);
    if (before && simpleString(before.dataType) !== simpleString(field.dataType)) {
      throw new SparkError(
        "CANNOT_MERGE_SCHEMAS",
        `Failed merging schemas: the column ${field.name} is ${simpleString(before.dataType)} in one file and ${simpleString(field.dataType)} in another.`,
        { sqlState: "42KD9" },
      );
    }
    fields.set(field.name, before ?? field);
  }
  return { kind: "struct", fields: [...fields.values()] };
}

async function fieldsOf(operation: Operation, columns: FileColumns, paths: readonly string[]): Promise<StructField[]> {
  // DuckDB gives both kinds of timestamps without a zone one type; INT96 means an instant in Spark.
  const rows = await operation.rows(
    `SELECT DISTINCT name FROM parquet_schema(${pathList(paths)}) WHERE type = 'INT96'`,
  );
  const instants = new Set(rows.map(([name]) => String(name)));
  return columns
    .filter(({ name }) => name !== FILE)
    .map(({ name, type }): StructField => {
      if (instants.has(name) && isTimestamp(type.typeId))
        return { name, dataType: { kind: "timestamp" }, nullable: true };
      const dataType = dataTypeOf(type);
      if (!dataType) {
        throw unsupported(
          `The Parquet column ${name} of the type ${String(type)}`,
          "Leave it out of the files, or write it as another type.",
        );
      }
      return { name, dataType, nullable: true };
    });
}

/** The Spark type of what DuckDB reads from Parquet. */
function dataTypeOf(type: DuckDBType): DataType | undefined {
  switch (type.typeId) {
    case DuckDBTypeId.LIST: {
      const elementType = dataTypeOf(type.valueType);
      return elementType && { kind: "array", elementType, containsNull: true };
    }
    case DuckDBTypeId.MAP: {
      const keyType = dataTypeOf(type.keyType);
      const valueType = dataTypeOf(type.valueType);
      return keyType && valueType && { kind: "map", keyType, valueType, valueContainsNull: true };
    }
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type;
      const types = entryTypes.map(dataTypeOf);
      if (types.includes(undefined)) return undefined;
      const fields = entryNames.map((name, i): StructField => ({
        name,
        dataType: types[i] as DataType,
        nullable: true,
      }));
      return { kind: "struct", fields };
    }
    case DuckDBTypeId.DECIMAL: {
      const { width, scale } = type;
      return { kind: "decimal", precision: width, scale };
    }
    case DuckDBTypeId.UBIGINT:
      return { kind: "decimal", precision: 20, scale: 0 };
    default: {
      const kind = KINDS[type.typeId];
      return kind && ({ kind } as DataType);
    }
  }
}

const KINDS: Readonly<Partial<Record<DuckDBTypeId, DataType["kind"]>>> = {
  [DuckDBTypeId.BOOLEAN]: "boolean",
  [DuckDBTypeId.TINYINT]: "byte",
  [DuckDBTypeId.UTINYINT]: "short",
  [DuckDBTypeId.SMALLINT]: "short",
  [DuckDBTypeId.USMALLINT]: "integer",
  [DuckDBTypeId.INTEGER]: "integer",
  [DuckDBTypeId.UINTEGER]: "long",
  [DuckDBTypeId.BIGINT]: "long",
  [DuckDBTypeId.FLOAT]: "float",
  [DuckDBTypeId.DOUBLE]: "double",
  [DuckDBTypeId.VARCHAR]: "string",
  [DuckDBTypeId.ENUM]: "string",
  [DuckDBTypeId.BLOB]: "binary",
  [DuckDBTypeId.DATE]: "date",
  [DuckDBTypeId.TIMESTAMP_TZ]: "timestamp",
  [DuckDBTypeId.TIMESTAMP]: "timestampNtz",
  [DuckDBTypeId.TIMESTAMP_MS]: "timestampNtz",
  [DuckDBTypeId.TIMESTAMP_NS]: "timestampNtz",
};
