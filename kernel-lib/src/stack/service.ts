import { SluiceError } from "../errors.ts";
import type { ProcessId } from "./process.ts";

/** What a service says while it is being fetched or started. */
export interface StackProgress {
  /** The service it is about, such as `kafka`. */
  service: string;
  /** One short sentence in the present tense, such as `Kafka 4.3.1: 40 of 85 files are here.` */
  text: string;
}

/** Who listens to the start of a service. */
export type ProgressListener = (progress: StackProgress) => void;

/** A service that runs on this machine. */
export interface RunningService extends ProcessId {
  name: string;
  version: string;
  /** The TCP port on 127.0.0.1. */
  port: number;
  /** What a client connects to: `127.0.0.1:9092` for Kafka, a URL for the others. */
  address: string;
  /** The file that holds the output of the service. */
  log: string;
  /** The other processes of a cluster. */
  others?: readonly ProcessId[];
  /** The address of the cluster's file system, such as `hdfs://localhost:8020`. */
  hdfs?: string;
}

/** How to start a service. */
export interface StartOptions {
  /** The TCP port; the service's own, or a free one where that is taken, when it is not given. */
  port?: number;
  /** The folder that holds its data and its log; it is made when it is missing. */
  folder: string;
  /** True lets the service live on after this process ends. */
  detached: boolean;
  /** One of the service's versions; its first when it is not given. */
  version?: string;
  /** Settings of Spark. */
  conf?: Readonly<Record<string, string>>;
  /** True starts a Java service sooner, which then computes slower. */
  quick?: boolean;
  onProgress?: ProgressListener;
  /** Gives up the start and ends what was started. */
  signal?: AbortSignal;
}

/** A kind of service that can run on this machine for development and tests. */
export interface Service {
  readonly name: string;
  readonly version: string;
  /** The versions to choose from, where there is a choice. */
  readonly versions?: readonly string[];
  /** Fetches what is missing, starts the service and returns when it answers. */
  start(options: StartOptions): Promise<RunningService>;
  /** True when the running service answers a request. */
  ready(running: RunningService): Promise<boolean>;
  /** Ends the service and its children; it returns when they are gone. */
  stop(running: RunningService): Promise<void>;
}

/** Throws USAGE for a version that the service does not have. */
export function checkVersion(service: Pick<Service, "name" | "version" | "versions">, asked: string | undefined): void {
  const { name, version, versions = [version] } = service;
  if (asked === undefined || versions.includes(asked)) return;
  throw new SluiceError("USAGE", `There is no version ${asked} of the local service ${name}.`, {
    next: `Name one of ${versions.join(", ")}.`,
  });
}
