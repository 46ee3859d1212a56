import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, link, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { SluiceError, messageOf } from "../errors.ts";
import { cacheFolder } from "./cache.ts";
import { fetchJars } from "./jars.ts";
import { versions } from "./versions.ts";
import type { SparkVersion } from "./versions.ts";

const run = promisify(execFile);

/** The release of the Kafka connector for each Spark: not every one was published where jars are fetched from. */
const KAFKA_CONNECTOR: Readonly<Record<SparkVersion, string>> = {
  "4.0.1": "4.0.0",
  "3.5.5": "3.5.3",
  "3.5.3": "3.5.3",
};

/** Who listens to the fetch, and what ends it. */
export interface FetchOptions {
  tell: (text: string) => void;
  signal?: AbortSignal | undefined;
}

const SCALA: Readonly<Record<SparkVersion, string>> = { "4.0.1": "2.13", "3.5.5": "2.12", "3.5.3": "2.12" };
/** The Hadoop that each Spark was built with: its Azure connector must be of the same. */
const HADOOP: Readonly<Record<SparkVersion, string>> = { "4.0.1": "3.4.1", "3.5.5": "3.3.4", "3.5.3": "3.3.4" };

/**
 * The folders with the jars of a Spark Connect server, fetched the first time: Spark itself, and its connectors for Kafka and
 * Azure storage.
 */
export async function sparkClassPath(version: SparkVersion, options: FetchOptions): Promise<string[]> {
  const spark = await (version === "3.5.5" ? fromMaven(options) : fromPyPi(version, options));
  return [spark, await connectors(version, options)];
}

function maven(name: string, coordinates: readonly string[], { tell, signal }: FetchOptions): Promise<string> {
  const onFiles = (files: number): void => tell(`Fetching ${name} with Maven: ${files} files so far.`);
  return fetchJars({ name, coordinates, onFiles, signal });
}

function fromMaven(options: FetchOptions): Promise<string> {
  const artifact = (name: string): string => `org.apache.spark:${name}_2.12:3.5.5`;
  return maven("spark-3.5.5", ["spark-connect", "spark-sql", "spark-yarn"].map(artifact), options);
}

/** Jars that stand beside Spark's own; what Spark has already is left out. */
async function connectors(version: SparkVersion, options: FetchOptions): Promise<string> {
  const name = `spark-${version}-connectors`;
  const folder = join(cacheFolder(), "jars", name);
  if (existsSync(folder)) return folder;
  const spark = await (version === "3.5.5" ? fromMaven(options) : fromPyPi(version, options));
  const own = new Set((await readdir(spark)).map(artifactOf));
  const all = await maven(
    `${name}-all`,
    [
      `org.apache.spark:spark-sql-kafka-0-10_${SCALA[version]}:${KAFKA_CONNECTOR[version]}`,
      `org.apache.hadoop:hadoop-azure:${HADOOP[version]}`,
    ],
    options,
  );
  return assemble(folder, async (fresh) => {
    const wanted = (await readdir(all)).filter((jar) => jar.endsWith(".jar") && !own.has(artifactOf(jar)));
    for (const jar of wanted.filter((one) => !UNWANTED.test(one))) await linkOrCopy(join(all, jar), join(fresh, jar));
  });
}

/** What Spark's own Hadoop client holds already under other names, or must not be there twice. */
const UNWANTED =
  /^(hadoop-common|hadoop-annotations|hadoop-auth|hadoop-shaded|slf4j|log4j|reload4j|scala-library|guava|jsr305|spark-(?!sql-kafka|token-provider))/;

/** The name of a jar without its version. */
function artifactOf(jar: string): string {
  return jar.replace(/-\d[\w.+-]*\.jar$/, "");
}

/** Maven has no Spark Connect 4 and not this one's exact release; the package of PySpark has the jars. */
async function fromPyPi(version: SparkVersion, options: FetchOptions): Promise<string> {
  const folder = join(cacheFolder(), "jars", `spark-${version}`);
  if (existsSync(folder)) return folder;
  options.tell(`Fetching Spark ${version} with pip (about 400 MB).`);
  const connect = version.startsWith("4") ? undefined : await fromMaven(options);
  return assemble(folder, async (fresh) => {
    const target = join(fresh, "package");
    await pip(["download", "--no-deps", "--no-binary", ":all:", "--dest", target, `pyspark==${version}`], options);
    const [archive = ""] = await readdir(target);
    options.tell(`Unpacking Spark ${version}.`);
    const jars = `pyspark-${version}/deps/jars`;
    await run("tar", ["-xzf", join(target, archive), "-C", fresh, "--strip-components=3", jars]);
    await rm(target, { recursive: true });
    if (connect === undefined) return;
    const [jar = ""] = (await readdir(connect)).filter((one) => one.startsWith("spark-connect_"));
    await linkOrCopy(join(connect, jar), join(fresh, jar));
  });
}

async function pip(args: readonly string[], { signal }: FetchOptions): Promise<void> {
  try {
    await run("python3", ["-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", ...args], {
      ...(signal ? { signal } : {}),
    });
  } catch (thrown) {
    if (signal?.aborted) throw new SluiceError("INTERRUPTED", "The fetch of Spark was interrupted.");
    const { code, stderr = "" } = thrown as { code?: unknown; stderr?: string };
    if (code === "ENOENT" || /No module named pip/.test(stderr)) {
      throw new SluiceError("DEPENDENCY_MISSING", "This Spark is fetched with Python's pip, which was not found.", {
        next: "Install it, for example with `apt-get install python3-pip`.",
        cause: thrown,
      });
    }
    const last = stderr.trim().split("\n").at(-1) ?? messageOf(thrown);
    throw new SluiceError("SERVICE_UNAVAILABLE", `pip could not fetch Spark: ${last.slice(0, 300)}.`, {
      cause: thrown,
    });
  }
}

/** Sail answers with the version of the PySpark that it finds beside it. */
const SAIL_PACKAGES = [`pysail==${versions.sail}`, `pyspark-client==${versions.spark[0]}`];

/** Sail, a Spark Connect server in one program, in a Python environment of its own; gives the program. */
export async function sailProgram(options: FetchOptions): Promise<string> {
  const folder = join(cacheFolder(), `sail-${versions.sail}`);
  const program = join(folder, "bin", "sail");
  if (existsSync(program)) return program;
  options.tell(`Fetching Sail ${versions.sail} with pip (about 170 MB).`);
  await mkdir(cacheFolder(), { recursive: true });
  try {
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin", "python"), ["-m", "pip", "install", "--quiet", ...SAIL_PACKAGES], {
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw new SluiceError(
      "DEPENDENCY_MISSING",
      `Sail could not be installed with Python's pip: ${messageOf(thrown).slice(0, 300)}.`,
      {
        next: "It needs Python 3.9 or newer with venv and pip.",
        cause: thrown,
      },
    );
  }
  return program;
}

/** Fills a folder that is there complete or not at all. */
async function assemble(folder: string, fill: (fresh: string) => Promise<void>): Promise<string> {
  await mkdir(join(folder, ".."), { recursive: true });
  const fresh = await mkdtemp(`${folder}-fetching-`);
  try {
    await fill(fresh);
    await rename(fresh, folder).catch((thrown: unknown) => {
      // Another process may have been faster; its folder is as good.
      if (!existsSync(folder)) throw thrown;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return folder;
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}
