import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { freePort } from "./ports.ts";
import { endProcess } from "./process.ts";
import type { FetchOptions } from "./spark-jars.ts";
import { launchSpark } from "./spark-server.ts";
import type { SparkProgram } from "./spark-server.ts";
import { withLock } from "./state.ts";

/** How long Java may take to write the archive, in milliseconds. */
const WRITE_MS = 180_000;

/**
 * The program with an archive of the classes that a start of it loads (Java's class data sharing), made the first time: later
 * starts take about two thirds of the time.
 */
export async function withClassArchive(program: SparkProgram, options: FetchOptions): Promise<SparkProgram> {
  const folder = join(cacheFolder(), "class-archives");
  const archive = join(folder, await archiveName(program));
  if (!existsSync(archive)) {
    await withLock(folder, options.signal, async () => {
      if (!existsSync(archive)) await makeArchive(program, archive, options);
    });
  }
  // An empty one says that this Java could not make it: not tried at each start again.
  return (await stat(archive)).size === 0 ? program : { ...program, archive };
}

/** An archive is good for one Java and exactly these jars. */
async function archiveName({ version, release, classPath }: SparkProgram): Promise<string> {
  const hash = createHash("sha256").update(release);
  for (const folder of classPath.map((one) => dirname(one))) {
    hash.update(`\n${folder}`);
    for (const jar of (await readdir(folder)).sort()) hash.update(`\n${jar}`);
  }
  return `spark-${version}-${hash.digest("hex").slice(0, 12)}.jsa`;
}

async function makeArchive(program: SparkProgram, archive: string, { tell, signal }: FetchOptions): Promise<void> {
  tell(`Preparing Spark ${program.version} for quick starts (once).`);
  const folder = await mkdtemp(`${archive}-making-`);
  try {
    const fresh = join(folder, "classes.jsa");
    const launched = await launchSpark(program, {
      folder,
      port: await freePort(),
      detached: false,
      javaOptions: [`-XX:ArchiveClassesAtExit=${fresh}`],
      signal,
    });
    await endProcess(launched, WRITE_MS);
    if (existsSync(fresh)) await rename(fresh, archive);
    else await writeFile(archive, "");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
