import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, link, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./cache.ts";
import { fetchJars } from "./jars.ts";
import { PIP, checkPython, runPython } from "./python-environment.ts";
import { sparkParts } from "./versions.ts";
import type { SparkVersion } from "./versions.ts";

const run = promisify(execFile);

/** Who listens to the fetch, and what ends it. */
export interface FetchOptions {
  tell: (text: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * The folders with the jars of a Spark Connect server, fetched the first time: Spark itself, and its connectors for Kafka and
 * Azure storage.
 */
export async function sparkClassPath(version: SparkVersion, options: FetchOptions): Promise<string[]> {
  const spark = await (sparkParts[version].jars === "maven" ? fromMaven : fromPyPi)(version, options);
  return [spark, await connectors(version, spark, options)];
}

function maven(name: string, coordinates: readonly string[], { tell, signal }: FetchOptions): Promise<string> {
  const onFiles = (files: number): void => tell(`Fetching ${name} with Maven: ${files} files so far.`);
  return fetchJars({ name, coordinates, onFiles, signal });
}

function fromMaven(version: SparkVersion, options: FetchOptions): Promise<string> {
  const artifact = (name: string): string => `org.apache.spark:${name}_${sparkParts[version].scala}:${version}`;
  return maven(`spark-${version}`, ["spark-connect", "spark-sql", "spark-yarn"].map(artifact), options);
}

/** Jars that stand beside Spark's own; what Spark has already is left out. */
async function connectors(version: SparkVersion, spark: string, options: FetchOptions): Promise<string> {
  const name = `spark-${version}-connectors`;
  const folder = join(cacheFolder(), "jars", name);
  if (existsSync(folder)) return folder;
  const { scala, hadoop, kafkaConnector } = sparkParts[version];
  const own = new Set((await readdir(spark)).map(artifactOf));
  const all = await maven(
    `${name}-all`,
    [`org.apache.spark:spark-sql-kafka-0-10_${scala}:${kafkaConnector}`, `org.apache.hadoop:hadoop-azure:${hadoop}`],
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

/** For a Spark whose Spark Connect Maven does not have: the package of PySpark has all jars, or all but that one. */
async function fromPyPi(version: SparkVersion, options: FetchOptions): Promise<string> {
  const folder = join(cacheFolder(), "jars", `spark-${version}`);
  if (existsSync(folder)) return folder;
  const { tell, signal } = options;
  await checkPython({ who: `Spark ${version}`, signal });
  tell(`Fetching Spark ${version} with pip (about 400 MB).`);
  const { connect } = sparkParts[version];
  const other = connect && (await fromMaven(connect, options));
  return assemble(folder, async (fresh) => {
    const target = join(fresh, "package");
    const download = ["download", "--no-deps", "--no-binary", ":all:", "--dest", target, `pyspark==${version}`];
    await runPython("python3", [...PIP, ...download], "Spark could not be fetched with pip", { who: "Spark", signal });
    const [archive = ""] = await readdir(target);
    tell(`Unpacking Spark ${version}.`);
    const jars = `pyspark-${version}/deps/jars`;
    await run("tar", ["-xzf", join(target, archive), "-C", fresh, "--strip-components=3", jars]);
    await rm(target, { recursive: true });
    if (other === undefined) return;
    const [jar = ""] = (await readdir(other)).filter((one) => one.startsWith("spark-connect_"));
    await linkOrCopy(join(other, jar), join(fresh, jar));
  });
}

/** Fills a folder that is there complete or not at all. */
export async function assemble(folder: string, fill: (fresh: string) => Promise<void>): Promise<string> {
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

/** A folder elsewhere may be of another file system. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}
