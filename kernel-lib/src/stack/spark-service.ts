import { askSparkVersion } from "./connect-probe.ts";
import { choosePort } from "./ports.ts";
import { endProcess } from "./process.ts";
import type { ProcessId } from "./process.ts";
import { checkVersion } from "./service.ts";
import type { Service, StartOptions } from "./service.ts";
import type { FetchOptions } from "./spark-jars.ts";

/** The usual port of Spark Connect. */
const CONNECT_PORT = 15002;

/** How long the processes of a cluster may take to end by themselves, in milliseconds. */
const PATIENCE = 2000;

/** What a server is prepared with. */
export interface PrepareOptions extends FetchOptions {
  readonly folder: string;
  readonly detached: boolean;
  readonly version: string;
  readonly conf: Readonly<Record<string, string>>;
  readonly quick: boolean;
}

/** A server that can be launched, again too, and the processes that it needs. */
export interface PreparedServer {
  /** Starts the server on a port and returns when it answers. */
  launch(port: number): Promise<ProcessId>;
  readonly log: string;
  readonly others?: readonly ProcessId[];
  readonly hdfs?: string;
}

/** A kind of server that speaks Spark Connect. */
export interface SparkKind {
  readonly name: string;
  /** The versions there are; the first is started when none is named. */
  readonly versions: readonly [string, ...string[]];
  /** Fetches what is missing and starts what the server needs. It leaves nothing running when it fails. */
  prepare(options: PrepareOptions): Promise<PreparedServer>;
}

/** The preparation that the options of a start ask for. */
export async function prepareServer(kind: SparkKind, options: StartOptions): Promise<PreparedServer> {
  const { folder, detached, version = kind.versions[0], conf = {}, quick = false, onProgress, signal } = options;
  checkVersion({ ...kind, version }, options.version);
  const tell = (text: string): void => onProgress?.({ service: kind.name, text });
  return kind.prepare({ folder, detached, version, conf, quick, tell, signal });
}

/** The service of a kind of server: it is ready when it answers a Spark Connect request. */
export function sparkService(kind: SparkKind): Service {
  const { name, versions } = kind;
  return {
    name,
    version: versions[0],
    versions,
    async start(options) {
      const { launch, log, others = [], hdfs } = await prepareServer(kind, options);
      try {
        const port = await choosePort(options.port, CONNECT_PORT);
        const { pid, born } = await launch(port);
        return {
          name,
          version: options.version ?? versions[0],
          port,
          address: `sc://127.0.0.1:${port}`,
          pid,
          born,
          log,
          ...(others.length === 0 ? {} : { others }),
          ...(hdfs === undefined ? {} : { hdfs }),
        };
      } catch (thrown) {
        await endOthers(others, 0);
        throw thrown;
      }
    },
    ready: async (running) => (await askSparkVersion(running.port)) !== undefined,
    async stop(running) {
      await endProcess(running);
      await endOthers(running.others);
    },
  };
}

/** Ends the processes of a cluster, the last first: workers before their master. */
export async function endOthers(others: readonly ProcessId[] = [], patience = PATIENCE): Promise<void> {
  for (const one of [...others].reverse()) await endProcess(one, patience);
}
