import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { choosePort } from "./ports.ts";
import { endProcess } from "./process.ts";
import { sail } from "./sail.ts";
import type { ProgressListener, RunningService, Service } from "./service.ts";
import { sparkStandalone } from "./spark-cluster.ts";
import { launchSpark, logOf, sparkProgram } from "./spark-server.ts";
import { versions } from "./versions.ts";
import type { SparkVersion } from "./versions.ts";
import { yarn } from "./yarn.ts";

const run = promisify(execFile);

/** How to start a Spark for a test. */
export interface LocalSparkOptions {
  /** The newest known when it is not given. */
  version?: SparkVersion;
  /** Spark's settings. */
  conf?: Readonly<Record<string, string>>;
  /** True (the default) compiles less: the server starts sooner and computes slower. */
  quick?: boolean;
  /** A free port when it is not given. */
  port?: number;
  onProgress?: ProgressListener;
  signal?: AbortSignal;
}

/** A Spark Connect server of a test, which ends with the test. */
export interface LocalSpark extends AsyncDisposable {
  readonly version: string;
  readonly port: number;
  /** What `Session.builder.remote(url)` takes. */
  readonly url: string;
  /** The process that leads the server's process group. */
  readonly pid: number;
  readonly log: string;
  /** The folder with its data. */
  readonly folder: string;
  /** Kills the server at once (kill -9), as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts a real Spark Connect server for a test, in local mode, on a free port. It ends with this process at the latest.
 *
 * @example
 * ```ts no-run it fetches and starts a Spark
 * import { startSpark } from "sluice/stack";
 * await using server = await startSpark({ version: "3.5.5" });
 * const cluster = await Session.builder.remote(server.url).create();
 * ```
 */
export async function startSpark(options: LocalSparkOptions = {}): Promise<LocalSpark> {
  const { version = versions.spark[0], conf = {}, quick = true, onProgress, signal } = options;
  const tell = (text: string): void => onProgress?.({ service: "spark", text });
  const program = await sparkProgram(version, { tell, signal });
  const folder = await mkdtemp(join(tmpdir(), "sluice-spark-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const port = await choosePort(options.port, 0);
    const launch = () => launchSpark(program, { folder, port, detached: false, conf, quick, signal });
    let launched = await launch();
    const stop = async (): Promise<void> => {
      await endProcess(launched, 0);
      await remove();
    };
    return {
      version,
      port,
      url: `sc://127.0.0.1:${port}`,
      get pid() {
        return launched.pid;
      },
      log: logOf(folder),
      folder,
      kill: () => endProcess(launched, 0),
      restart: async () => {
        launched = await launch();
      },
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (thrown) {
    // The error names the log: it stays where it is.
    if (signal?.aborted) await remove();
    throw thrown;
  }
}

/** A cluster of a test, which ends with the test. */
export interface LocalSparkCluster extends AsyncDisposable {
  readonly version: string;
  readonly port: number;
  readonly url: string;
  readonly log: string;
  readonly folder: string;
  /** The address of its file system, where it has one. */
  readonly hdfs: string | undefined;
  /** The processes that run the cluster's tasks. */
  executors(): Promise<number[]>;
  stop(): Promise<void>;
}

/**
 * Starts a Spark of a master and two workers for a test.
 *
 * @example
 * ```ts no-run it fetches and starts a cluster
 * import { startSparkStandalone } from "sluice/stack";
 * await using cluster = await startSparkStandalone();
 * ```
 */
export function startSparkStandalone(options: ClusterOptions = {}): Promise<LocalSparkCluster> {
  return startCluster(sparkStandalone, options);
}

/**
 * Starts HDFS, YARN and a Spark on them for a test.
 *
 * @example
 * ```ts no-run it fetches and starts a cluster
 * import { startYarn } from "sluice/stack";
 * await using cluster = await startYarn();
 * console.log(cluster.hdfs);
 * ```
 */
export function startYarn(options: ClusterOptions = {}): Promise<LocalSparkCluster> {
  return startCluster(yarn, options);
}

/**
 * Starts Sail for a test.
 *
 * @example
 * ```ts no-run it fetches and starts a server
 * import { startSail } from "sluice/stack";
 * await using server = await startSail();
 * ```
 */
export function startSail(options: ClusterOptions = {}): Promise<LocalSparkCluster> {
  return startCluster(sail, options);
}

type ClusterOptions = Pick<LocalSparkOptions, "port" | "onProgress" | "signal">;

async function startCluster(service: Service, options: ClusterOptions): Promise<LocalSparkCluster> {
  const folder = await mkdtemp(join(tmpdir(), `sluice-${service.name}-`));
  const { onProgress, signal } = options;
  const port = await choosePort(options.port, 0);
  const running: RunningService = await service.start({
    folder,
    port,
    detached: false,
    ...(onProgress ? { onProgress } : {}),
    ...(signal ? { signal } : {}),
  });
  const stop = async (): Promise<void> => {
    await service.stop(running);
    await rm(folder, { recursive: true, force: true });
  };
  const { version, log, hdfs } = running;
  return {
    version,
    port,
    url: `sc://127.0.0.1:${port}`,
    log,
    folder,
    hdfs,
    executors: () => processesOf("CoarseGrainedExecutorBackend", folder),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The processes whose command names a class and something that tells this cluster from others. */
async function processesOf(name: string, folder: string): Promise<number[]> {
  const { stdout } = await run("ps", ["-eo", "pid=,args="], { maxBuffer: 1 << 24 });
  return stdout
    .split("\n")
    .filter((line) => line.includes(name) && line.includes(" -cp ") && line.includes(folder))
    .map((line) => Number.parseInt(line, 10));
}
