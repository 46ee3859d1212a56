// Types of CSV columns from all their values, by Spark's order: integer, long, decimal, double, date, timestamp, boolean.
import type { DataType, StructType } from "../../../sql/types/data-type.ts";
import { castSql } from "../casts/cast.ts";
import type { ReadOptions } from "./read.ts";
import { inScan } from "./read.ts";
import { sourceCasts } from "./scan-files.ts";
import type { ScanSource } from "./source.ts";

const STRING: DataType = { kind: "string" };

/** The schema of a source of strings with the type each column's values have in common; a column without values stays a string. */
export async function inferTypes(read: ReadOptions, source: ScanSource): Promise<StructType> {
  const names = source.schema;
  const casts = sourceCasts(read.semantics);
  // Columns out of folder names have their types already.
  const columns = names.fields
    .map((field, ordinal) => ({ ordinal, id: `c${ordinal}`, dataType: field.dataType }))
    .filter(({ dataType }) => dataType.kind === "string");
  const [counts = []] = await inScan(read, async (context) => {
    const from = await source.prepare(columns, context);
    const tests = columns.map(({ id }) => {
      const is = {
        integer: `regexp_full_match(${id}, '[+-]?[0-9]+') AND TRY_CAST(${id} AS INTEGER) IS NOT NULL`,
        long: `regexp_full_match(${id}, '[+-]?[0-9]+') AND TRY_CAST(${id} AS BIGINT) IS NOT NULL`,
        whole: `regexp_full_match(${id}, '[+-]?[0-9]{1,38}')`,
        double: `${castSql(id, STRING, { kind: "double" }, "try", casts)} IS NOT NULL OR ${id} IN ('Inf', '-Inf')`,
        date: `regexp_full_match(${id}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST(${id} AS DATE) IS NOT NULL`,
        timestamp: `${castSql(id, STRING, { kind: "timestamp" }, "try", casts)} IS NOT NULL`,
        boolean: `lower(${id}) IN ('true', 'false')`,
      };
      const all = Object.values(is).map((test) => `coalesce(bool_and(${test}) FILTER (${id} IS NOT NULL), false)`);
      return `[${all.join(", ")}], coalesce(max(length(ltrim(${id}, '+-'))), 0)`;
    });
    context.use([...casts.natives]);
    return context.rows(`SELECT ${tests.join(", ")} FROM ${from}`);
  });
  const fields = names.fields.map((field, ordinal) => {
    const i = columns.findIndex((column) => column.ordinal === ordinal);
    if (i < 0) return field;
    const passed = (counts[i * 2] as { readonly items: readonly boolean[] }).items;
    return { ...field, dataType: typeOf(passed, Number(counts[i * 2 + 1])) };
  });
  return { kind: "struct", fields };
}

function typeOf(passed: readonly boolean[], digits: number): DataType {
  const [integer, long, whole, double, date, timestamp, boolean] = passed;
  if (integer) return { kind: "integer" };
  if (long) return { kind: "long" };
  if (whole) return { kind: "decimal", precision: digits, scale: 0 };
  if (double) return { kind: "double" };
  if (date) return { kind: "date" };
  if (timestamp) return { kind: "timestamp" };
  return boolean ? { kind: "boolean" } : STRING;
}
