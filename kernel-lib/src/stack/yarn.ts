import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./cache.ts";
import { fetchJars } from "./jars.ts";
import { findJava, javaHome } from "./java.ts";
import { launch, waitUntilReady } from "./process.ts";
import type { ProcessId } from "./process.ts";
import { assemble, linkOrCopy } from "./spark-jars.ts";
import type { FetchOptions } from "./spark-jars.ts";
import { JAVA_OPTIONS, LOOPBACK, launchSpark, logOf, sparkProgram } from "./spark-server.ts";
import type { SparkProgram } from "./spark-server.ts";
import { sparkService } from "./spark-service.ts";
import type { SparkKind } from "./spark-service.ts";
import { versions } from "./versions.ts";

const { hadoop, sparkOnYarn } = versions;

/** HDFS and YARN on this machine, and Spark on them: its Spark Connect server is the driver (client mode). */
export const yarnCluster: SparkKind = {
  name: "yarn",
  versions: [sparkOnYarn],
  async prepare({ folder, detached, conf, quick, tell, signal }) {
    const { java } = await findJava(versions.java, "Hadoop");
    const program = await programOnYarn({ tell, signal });
    const jars = await hadoopJars({ tell, signal });
    await mkdir(folder, { recursive: true });
    // Names of this machine must lead to the loopback, whatever its network says.
    const hosts = join(folder, "hosts");
    await writeFile(hosts, `127.0.0.1 localhost ${hostname()}\n`);
    tell(`Starting HDFS and YARN ${hadoop}.`);
    const { cluster, clients, hdfs } = await startHadoop({ java, jars, folder, hosts, detached, signal });
    const launch = (port: number) => {
      tell(`Starting Spark ${sparkOnYarn} on YARN.`);
      const settings = {
        conf: { ...yarnSettings(program, hosts), ...conf },
        javaOptions: [`-Djdk.net.hosts.file=${hosts}`],
        env: { HADOOP_CONF_DIR: clients, HADOOP_USER_NAME: "sluice" },
        seconds: 180,
      };
      return launchSpark(onYarn(program, clients), { ...settings, folder, port, detached, quick, signal });
    };
    return { launch, log: logOf(folder), others: [cluster], hdfs };
  },
};

export const yarn = sparkService(yarnCluster);

function hadoopJars({ tell, signal }: FetchOptions): Promise<string> {
  return fetchJars({
    name: `hadoop-minicluster-${hadoop}`,
    coordinates: [
      ...["api", "runtime", "minicluster"].map((part) => `org.apache.hadoop:hadoop-client-${part}:${hadoop}`),
      // What the mini cluster needs and does not bring.
      "junit:junit:4.13.2",
      "org.slf4j:slf4j-reload4j:1.7.36",
      "org.bouncycastle:bcpkix-jdk18on:1.78.1",
      "javax.xml.bind:jaxb-api:2.3.1",
      "org.glassfish.jaxb:jaxb-runtime:2.3.9",
    ],
    onFiles: (files) => tell(`Fetching Hadoop ${hadoop} with Maven: ${files} files so far.`),
    signal,
  });
}

/** Spark with the client libraries of the cluster's own Hadoop in the place of those it was built with. */
async function programOnYarn(options: FetchOptions): Promise<SparkProgram> {
  const program = await sparkProgram(sparkOnYarn, options);
  const [spark = "", ...others] = program.classPath;
  const folder = join(cacheFolder(), "jars", `spark-${sparkOnYarn}-hadoop-${hadoop}`);
  if (!existsSync(folder)) {
    const client = /^hadoop-client-(api|runtime)-/;
    const sources = [
      { from: dirname(spark), wanted: (jar: string) => !client.test(jar) },
      { from: await hadoopJars(options), wanted: (jar: string) => client.test(jar) },
    ];
    await assemble(folder, async (fresh) => {
      for (const { from, wanted } of sources) {
        const jars = (await readdir(from)).filter((jar) => jar.endsWith(".jar") && wanted(jar));
        for (const jar of jars) await linkOrCopy(join(from, jar), join(fresh, jar));
      }
    });
  }
  return { ...program, classPath: [join(folder, "*"), ...others] };
}

function onYarn(program: SparkProgram, clients: string): SparkProgram {
  return { ...program, classPath: [clients, ...program.classPath] };
}

/** The settings of a driver whose executors run on YARN, on this machine. */
export function yarnSettings({ classPath }: Pick<SparkProgram, "classPath">, hosts: string): Record<string, string> {
  const opens = JAVA_OPTIONS.filter((one) => one.startsWith("--"));
  const workerOptions = [`-Djdk.net.hosts.file=${hosts}`, ...opens].join(" ");
  const conf: Record<string, string> = {
    "spark.master": "yarn",
    "spark.submit.deployMode": "client",
    // The nodes are this machine: nothing need be uploaded.
    "spark.yarn.jars": classPath.map((one) => `local:${one}`).join(","),
    "spark.executor.instances": "1",
    "spark.executor.cores": "2",
    "spark.executor.memory": "512m",
    "spark.yarn.am.memory": "512m",
    "spark.executor.extraJavaOptions": workerOptions,
    "spark.yarn.am.extraJavaOptions": workerOptions,
  };
  for (const [name, value] of Object.entries(LOOPBACK)) {
    conf[`spark.executorEnv.${name}`] = value;
    conf[`spark.yarn.appMasterEnv.${name}`] = value;
  }
  return conf;
}

interface HadoopOptions {
  readonly java: string;
  readonly jars: string;
  readonly folder: string;
  readonly hosts: string;
  readonly detached: boolean;
  readonly signal: AbortSignal | undefined;
}

async function startHadoop(options: HadoopOptions): Promise<{ cluster: ProcessId; clients: string; hdfs: string }> {
  const { java, jars, folder, hosts, detached, signal } = options;
  const data = join(folder, "hadoop");
  const clients = join(folder, "conf");
  // A cluster for tests: it starts empty.
  await Promise.all([data, clients].map((one) => rm(one, { recursive: true, force: true })));
  await mkdir(data, { recursive: true });
  const properties = join(folder, "log4j.properties");
  await writeFile(properties, LOGGING);
  const log = join(folder, "hadoop.log");
  const args = [
    ...JAVA_OPTIONS,
    `-Djdk.net.hosts.file=${hosts}`,
    "-Xmx1g",
    "-XX:+UseSerialGC",
    `-Dtest.build.data=${data}`,
    `-Dlog4j.configuration=file:${properties}`,
    "-cp",
    join(jars, "*"),
    mainFile(),
    data,
    clients,
  ];
  const env = {
    ...process.env,
    JAVA_HOME: await javaHome(java),
    HADOOP_HOME: folder,
    HADOOP_COMMON_HOME: folder,
    HADOOP_USER_NAME: "sluice",
  };
  const launched = await launch(java, args, { log, cwd: folder, detached, env });
  const ready = join(clients, "ready");
  const probe = (): Promise<boolean> => Promise.resolve(existsSync(ready));
  await waitUntilReady({ name: "Hadoop", launched, log, probe, seconds: 120, signal });
  return { cluster: launched, clients, hdfs: await readFile(ready, "utf8") };
}

const LOGGING = `log4j.rootLogger=WARN,console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d %p %c{1}: %m%n
`;

/** The program is Java's source, run as it is; a build copies no such file, so it is always the one beside the sources. */
function mainFile(): string {
  return fileURLToPath(new URL("../../src/stack/MiniCluster.java", import.meta.url));
}
