/**
 * Local services for development and tests: real ones, started in one call and kept outside the project.
 * @module
 */
import { join, resolve } from "node:path";
import { SluiceError } from "../errors.ts";
import { azurite } from "./azurite.ts";
import { cacheFolder } from "./cache.ts";
import { kafka } from "./kafka.ts";
import { isAlive } from "./process.ts";
import { sail } from "./sail.ts";
import { checkVersion } from "./service.ts";
import type { ProgressListener, RunningService, Service } from "./service.ts";
import { sparkStandalone } from "./spark-cluster.ts";
import { spark } from "./spark.ts";
import { noteState, readState, withLock } from "./state.ts";
import { versions } from "./versions.ts";
import type { SparkVersion } from "./versions.ts";
import { yarn } from "./yarn.ts";

export { azuriteConnectionString } from "./azurite.ts";
export { cacheFolder } from "./cache.ts";
export { startAzurite, startKafka } from "./for-tests.ts";
export { startSail, startSpark, startSparkStandalone, startYarn } from "./spark-for-tests.ts";
export type { LocalSpark, LocalSparkCluster, LocalSparkOptions } from "./spark-for-tests.ts";
export type { SparkVersion } from "./versions.ts";
export type { LocalAzurite, LocalKafka, LocalKafkaOptions } from "./for-tests.ts";
export type { KafkaMode } from "./kafka-config.ts";
export type { ProgressListener, RunningService, StackProgress } from "./service.ts";

/** What {@link up} starts when no service is named. */
const usual: readonly Service[] = [kafka, azurite];
const known: readonly Service[] = [...usual, spark, sparkStandalone, yarn, sail];

/**
 * The names of the services that {@link up} can start.
 *
 * @example
 * ```ts
 * import { services } from "sluice/stack";
 * console.log(services.join()); // kafka,azurite,spark,spark-standalone,yarn,sail
 * ```
 */
export const services: readonly string[] = known.map((service) => service.name);

/**
 * The names of the services that the daily load uses: what `sluice stack up` starts when none is named.
 *
 * @example
 * ```ts
 * import { usualServices } from "sluice/stack";
 * console.log(usualServices.join()); // kafka,azurite
 * ```
 */
export const usualServices: readonly string[] = usual.map((service) => service.name);

/**
 * The versions of Spark that the services `spark` and `spark-standalone` can be, the newest first.
 *
 * @example
 * ```ts
 * import { sparkVersions } from "sluice/stack";
 * console.log(sparkVersions.includes("3.5.5")); // true
 * ```
 */
export const sparkVersions: readonly SparkVersion[] = versions.spark;

/** How to start services. */
export interface UpOptions {
  /** The port of a service, by its name. Without one it is the usual port (9092, 10000), or a free one where that is taken. */
  ports?: Readonly<Record<string, number>>;
  /** The version of a service, by its name, where there is a choice (`spark`, `spark-standalone`); its usual one without. */
  versions?: Readonly<Record<string, string>>;
  /** Settings of Spark, such as `spark.sql.ansi.enabled`, for the Sparks that are started; those that run keep theirs. */
  conf?: Readonly<Record<string, string>>;
  /** Where the data, logs and state are kept; the folder `stack` in {@link cacheFolder} when it is not given. */
  folder?: string;
  onProgress?: ProgressListener;
  signal?: AbortSignal;
}

/** What {@link status} says of one service. */
export interface ServiceStatus {
  name: string;
  /** `running` answers requests; `silent` is a process that runs and does not answer. */
  state: "running" | "silent" | "stopped";
  version: string;
  address?: string;
  /** The address of a cluster's file system. */
  hdfs?: string;
  pid?: number;
  log?: string;
}

/**
 * Starts local services and returns when each of them answers. They live on when this process ends.
 *
 * A service that already runs and answers is left as it is and returned. The first start of a service fetches it: Kafka
 * with Maven (about 50 MB), a Spark with Maven and pip (about 250 to 450 MB), Sail with pip (about 170 MB).
 *
 * @param names the services, out of {@link services}
 * @returns the running services, in the order of the names
 * @throws SluiceError USAGE for an unknown name or version; DEPENDENCY_MISSING without Java 17, Maven, pip or the package azurite;
 * SERVICE_UNAVAILABLE for a service that does not come up, with the last lines of its log
 *
 * @example
 * ```ts no-run it starts and stops the services of the user who runs it
 * import { down, up } from "sluice/stack";
 * const [kafka] = await up(["kafka"]);
 * console.log(kafka?.address); // 127.0.0.1:9092
 * await down(["kafka"]);
 * ```
 */
export async function up(names: readonly string[], options: UpOptions = {}): Promise<RunningService[]> {
  const wanted = names.map(find);
  for (const service of wanted) checkVersion(service, options.versions?.[service.name]);
  const folder = folderOf(options);
  return withLock(folder, options.signal, async () => {
    const running: RunningService[] = [];
    for (const service of wanted) running.push(await upOne(service, folder, options));
    return running;
  });
}

async function upOne(
  service: Service,
  folder: string,
  { ports, versions: chosen, conf, onProgress, signal }: UpOptions,
): Promise<RunningService> {
  const port = ports?.[service.name];
  const version = chosen?.[service.name];
  const before = (await readState(folder))[service.name];
  if (before && isAnyAlive(before)) {
    const fits = (port ?? before.port) === before.port && (version ?? before.version) === before.version;
    if (fits && isAlive(before) && (await service.ready(before))) return before;
    await service.stop(before);
  }
  const running = await service.start({
    folder: join(folder, service.name),
    detached: true,
    ...(port === undefined ? {} : { port }),
    ...(version === undefined ? {} : { version }),
    ...(conf ? { conf } : {}),
    ...(onProgress ? { onProgress } : {}),
    ...(signal ? { signal } : {}),
  });
  await noteState(folder, service.name, running);
  return running;
}

/**
 * Says of each known service whether it runs, and where.
 *
 * @example
 * ```ts
 * import { status } from "sluice/stack";
 * const services = await status({ folder: "my-stack" });
 * console.log(services[0]?.name, services[0]?.state); // kafka stopped
 * ```
 */
export async function status(options: Pick<UpOptions, "folder"> = {}): Promise<ServiceStatus[]> {
  const state = await readState(folderOf(options));
  return Promise.all(
    known.map(async (service): Promise<ServiceStatus> => {
      const running = state[service.name];
      if (!running || !isAnyAlive(running)) return { name: service.name, state: "stopped", version: service.version };
      const { version, address, pid, log, hdfs } = running;
      return {
        name: service.name,
        state: isAlive(running) && (await service.ready(running)) ? "running" : "silent",
        version,
        address,
        pid,
        log,
        ...(hdfs === undefined ? {} : { hdfs }),
      };
    }),
  );
}

/**
 * Stops services that {@link up} started, and their children; all of them when no name is given.
 * A service that does not run is no error.
 *
 * @returns the names of the services that were running
 * @example
 * ```ts no-run it stops the services of the user who runs it
 * import { down } from "sluice/stack";
 * await down(["kafka"]);
 * ```
 */
export async function down(
  names: readonly string[] = services,
  options: Pick<UpOptions, "folder" | "signal"> = {},
): Promise<string[]> {
  const wanted = names.map(find);
  const folder = folderOf(options);
  return withLock(folder, options.signal, async () => {
    const state = await readState(folder);
    const stopped = await Promise.all(
      wanted.map(async (service) => {
        const running = state[service.name];
        if (!running || !isAnyAlive(running)) return [];
        await service.stop(running);
        return [service.name];
      }),
    );
    for (const service of wanted) await noteState(folder, service.name, undefined);
    return stopped.flat();
  });
}

function find(name: string): Service {
  const service = known.find((one) => one.name === name);
  if (service) return service;
  throw new SluiceError("USAGE", `There is no local service ${name}.`, { next: `Name one of ${services.join(", ")}.` });
}

/** A cluster may outlive the server that drives it. */
function isAnyAlive(running: RunningService): boolean {
  return [running, ...(running.others ?? [])].some(isAlive);
}

function folderOf({ folder }: Pick<UpOptions, "folder">): string {
  return folder === undefined ? join(cacheFolder(), "stack") : resolve(folder);
}
