import { mkdir, rm, symlink } from "node:fs/promises";
import { connect } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { askSparkVersion } from "./connect-probe.ts";
import { choosePort, freePort } from "./ports.ts";
import { endProcess, launch, waitUntilReady } from "./process.ts";
import type { ProcessId } from "./process.ts";
import type { Service } from "./service.ts";
import type { SparkProgram } from "./spark-server.ts";
import { JAVA_OPTIONS, launchSpark, logOf, sparkProgram } from "./spark-server.ts";
import { CONNECT_PORT } from "./spark.ts";

/** How many workers a cluster has, each with one core. */
const WORKERS = 2;
const VERSION = "3.5.5";

/** Spark as a cluster of its own on this machine: a master, two workers, and a Spark Connect server that drives them. */
export const sparkStandalone: Service = {
  name: "spark-standalone",
  version: VERSION,
  async start({ folder, port: asked, detached, onProgress, signal }) {
    const tell = (text: string): void => onProgress?.({ service: "spark-standalone", text });
    const program = await sparkProgram(VERSION, { tell, signal });
    const port = await choosePort(asked, CONNECT_PORT);
    const cluster: ProcessId[] = [];
    try {
      tell("Starting a master and two workers.");
      const master = await startMaster(program, folder, detached, cluster, signal);
      for (let index = 1; index <= WORKERS; index += 1)
        await startWorker(program, folder, index, master, detached, cluster);
      tell(`Starting Spark ${VERSION} on them.`);
      const { pid, born } = await launchSpark(program, {
        folder,
        port,
        detached,
        signal,
        conf: {
          "spark.master": master,
          "spark.executor.memory": "512m",
          "spark.home": folder,
          "spark.executor.extraJavaOptions": JAVA_OPTIONS.filter((one) => one.startsWith("--")).join(" "),
        },
        env: { SPARK_HOME: folder },
      });
      const address = `sc://127.0.0.1:${port}`;
      return {
        name: "spark-standalone",
        version: VERSION,
        port,
        address,
        pid,
        born,
        log: logOf(folder),
        others: cluster,
      };
    } catch (thrown) {
      for (const one of cluster) await endProcess(one, 0);
      throw thrown;
    }
  },
  ready: async (running) => (await askSparkVersion(running.port)) !== undefined,
  async stop(running) {
    await endProcess(running);
    // A worker takes its executors with it: they are of its process group.
    for (const one of [...(running.others ?? [])].reverse()) await endProcess(one, 2000);
  },
};

async function startMaster(
  program: SparkProgram,
  folder: string,
  detached: boolean,
  cluster: ProcessId[],
  signal?: AbortSignal,
): Promise<string> {
  await linkJars(program, folder);
  const port = await freePort(7077);
  const ui = await freePort();
  const args = ["--host", "127.0.0.1", "--port", String(port), "--webui-port", String(ui)];
  const log = join(folder, "master.log");
  const launched = await deploy(program, folder, "master.Master", args, log, detached);
  cluster.push(launched);
  await waitUntilReady({ name: "Spark's master", launched, log, probe: () => accepts(port), seconds: 60, signal });
  return `spark://127.0.0.1:${port}`;
}

async function startWorker(
  program: SparkProgram,
  folder: string,
  index: number,
  master: string,
  detached: boolean,
  cluster: ProcessId[],
): Promise<void> {
  const ui = await freePort();
  const work = join(folder, `work${index}`);
  const resources = ["--host", "127.0.0.1", "--cores", "1", "--memory", "1g"];
  const args = [...resources, "--work-dir", work, "--webui-port", String(ui), master];
  cluster.push(await deploy(program, folder, "worker.Worker", args, join(folder, `worker${index}.log`), detached));
}

function deploy(
  program: SparkProgram,
  folder: string,
  name: string,
  args: readonly string[],
  log: string,
  detached: boolean,
): Promise<ProcessId> {
  const java = [...JAVA_OPTIONS, "-Xmx512m", "-XX:+UseSerialGC", "-cp", program.classPath.join(delimiter)];
  const env = {
    ...process.env,
    SPARK_LOCAL_IP: "127.0.0.1",
    SPARK_LOCAL_HOSTNAME: "localhost",
    SPARK_HOME: folder,
    SPARK_SCALA_VERSION: "2.12",
  };
  return launch(program.java, [...java, `org.apache.spark.deploy.${name}`, ...args], {
    log,
    cwd: folder,
    detached,
    env,
  });
}

/** Executors are started with the jars of Spark's home: a folder that has them all. */
async function linkJars(program: SparkProgram, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const jars = join(folder, "jars");
  await rm(jars, { recursive: true, force: true });
  await symlink(dirname(program.classPath[0] ?? ""), jars);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
