import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { SluiceError } from "../errors.ts";
import { fetchJars } from "./jars.ts";
import { findJava } from "./java.ts";
import type { Java } from "./java.ts";
import { serverProperties } from "./kafka-config.ts";
import type { KafkaConfig, KafkaSecurity } from "./kafka-config.ts";
import { brokerAnswers } from "./kafka-probe.ts";
import { launch, waitUntilReady } from "./process.ts";
import type { ProcessId } from "./process.ts";
import type { ProgressListener } from "./service.ts";
import { versions } from "./versions.ts";

const run = promisify(execFile);

export const kafkaVersion = versions.kafka;

/** What a broker is run with. */
export interface KafkaProgram extends Java {
  /** The class path. */
  jars: string;
}

/** Finds Java and fetches Kafka's jars when they are not in the cache yet. */
export async function kafkaProgram(onProgress?: ProgressListener, signal?: AbortSignal): Promise<KafkaProgram> {
  const java = await findJava(versions.java, "Kafka");
  const tell = (text: string): void => onProgress?.({ service: "kafka", text });
  const jars = await fetchJars({
    name: `kafka-${kafkaVersion}`,
    coordinates: [`org.apache.kafka:kafka_2.13:${kafkaVersion}`, "org.slf4j:slf4j-simple:1.7.36"],
    onFiles: (files) => tell(`Fetching Kafka ${kafkaVersion} with Maven: ${files} files so far.`),
    signal,
  });
  return { ...java, jars: join(jars, "*") };
}

const quickStart = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];
const logging = [
  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
  "-Dorg.slf4j.simpleLogger.showDateTime=true",
  "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
];

/** Writes the configuration of a broker into its folder, and formats its data folder the first time. */
export async function prepareBroker(program: KafkaProgram, folder: string, config: KafkaConfig): Promise<void> {
  await mkdir(folder, { recursive: true });
  const properties = join(folder, "server.properties");
  await writeFile(properties, serverProperties(config), { mode: 0o600 });
  if (existsSync(join(config.data, "meta.properties"))) return;
  // It may begin with a hyphen: it must not stand alone among the arguments.
  const id = Buffer.from(crypto.randomUUID().replaceAll("-", ""), "hex").toString("base64url");
  try {
    await run(program.java, [
      ...quickStart,
      ...logging,
      "-cp",
      program.jars,
      "kafka.tools.StorageTool",
      "format",
      `--cluster-id=${id}`,
      "-c",
      properties,
    ]);
  } catch (thrown) {
    const said = (thrown as { stderr?: string }).stderr?.trim().split("\n").at(-1) ?? "";
    throw new SluiceError(
      "SERVICE_UNAVAILABLE",
      `Kafka could not set up its data folder ${config.data}: ${said.slice(0, 300)}.`,
      { cause: thrown },
    );
  }
}

/** Starts a prepared broker and returns when it answers. */
export async function launchBroker(
  program: KafkaProgram,
  folder: string,
  config: KafkaConfig,
  detached: boolean,
  signal?: AbortSignal,
): Promise<ProcessId> {
  const log = join(folder, "broker.log");
  const args = [
    "-Xms128m",
    "-Xmx512m",
    ...quickStart,
    ...logging,
    "-cp",
    program.jars,
    "kafka.Kafka",
    join(folder, "server.properties"),
  ];
  const launched = await launch(program.java, args, { log, cwd: folder, detached });
  const certificate = config.security && (await readFile(config.security.certificate, "utf8"));
  await waitUntilReady({
    name: "Kafka",
    launched,
    log,
    probe: () => brokerAnswers(config.port, certificate),
    seconds: 60,
    signal,
  });
  return launched;
}

/** Makes a self-signed certificate for 127.0.0.1 with Java's own `keytool`, and the users of a broker. */
export async function makeSecurity(
  program: KafkaProgram,
  folder: string,
  users: Record<string, string>,
  administrators: string[],
): Promise<KafkaSecurity> {
  await mkdir(folder, { recursive: true });
  const keystore = join(folder, "broker.p12");
  const certificate = join(folder, "broker.pem");
  const keystorePassword = newSecret();
  // The password goes by the environment: arguments can be read by every user of the machine.
  const env = { ...process.env, KEYSTORE_PASSWORD: keystorePassword };
  const store = [
    "-storetype",
    "PKCS12",
    "-keystore",
    keystore,
    "-storepass:env",
    "KEYSTORE_PASSWORD",
    "-alias",
    "broker",
  ];
  const names = ["-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "365"];
  await run(program.keytool, ["-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", ...names, ...store], { env });
  await run(program.keytool, ["-exportcert", "-rfc", "-file", certificate, ...store], { env });
  return { keystore, keystorePassword, certificate, users: { broker: newSecret(), ...users }, administrators };
}

/** A random password. */
export function newSecret(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString("base64url");
}
