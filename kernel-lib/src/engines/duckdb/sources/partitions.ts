// Columns that stand in the names of folders: `load_date=2024-01-01/country=Canada/part-0.csv`.
import { SparkError } from "../../../sql/errors.ts";
import type { DataType, StructField, StructType } from "../../../sql/types/data-type.ts";
import type { DataFile } from "./paths.ts";

/** Hive's name for null in a folder's name. */
export const NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__";

/** The partition columns of a read, and each file's values as text, null for null. */
export interface Partitions {
  readonly fields: readonly StructField[];
  readonly values: readonly (readonly (string | null)[])[];
}

/**
 * Finds the partition columns, and their types: those of the given schema, else what all values are.
 *
 * @throws SparkError when some files lie under other partition columns than the rest.
 */
export function discoverPartitions(files: readonly DataFile[], schema: StructType | undefined): Partitions {
  const parsed = files.map((file) => {
    const pairs = file.folders.map(parsePair);
    // A folder that is no `key=value` ends the partitions, as in Spark.
    const end = pairs.findIndex((pair) => pair === undefined);
    return (end < 0 ? pairs : pairs.slice(end + 1)).filter((pair) => pair !== undefined);
  });
  const names = parsed[0]?.map(([name]) => name) ?? [];
  if (names.length === 0 && parsed.every((pairs) => pairs.length === 0))
    return { fields: [], values: files.map(() => []) };
  for (const pairs of parsed) {
    if (pairs.length !== names.length || pairs.some(([name], i) => name !== names[i])) throw conflicting(parsed);
  }
  const values = parsed.map((pairs) => pairs.map(([, value]) => value));
  const fields = names.map((name, i): StructField => {
    const given = schema?.fields.find((field) => field.name.toLowerCase() === name.toLowerCase());
    const dataType = given?.dataType ?? commonType(values.map((row) => row[i] ?? null));
    return { name: given?.name ?? name, dataType, nullable: true };
  });
  return { fields, values };
}

function parsePair(folder: string): [string, string | null] | undefined {
  const at = folder.indexOf("=");
  if (at <= 0) return undefined;
  const value = unescape(folder.slice(at + 1));
  return [unescape(folder.slice(0, at)), value === NULL_PARTITION || value === "" ? null : value];
}

/** Hive writes some characters as %XX; a % that is not followed by two hex digits is itself. */
function unescape(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** A value as it stands in a folder's name: what Hive escapes is escaped. */
export function escapePartition(text: string): string {
  return text.replace(/[\x00-\x1f"#%'*/:=?\\\x7f{[\]^]/g, (sign) => {
    return `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  });
}

function commonType(values: readonly (string | null)[]): DataType {
  const kinds = new Set(values.filter((value) => value !== null).map(kindOf));
  if (kinds.size === 1) return { kind: [...kinds][0] as "string" };
  if ([...kinds].every((kind) => kind === "integer" || kind === "long") && kinds.size > 0) return { kind: "long" };
  if ([...kinds].every((kind) => NUMBERS.has(kind)) && kinds.size > 0) return { kind: "double" };
  return { kind: "string" };
}

const NUMBERS = new Set(["integer", "long", "double"]);

function kindOf(value: string): "integer" | "long" | "double" | "date" | "timestamp" | "string" {
  if (/^[+-]?\d+$/.test(value)) {
    const number = BigInt(value.replace("+", ""));
    if (BigInt.asIntN(32, number) === number) return "integer";
    if (BigInt.asIntN(64, number) === number) return "long";
  }
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return "double";
  if (isDay(value)) return "date";
  const [day = "", time] = value.split(/[ T]/, 2);
  if (time !== undefined && isDay(day) && /^\d{2}:\d{2}:\d{2}(\.\d{1,6})?$/.test(time)) return "timestamp";
  return "string";
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
}

function conflicting(parsed: readonly (readonly (readonly [string, string | null])[])[]): SparkError {
  const lists = [...new Set(parsed.map((pairs) => pairs.map(([name]) => name).join(", ")))];
  return new SparkError(
    "CONFLICTING_PARTITION_COLUMN_NAMES",
    `Conflicting partition column names detected: ${lists.map((list) => `(${list})`).join(" and ")}. For partitioned table directories, data files should only live in leaf directories, and directories at the same level should have the same partition column name.`,
    { sqlState: "KD009" },
  );
}
