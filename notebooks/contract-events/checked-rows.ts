import { col, functions as F, lit } from "sluice/sql";
import type { Column, DataFrame, Session } from "sluice/sql";
import type { FileGroup } from "./headers.ts";
import type { Table } from "./schema.ts";

const CORRUPT = "_corrupt_record";

/**
 * Reads a table and checks each row.
 *
 * @returns the table's columns with their types, `_reason` (why the row is rejected, null when it is good), and
 *   `_texts` (a good row's columns, or a broken row's whole text, as an array: by it a rejected row is found again)
 */
export function readChecked(spark: Session, table: Table, groups: readonly FileGroup[]): DataFrame {
  return groups
    .map((group) => checkRows(table, readTexts(spark, table, group)))
    .reduce((all, next) => all.unionByName(next));
}

/** All columns as they stand in the files, with null for an empty field, quoted or not. */
function readTexts(spark: Session, table: Table, { header, files }: FileGroup): DataFrame {
  const names = header.map((name, index) => (name in table.columns ? name : `_extra_${index}`));
  const texts = spark.read
    .schema([...names, CORRUPT].map((name) => `${name} STRING`).join(", "))
    .option("header", true)
    .option("multiLine", true)
    .option("quote", '"')
    // A quote in quotes is doubled; a backslash is a plain character.
    .option("escape", '"')
    .option("mode", "PERMISSIVE")
    .option("columnNameOfCorruptRecord", CORRUPT)
    .csv(files.map((file) => file.path));
  return texts.select(
    ...Object.keys(table.columns).map((name) => F.when(col(name).neq(""), col(name)).alias(name)),
    col(CORRUPT),
  );
}

function checkRows(table: Table, texts: DataFrame): DataFrame {
  const columns = Object.entries(table.columns);
  const typed = columns.map(([name, type]) => (type === "STRING" ? col(name) : col(name).try_cast(type).alias(name)));
  const wrong = columns
    .filter(([, type]) => type !== "STRING")
    .map(([name, type]) =>
      F.when(
        col(name).isNotNull().and(isValid(name, type).not()),
        F.concat(lit(`${name} is not ${NOUNS[type]}: `), col(name)),
      ),
    );
  const empty = table.required.map((name) => F.when(col(name).isNull(), lit(`${name} is empty`)));
  const reason = F.coalesce(
    F.when(col(CORRUPT).isNotNull(), lit("the row has another number of fields than the header")),
    ...empty,
    ...wrong,
  );
  const found = F.when(col(CORRUPT).isNull(), F.array(...columns.map(([name]) => col(name)))).otherwise(
    F.array(col(CORRUPT)),
  );
  return texts.select(...typed, reason.alias("_reason"), found.alias("_texts"));
}

const NOUNS: Readonly<Record<string, string>> = { INT: "0 or 1", DATE: "a date", TIMESTAMP: "a timestamp" };

/** Whether a text is a value of its type in ISO 8601. Spark's casts alone take more: `2024` or `13:56` would become days. */
function isValid(name: string, type: string): Column {
  const text = col(name);
  const parses = text.try_cast(type).isNotNull();
  const hasDay = F.substring(text, 5, 1)
    .eq("-")
    .and(F.substring(text, 8, 1).eq("-"));
  if (type === "DATE") return F.length(text).eq(10).and(hasDay).and(parses);
  if (type === "TIMESTAMP") return hasDay.and(parses);
  return text.isin("0", "1");
}
