import { access, constants, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { col, functions as F, Session } from "sluice/sql";
import type { DataFrame } from "sluice/sql";
import { isStorageUri, openContainer, parseStorageUri, stageOutput } from "sluice/azure";
import { SluiceError } from "sluice/errors";
import { bringHome, checkOnCluster, replaceOnCluster } from "./land-on-cluster.ts";
import type { Reject } from "./rejects.ts";
import type { Reconciliation } from "./reconcile.ts";
import { isClusterOutput } from "./tables.ts";

/** Where things of a load date lie below the output. */
export function placesOf(
  output: string,
  loadDate: string,
): { events: string; rejects: string; reconciliation: string } {
  const root = output.replace(/(?<=[^/])\/+$/, "");
  const below = (...parts: string[]): string => [root, ...parts].join("/");
  const day = `load_date=${loadDate}`;
  return { events: below(day), rejects: below("rejects", day), reconciliation: below("reconciliation", day) };
}

/**
 * Asks for the output's container, so that one that is not there or not ours is known before the work. A local folder is
 * made when it is written; here it is asked whether it can be. A cluster is asked whether it can open the address.
 *
 * @throws SluiceError `NOT_FOUND`, `PERMISSION_DENIED`, `AUTHENTICATION_FAILED` or `SERVICE_UNAVAILABLE`
 */
export async function checkOutput(spark: Session, output: string): Promise<void> {
  if (isClusterOutput(spark, output)) return checkOnCluster(spark, output);
  if (!isStorageUri(output)) return checkFolder(output);
  const container = await openContainer(output);
  await container.exists("_SUCCESS");
}

async function checkFolder(output: string): Promise<void> {
  let there = resolve(output);
  for (;;) {
    const found = await stat(there).catch((error: NodeJS.ErrnoException) => error.code);
    if (typeof found === "object" && !found.isDirectory())
      throw new SluiceError("USAGE", `The output ${output} cannot be a folder, because ${there} is a file.`, {
        next: "Name another with --output.",
      });
    if (found !== "ENOENT" && found !== "ENOTDIR") break;
    there = dirname(there);
  }
  try {
    await access(there, constants.W_OK);
  } catch (error) {
    throw new SluiceError(
      "PERMISSION_DENIED",
      `The output ${output} cannot be written, because ${there} is read-only.`,
      {
        next: "Name another folder with --output.",
        cause: error,
      },
    );
  }
}

/**
 * Writes the events as JSON lines, replacing those of the same load date; nothing shows before all are written.
 *
 * @returns how many lines were written, counted by reading them back, and one of them
 */
export async function landEvents(
  spark: Session,
  events: DataFrame,
  folder: string,
): Promise<{ count: number; sample: string | undefined }> {
  if (spark.isRemote && !isClusterOutput(spark, folder)) {
    await replaceFolder(folder, (fresh) => bringHome(events, fresh));
    await using embedded = await Session.builder.remote("local").create();
    return await countLanded(embedded, folder);
  }
  await events.select(col("value")).write.mode("overwrite").text(folder);
  return countLanded(spark, folder);
}

async function countLanded(spark: Session, folder: string): Promise<{ count: number; sample: string | undefined }> {
  const landed = spark.read.text(folder);
  const row = await landed.agg(F.count("value").alias("count"), F.first("value").alias("sample")).first();
  return { count: Number(row?.get("count")), sample: (row?.get("sample") as string | null) ?? undefined };
}

/** Writes the rejected rows as JSON lines, or removes those of an earlier run when there are none now. */
export async function landRejects(spark: Session, rejects: readonly Reject[], folder: string): Promise<void> {
  await landText(spark, folder, "rejects.json", rejects.map((reject) => JSON.stringify(reject) + "\n").join(""));
}

/** Stores the counts of a run beside its events. */
export async function landReconciliation(spark: Session, counts: Reconciliation, folder: string): Promise<void> {
  await landText(spark, folder, "reconciliation.json", JSON.stringify(counts, undefined, 2) + "\n");
}

async function landText(spark: Session, folder: string, name: string, text: string): Promise<void> {
  if (isClusterOutput(spark, folder)) await replaceOnCluster(spark, folder, text);
  else await replaceFolder(folder, text === "" ? undefined : (fresh) => writeFile(join(fresh, name), text));
}

/** Makes a folder hold what `fill` writes, in place of what it held; without it there is no folder. */
async function replaceFolder(folder: string, fill?: (fresh: string) => Promise<void>): Promise<void> {
  if (isStorageUri(folder)) return fill ? replaceBlobs(folder, fill) : removeBlobs(folder);
  // Written beside it and renamed: a run that is stopped leaves either the old files or the new ones.
  const fresh = join(dirname(folder), `.${basename(folder)}.new`);
  await rm(fresh, { recursive: true, force: true });
  try {
    if (fill) {
      await mkdir(fresh, { recursive: true });
      await fill(fresh);
    }
    await rm(folder, { recursive: true, force: true });
    if (fill) await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function replaceBlobs(folder: string, fill: (fresh: string) => Promise<void>): Promise<void> {
  await using output = await stageOutput(folder, { mode: "overwrite" });
  await fill(output.folder);
  await output.commit();
}

async function removeBlobs(folder: string): Promise<void> {
  const container = await openContainer(folder);
  await container.deleteFolder(parseStorageUri(folder).path);
}
