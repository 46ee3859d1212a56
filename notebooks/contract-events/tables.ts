// The three tables where a cluster keeps them: Parquet in its file system, or tables of its catalog.
import { col, functions as F, lit } from "sluice/sql";
import type { DataFrame, Session } from "sluice/sql";
import { nearest, SluiceError } from "sluice/errors";
import type { Load } from "./input.ts";
import * as schema from "./schema.ts";
import type { Table } from "./schema.ts";

const CATALOG = /^table:(.+)$/;
/** Addresses that only a cluster can open, and the address form of a folder on its machines. */
const CLUSTER = /^(?:hdfs|viewfs|webhdfs|s3a?|gs|dbfs|file|ofs|abfss?|wasbs?):\/\//i;

/** Whether an input names tables of a cluster: `table:DATABASE`, or an address such as `hdfs://host:8020/tables`. */
export function isTables(input: string): boolean {
  return CATALOG.test(input) || /^(?:hdfs|viewfs|webhdfs|s3a?|gs|dbfs|file|ofs):\/\//i.test(input);
}

/** Whether a session on a cluster writes to this output by itself; what is not is written by this program. */
export function isClusterOutput(spark: Session, output: string): boolean {
  return spark.isRemote && CLUSTER.test(output);
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
 * @param place - where they are kept there, as Parquet files or as tables, in parts by their load date; empty: in the session only
 * @returns the load, with its tables on the cluster
 */
export async function moveToCluster(load: Load, cluster: Session, place: string): Promise<Load> {
  const move = async (table: Table, frame: DataFrame): Promise<DataFrame> => {
    const rows = cluster.createDataFrame(await frame.toArrow(), await frame.schema());
    if (place === "") return rows;
    const target = placeOf(place, table);
    const writer = rows.write.mode("overwrite").partitionBy("load_date");
    await (CATALOG.test(place) ? writer.format("parquet").saveAsTable(target) : writer.parquet(target));
    return (await readTable(cluster, place, table))
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
