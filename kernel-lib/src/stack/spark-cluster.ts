import { mkdir, readdir, rm, symlink } from "node:fs/promises";
import { connect } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { freePort } from "./ports.ts";
import { launch, waitUntilReady } from "./process.ts";
import type { ProcessId } from "./process.ts";
import { withClassArchive } from "./spark-archive.ts";
import type { SparkProgram } from "./spark-server.ts";
import { JAVA_OPTIONS, LOOPBACK, launchSpark, logOf, sparkProgram } from "./spark-server.ts";
import { endOthers, sparkService } from "./spark-service.ts";
import type { SparkKind } from "./spark-service.ts";
import { sparkParts, versions } from "./versions.ts";
import type { SparkVersion } from "./versions.ts";

/** How many workers a cluster has, each with one core. */
const WORKERS = 2;

/** Spark as a cluster of its own on this machine: a master, two workers, and a Spark Connect server that drives them. */
export const standaloneCluster: SparkKind = {
  name: "spark-standalone",
  versions: [versions.sparkStandalone, ...versions.spark.filter((one) => one !== versions.sparkStandalone)],
  async prepare({ folder, detached, version, conf, quick, tell, signal }) {
    const program = await withClassArchive(await sparkProgram(version as SparkVersion, { tell, signal }), {
      tell,
      signal,
    });
    const others: ProcessId[] = [];
    const options: DeployOptions = { program, folder, detached, others, signal };
    let master: string;
    try {
      tell("Starting a master and two workers.");
      master = await startMaster(options);
      for (let index = 1; index <= WORKERS; index += 1) await startWorker(options, index, master);
    } catch (thrown) {
      await endOthers(others, 0);
      throw thrown;
    }
    const launch = (port: number) => {
      tell(`Starting Spark ${version} on them.`);
      const all = { ...standaloneSettings(master, folder), ...conf };
      return launchSpark(program, { folder, port, detached, signal, quick, conf: all, env: { SPARK_HOME: folder } });
    };
    return { launch, log: logOf(folder), others };
  },
};

export const sparkStandalone = sparkService(standaloneCluster);

/** The settings of a driver whose executors run on the workers of a master. */
export function standaloneSettings(master: string, home: string): Record<string, string> {
  return {
    "spark.master": master,
    "spark.executor.memory": "512m",
    "spark.home": home,
    "spark.executor.extraJavaOptions": JAVA_OPTIONS.filter((one) => one.startsWith("--")).join(" "),
  };
}

interface DeployOptions {
  readonly program: SparkProgram;
  readonly folder: string;
  readonly detached: boolean;
  /** The processes so far. */
  readonly others: ProcessId[];
  readonly signal: AbortSignal | undefined;
}

async function startMaster(options: DeployOptions): Promise<string> {
  const { program, folder, signal } = options;
  await linkJars(program, folder);
  const port = await freePort(7077);
  const ui = await freePort();
  const args = ["--host", "127.0.0.1", "--port", String(port), "--webui-port", String(ui)];
  const log = join(folder, "master.log");
  const launched = await deploy("master.Master", args, log, options);
  await waitUntilReady({ name: "Spark's master", launched, log, probe: () => accepts(port), seconds: 60, signal });
  return `spark://127.0.0.1:${port}`;
}

async function startWorker(options: DeployOptions, index: number, master: string): Promise<void> {
  const { folder } = options;
  const ui = await freePort();
  const resources = ["--host", "127.0.0.1", "--cores", "1", "--memory", "1g"];
  const args = [...resources, "--work-dir", join(folder, `work${index}`), "--webui-port", String(ui), master];
  await deploy("worker.Worker", args, join(folder, `worker${index}.log`), options);
}

async function deploy(name: string, args: readonly string[], log: string, options: DeployOptions): Promise<ProcessId> {
  const { program, folder, detached, others } = options;
  const java = [...JAVA_OPTIONS, "-Xmx512m", "-XX:+UseSerialGC", "-cp", program.classPath.join(delimiter)];
  const { SPARK_CONF_DIR: _, ...inherited } = process.env;
  const env = {
    ...inherited,
    ...LOOPBACK,
    SPARK_HOME: folder,
    SPARK_SCALA_VERSION: sparkParts[program.version].scala,
  };
  const command = [...java, `org.apache.spark.deploy.${name}`, ...args];
  const launched = await launch(program.java, command, { log, cwd: folder, detached, env });
  others.push(launched);
  return launched;
}

/** Executors are started with the jars of Spark's home: a folder that has them all, those of the connectors too. */
async function linkJars(program: SparkProgram, folder: string): Promise<void> {
  const jars = join(folder, "jars");
  await rm(jars, { recursive: true, force: true });
  await mkdir(jars, { recursive: true });
  for (const source of program.classPath.map((one) => dirname(one))) {
    for (const jar of await readdir(source)) {
      if (jar.endsWith(".jar")) await symlink(join(source, jar), join(jars, jar));
    }
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
