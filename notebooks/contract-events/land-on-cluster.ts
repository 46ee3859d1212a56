// Landing where the cluster itself writes.
import { col } from "sluice/sql";
import type { DataFrame, Session } from "sluice/sql";

/** Writes a text as the lines of one file in a folder of the cluster, in place of what the folder held. */
export async function replaceOnCluster(spark: Session, folder: string, text: string): Promise<void> {
  const lines = text === "" ? [] : text.trimEnd().split("\n");
  const rows = spark.createDataFrame(
    lines.map((value) => [value]),
    "value STRING",
  );
  await rows.coalesce(1).write.mode("overwrite").text(folder);
}

/** The events on the embedded engine, for what only this program can write to. */
export async function bringHome(events: DataFrame, embedded: Session): Promise<DataFrame> {
  return embedded.createDataFrame(await events.select(col("key"), col("value")).toArrow());
}
