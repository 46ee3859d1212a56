import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { askSparkVersion } from "./connect-probe.ts";
import { findJava } from "./java.ts";
import { launch, waitUntilReady } from "./process.ts";
import type { ProcessId } from "./process.ts";
import type { FetchOptions } from "./spark-jars.ts";
import { sparkClassPath } from "./spark-jars.ts";
import { versions } from "./versions.ts";
import type { SparkVersion } from "./versions.ts";

/** What Java 17 must be told, so that Spark can reach into it. */
export const JAVA_OPTIONS: readonly string[] = [
  "-XX:+IgnoreUnrecognizedVMOptions",
  ...[
    "java.base/java.lang",
    "java.base/java.lang.invoke",
    "java.base/java.lang.reflect",
    "java.base/java.io",
    "java.base/java.net",
    "java.base/java.nio",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/sun.nio.ch",
    "java.base/sun.nio.cs",
    "java.base/sun.security.action",
    "java.base/sun.util.calendar",
    "java.security.jgss/sun.security.krb5",
  ].map((name) => `--add-opens=${name}=ALL-UNNAMED`),
  "-Djdk.reflect.useDirectMethodHandle=false",
  "-Dio.netty.tryReflectionSetAccessible=true",
];

/** What keeps a Spark on the loopback, whatever the network calls this machine. */
export const LOOPBACK = { SPARK_LOCAL_IP: "127.0.0.1", SPARK_LOCAL_HOSTNAME: "localhost" };

/** What a Spark Connect server is run with. */
export interface SparkProgram {
  readonly version: SparkVersion;
  readonly java: string;
  /** What Java tells of itself. */
  readonly release: string;
  /** A file with the classes of a start, for a quick one. */
  readonly archive?: string;
  /** Folders with jars; folders with configuration may stand before them. */
  readonly classPath: readonly string[];
}

/** Finds Java and fetches Spark when it is not in the cache yet. */
export async function sparkProgram(version: SparkVersion, options: FetchOptions): Promise<SparkProgram> {
  const { java, release } = await findJava(versions.java, "Spark");
  const folders = await sparkClassPath(version, options);
  return { version, java, release, classPath: folders.map((folder) => join(folder, "*")) };
}

/** How to run a server. */
export interface SparkServerOptions {
  /** Its data and its log. */
  readonly folder: string;
  readonly port: number;
  readonly detached: boolean;
  /** Spark's settings. */
  readonly conf?: Readonly<Record<string, string>>;
  /** Compiles less: it starts sooner and computes slower. */
  readonly quick?: boolean;
  readonly javaOptions?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly seconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Starts a Spark Connect server and returns when it answers. */
export async function launchSpark(program: SparkProgram, options: SparkServerOptions): Promise<ProcessId> {
  const { folder, port, detached, signal } = options;
  await mkdir(folder, { recursive: true });
  const log = logOf(folder);
  // Another installation's settings must not be read.
  const { SPARK_HOME: _, SPARK_CONF_DIR: __, ...inherited } = process.env;
  const env = { ...inherited, ...LOOPBACK, ...options.env };
  const launched = await launch(program.java, serverArguments(program, options), { log, cwd: folder, detached, env });
  await waitUntilReady({
    name: `Spark ${program.version}`,
    launched,
    log,
    probe: async () => (await askSparkVersion(port, options.conf?.["spark.connect.authenticate.token"])) !== undefined,
    seconds: options.seconds ?? 120,
    signal,
  });
  return launched;
}

/** The file that holds a server's output. */
export function logOf(folder: string): string {
  return join(folder, "spark.log");
}

/** The arguments of `java` for a server. */
export function serverArguments(program: SparkProgram, options: SparkServerOptions): string[] {
  const { folder, port, quick = false, conf = {}, javaOptions = [] } = options;
  const settings: Record<string, string> = {
    "spark.app.name": "sluice",
    "spark.master": "local[2]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    // Servers before 4.0 listen on every interface whatever they are told.
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.connect.grpc.binding.port": String(port),
    "spark.sql.warehouse.dir": join(folder, "warehouse"),
    "spark.local.dir": join(folder, "scratch"),
    ...conf,
  };
  return [
    ...JAVA_OPTIONS,
    `-Xmx${conf["spark.driver.memory"] ?? "2g"}`,
    "-XX:+UseSerialGC",
    ...(program.archive === undefined ? [] : [`-XX:SharedArchiveFile=${program.archive}`]),
    ...(quick ? ["-XX:TieredStopAtLevel=1"] : []),
    ...javaOptions,
    ...Object.entries(settings).map(([key, value]) => `-D${key}=${value}`),
    "-cp",
    program.classPath.join(delimiter),
    "org.apache.spark.sql.connect.service.SparkConnectServer",
  ];
}
