// Landing where the cluster itself writes, and what it computed where only this program can write.
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { DataFrame, Session } from "sluice/sql";

/** Asks the cluster whether it can open an address: one that it cannot must show before the work. */
export async function checkOnCluster(spark: Session, output: string): Promise<void> {
  try {
    await spark.read.text(`${output.replace(/\/+$/, "")}/_SUCCESS`).schema();
  } catch (error) {
    if (!String((error as { code?: unknown }).code).startsWith("PATH_NOT_FOUND")) throw error;
  }
}

/** Writes a text as the lines of one file in a folder of the cluster, in place of what the folder held. */
export async function replaceOnCluster(spark: Session, folder: string, text: string): Promise<void> {
  const lines = text === "" ? [] : text.trimEnd().split("\n");
  const rows = spark.createDataFrame(
    lines.map((value) => [value]),
    "value STRING",
  );
  await rows.coalesce(1).write.mode("overwrite").text(folder);
}

/** Brings the events from a cluster into a folder of this machine: batch by batch, so that memory does not grow with them. */
export async function bringHome(events: DataFrame, folder: string): Promise<void> {
  await pipeline(linesOf(events), createWriteStream(join(folder, "part-00000.txt")));
  await writeFile(join(folder, "_SUCCESS"), "");
}

async function* linesOf(events: DataFrame): AsyncGenerator<string, void> {
  for await (const batch of events.select("value").toArrowBatches()) {
    if (batch.numRows > 0) yield `${[...(batch.getChildAt(0) as Iterable<string>)].join("\n")}\n`;
  }
}
