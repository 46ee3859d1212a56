// The three tables where a cluster keeps them: Parquet in its file system, or tables of its catalog.
import { col, functions as F, lit } from "sluice/sql";
import type { DataFrame, Session } from "sluice/sql";
import { isStorageUri } from "sluice/azure";
import { nearest, SluiceError } from "sluice/errors";
import type { Load } from "./input.ts";
import * as schema from "./schema.ts";
import type { Table } from "./schema.ts";

const CATALOG = /^table:(.+)$/;
/** An address that a cluster opens by itself: any but `az:`, whose account only this program knows. */
const ADDRESS = /^(?!az:)[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Whether an input names tables where an engine keeps them: `table:DATABASE`, or an address such as `hdfs://host:8020/tables`.
 * Azure's long forms hold CSV files for the embedded engine, and tables for a cluster.
 */
export function isTables(spark: Session, input: string): boolean {
  return CATALOG.test(input) || (ADDRESS.test(input) && (spark.isRemote || !isStorageUri(input)));
}

/** Whether a session on a cluster writes to this output by itself; what is not is written by this program. */
export function isClusterOutput(spark: Session, output: string): boolean {
  return spark.isRemote && ADDRESS.test(output);
}

/**
 * Reads a table and checks its columns and each of its rows.
 *
 * @returns the table's columns, and `_reason`: why a row is rejected, null when it is good
 * @throws SluiceError `INPUT_INVALID` for a column that is missing or of another type, `NOT_FOUND` for a table that is not there
 */
export async function readTable(spark: Session, input: string, table: Table): Promise<DataFrame> {
  const place = placeOf(input, table);
  const frame = CATALOG.test(input) ? spark.table(place) : spark.read.parquet(place);
  await checkColumns(frame, table, place);
  const reason = F.coalesce(
    ...table.required.map((name) => F.when(col(name).isNull(), lit(`${name} is empty`))),
    ...("active_ind" in table.columns
      ? [
          F.when(
            col("active_ind").isin(0, 1).not(),
            F.concat(lit("active_ind is not 0 or 1: "), col("active_ind").cast("string")),
          ),
        ]
      : []),
  );
  return frame.select(...Object.keys(table.columns).map((name) => col(name)), reason.alias("_reason"));
}

/**
 * Brings the good rows of a load to a cluster.
 *
 * @param stage - where they are kept there, `table:DATABASE` or an address, in parts by their load date: the rows of this day are
 *   replaced, those of other days stay. Empty: they are in the session only
 * @returns the load, with its tables on the cluster
 * @throws SluiceError `USAGE` for a place that no cluster has
 */
export async function moveToCluster(load: Load, cluster: Session, stage: string): Promise<Load> {
  if (stage !== "" && !isTables(cluster, stage)) {
    throw new SluiceError("USAGE", `Rows cannot be kept on a cluster in ${stage}.`, {
      next: "Name an address such as hdfs://host:8020/tables, or table:DATABASE.",
    });
  }
  const move = async (table: Table, frame: DataFrame): Promise<DataFrame> => {
    const rows = cluster.createDataFrame(await frame.toArrow(), await frame.schema());
    if (stage === "") return rows;
    await replaceDay(cluster, placeOf(stage, table), table, load.loadDate, rows);
    return (await readTable(cluster, stage, table))
      .filter(col("load_date").eq(lit(load.loadDate).cast("date")))
      .drop("_reason");
  };
  return {
    ...load,
    accounts: await move(schema.accounts, load.accounts),
    parties: await move(schema.parties, load.parties),
    partyAddress: await move(schema.partyAddress, load.partyAddress),
  };
}

async function replaceDay(cluster: Session, place: string, table: Table, day: string, rows: DataFrame): Promise<void> {
  if (ADDRESS.test(place))
    return void (await rows.drop("load_date").write.mode("overwrite").parquet(`${place}/load_date=${day}`));
  const types = Object.entries(table.columns).map(([name, type]) => `${name} ${type}`);
  const names = Object.keys(table.columns).filter((name) => name !== "load_date");
  await cluster.sql(
    `CREATE TABLE IF NOT EXISTS ${place} (${types.join(", ")}) USING parquet PARTITIONED BY (load_date)`,
  );
  const view = `staged_${table.name}`;
  await rows.createOrReplaceTempView(view);
  const list = names.join(", ");
  await cluster.sql(
    `INSERT OVERWRITE TABLE ${place} PARTITION (load_date = DATE'${day}') (${list}) SELECT ${list} FROM ${view}`,
  );
}

function placeOf(input: string, table: Table): string {
  const [, database] = CATALOG.exec(input) ?? [];
  return database === undefined ? `${input.replace(/\/+$/, "")}/${table.name}` : `${database}.${table.name}`;
}

async function checkColumns(frame: DataFrame, table: Table, place: string): Promise<void> {
  const types = new Map(await typesOf(frame, table, place));
  for (const [name, wanted] of Object.entries(table.columns)) {
    const type = types.get(name);
    if (type === undefined) {
      const near = nearest(name, types.keys());
      throw new SluiceError("INPUT_INVALID", `The table ${place} has no column ${name}.`, {
        next:
          near === undefined
            ? `Its columns are ${[...types.keys()].join(", ")}.`
            : `It has ${near}: rename it to ${name}.`,
      });
    }
    if (type.toUpperCase() !== wanted) {
      throw new SluiceError(
        "INPUT_INVALID",
        `The column ${name} of the table ${place} is ${type.toUpperCase()} and not ${wanted}.`,
      );
    }
  }
}

async function typesOf(frame: DataFrame, table: Table, place: string): Promise<[string, string][]> {
  try {
    return await frame.dtypes();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (!/^(PATH_NOT_FOUND|TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND|UNABLE_TO_INFER_SCHEMA)/.test(String(code)))
      throw error;
    throw new SluiceError("NOT_FOUND", `There is no table ${table.name} at ${place}.`, {
      next: "Name the place of the three tables with --input.",
      cause: error,
    });
  }
}
