import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { SluiceError } from "../errors.ts";
import { choosePort } from "./ports.ts";
import { endProcess } from "./process.ts";
import { sailServer } from "./sail.ts";
import type { ProgressListener } from "./service.ts";
import { standaloneCluster } from "./spark-cluster.ts";
import { endOthers, prepareServer } from "./spark-service.ts";
import type { SparkKind } from "./spark-service.ts";
import { localSpark } from "./spark.ts";
import type { SparkVersion } from "./versions.ts";
import { yarnCluster } from "./yarn.ts";

const run = promisify(execFile);

/** How to start a Spark for a test. */
export interface LocalSparkOptions {
  /** The newest known when it is not given; for a cluster, the one that is known to run as one. */
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
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** What `Session.builder.remote(url)` takes. */
  readonly url: string;
  /** The process that leads the server's process group. */
  readonly pid: number;
  readonly log: string;
  /** The folder with its data. */
  readonly folder: string;
  /** Kills the server at once (kill -9), as a power cut would; the rest of a cluster runs on. */
  kill(): Promise<void>;
  /** Starts it again on the same port, after ending the one that still runs. */
  restart(): Promise<void>;
  /** Ends it, and the cluster with it, and removes its data. */
  stop(): Promise<void>;
}

/** A cluster of a test, which ends with the test. */
export interface LocalSparkCluster extends LocalSpark {
  /** The address of its file system, where it has one. */
  readonly hdfs: string | undefined;
  /** The processes that run the cluster's tasks. */
  executors(): Promise<number[]>;
  /** Kills one of them at once (kill -9) and gives its number; a cluster starts another. */
  killExecutor(): Promise<number>;
}

/**
 * Starts a real Spark Connect server for a test, in local mode, on a free port. It ends with this process at the latest.
 * Its tables are in its own folder, and known until it ends: the catalog is in memory.
 *
 * @example
 * ```ts no-run it fetches and starts a Spark
 * import { startSpark } from "sluice/stack";
 * await using server = await startSpark({ version: "3.5.5" });
 * const cluster = await Session.builder.remote(server.url).create();
 * ```
 */
export function startSpark(options: LocalSparkOptions = {}): Promise<LocalSpark> {
  return startKind(localSpark, options);
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
export function startSparkStandalone(options: LocalSparkOptions = {}): Promise<LocalSparkCluster> {
  return startKind(standaloneCluster, options);
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
export function startYarn(options: Omit<LocalSparkOptions, "version"> = {}): Promise<LocalSparkCluster> {
  return startKind(yarnCluster, options);
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
export function startSail(
  options: Pick<LocalSparkOptions, "port" | "onProgress" | "signal"> = {},
): Promise<LocalSpark> {
  return startKind(sailServer, options);
}

async function startKind(kind: SparkKind, options: LocalSparkOptions): Promise<LocalSparkCluster> {
  const folder = await mkdtemp(join(tmpdir(), `sluice-${kind.name}-`));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const {
      launch,
      log,
      others = [],
      hdfs,
    } = await prepareServer(kind, { quick: true, ...options, folder, detached: false });
    try {
      const port = await choosePort(options.port, 0);
      let launched = await launch(port);
      const kill = (): Promise<void> => endProcess(launched, 0);
      const stop = async (): Promise<void> => {
        await kill();
        await endOthers(others);
        await remove();
      };
      return {
        version: options.version ?? kind.versions[0],
        port,
        address: `127.0.0.1:${port}`,
        url: `sc://127.0.0.1:${port}`,
        get pid() {
          return launched.pid;
        },
        log,
        folder,
        hdfs,
        executors: () => executorsIn(folder),
        killExecutor: () => killExecutorIn(folder),
        kill,
        restart: async () => {
          await kill();
          launched = await launch(port);
        },
        stop,
        [Symbol.asyncDispose]: stop,
      };
    } catch (thrown) {
      await endOthers(others, 0);
      throw thrown;
    }
  } catch (thrown) {
    // The error names the log: it stays where it is.
    if (options.signal?.aborted) await remove();
    throw thrown;
  }
}

/** The Java processes that are executors of the cluster in a folder. */
async function executorsIn(folder: string): Promise<number[]> {
  const { stdout } = await run("ps", ["-eo", "pid=,args="], { maxBuffer: 1 << 24 });
  return stdout
    .split("\n")
    .filter((line) => /^\s*\d+ \S*java .*CoarseGrainedExecutorBackend/.test(line) && line.includes(folder))
    .map((line) => Number.parseInt(line, 10));
}

async function killExecutorIn(folder: string): Promise<number> {
  const [pid] = await executorsIn(folder);
  if (pid === undefined) throw new SluiceError("NOT_FOUND", "The cluster has no executor.");
  process.kill(pid, "SIGKILL");
  return pid;
}
