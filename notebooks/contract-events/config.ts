import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { secrets } from "sluice/azure";
import { nearest, SluiceError } from "sluice/errors";
import type { KafkaOptions } from "sluice/kafka";

/** The profiles are JSON, so that other tools can read and check them, and nothing in them can run. */
const PROFILES_FILE = fileURLToPath(new URL("profiles.json", import.meta.url));

/** What a run needs to know, checked and with its secrets in place. */
export interface Config {
  readonly profile: string;
  /** The session's time zone, in which timestamps print. */
  readonly timeZone: string;
  /** The output folder or address. */
  readonly output: string;
  readonly topic: string;
  /** How to reach Kafka; undefined when nothing is to be published. */
  readonly kafka: KafkaOptions | undefined;
}

/** What the run's own parameters say; an empty text means that the profile decides. */
export interface Overrides {
  readonly output?: string;
  readonly topic?: string;
  readonly servers?: string;
  /** Whether the run publishes: without it no Kafka secret is asked for. */
  readonly publish: boolean;
}

/** A value that stands in the file, or the name of one that comes from outside. */
type Value = string | { readonly secret: string };

interface Profile {
  readonly timeZone: string;
  readonly output: string;
  readonly kafka: Readonly<Record<string, Value>>;
}

type Kind = "text" | "value" | "secret" | readonly string[];

const PROFILE_KEYS: Readonly<Record<string, Kind>> = { timeZone: "text", output: "text" };
const KAFKA_KEYS: Readonly<Record<string, Kind>> = {
  servers: "value",
  topic: "text",
  securityProtocol: ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"],
  saslMechanism: ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"],
  username: "secret",
  password: "secret",
  certificatesFile: "value",
};
const REQUIRED_KAFKA_KEYS = ["servers", "topic"];

/**
 * Reads and checks a profile, and takes its secrets from outside the project.
 *
 * @throws SluiceError `CONFIG_INVALID` for an unknown profile or key, or a wrong value, naming the key, the file and the
 *   nearest known name; `SECRET_MISSING` naming a secret that is not set and how to give it
 */
export async function loadConfig(profile: string, overrides: Overrides, file: string = PROFILES_FILE): Promise<Config> {
  const { timeZone, output, kafka } = checkFile(await readJson(file), profile, basename(file));
  const topic = overrides.topic || (kafka["topic"] as string);
  return {
    profile,
    timeZone,
    output: overrides.output || output,
    topic,
    kafka: overrides.publish ? await kafkaOptions(kafka, overrides.servers) : undefined,
  };
}

async function kafkaOptions(kafka: Profile["kafka"], servers: string | undefined): Promise<KafkaOptions> {
  return {
    "bootstrap.servers": servers || (await valueOf(kafka["servers"]!)),
    ...(kafka["securityProtocol"] !== undefined && { "security.protocol": kafka["securityProtocol"] as "SASL_SSL" }),
    ...(kafka["saslMechanism"] !== undefined && { "sasl.mechanism": kafka["saslMechanism"] as "PLAIN" }),
    ...(kafka["username"] !== undefined && { "sasl.username": await valueOf(kafka["username"]) }),
    ...(kafka["password"] !== undefined && { "sasl.password": await valueOf(kafka["password"]) }),
    ...(kafka["certificatesFile"] !== undefined && {
      "ssl.truststore.certificates": await readCertificates(await valueOf(kafka["certificatesFile"])),
    }),
  };
}

async function valueOf(value: Value): Promise<string> {
  return typeof value === "string" ? value : secrets.get(value.secret);
}

/** Reads the PEM certificates of a broker whose authority is not a public one. */
async function readCertificates(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new SluiceError("CONFIG_INVALID", `The file of Kafka's certificates, ${file}, cannot be read.`, {
      cause: error,
    });
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as unknown;
  } catch (error) {
    const reason = error instanceof SyntaxError ? "is not valid JSON" : "cannot be read";
    throw new SluiceError("CONFIG_INVALID", `The configuration file ${basename(file)} ${reason}.`, { cause: error });
  }
}

/** Checks every profile of the file, not only the one in use: a mistake in PROD must not wait for PROD. */
function checkFile(content: unknown, profile: string, file: string): Profile {
  const profiles = objectAt(content, "", file);
  for (const [name, value] of Object.entries(profiles)) checkProfile(value, name, file);
  const found = Object.hasOwn(profiles, profile) ? profiles[profile] : undefined;
  if (found !== undefined) return found as Profile;
  throw unknown("profile", profile, Object.keys(profiles), file);
}

function checkProfile(value: unknown, name: string, file: string): void {
  const profile = objectAt(value, name, file);
  checkKeys(profile, name, file, { ...PROFILE_KEYS, kafka: "text" });
  for (const key of Object.keys(PROFILE_KEYS)) checkValue(profile, key, PROFILE_KEYS[key]!, name, file);
  checkTimeZone(profile["timeZone"] as string, `${name}.timeZone`, file);
  const kafka = objectAt(profile["kafka"], `${name}.kafka`, file);
  checkKeys(kafka, `${name}.kafka`, file, KAFKA_KEYS);
  const present = Object.keys(KAFKA_KEYS).filter((key) => key in kafka || REQUIRED_KAFKA_KEYS.includes(key));
  for (const key of present) checkValue(kafka, key, KAFKA_KEYS[key]!, `${name}.kafka`, file);
}

function checkKeys(
  object: Readonly<Record<string, unknown>>,
  path: string,
  file: string,
  known: Readonly<Record<string, Kind>>,
): void {
  for (const key of Object.keys(object))
    if (!Object.hasOwn(known, key)) throw unknown("key", `${path}.${key}`, Object.keys(known), file);
}

function checkValue(
  object: Readonly<Record<string, unknown>>,
  key: string,
  kind: Kind,
  path: string,
  file: string,
): void {
  const value = object[key];
  const place = `${path}.${key}`;
  if (value === undefined) throw invalid(`The key ${place} is missing in ${file}.`);
  const isText = typeof value === "string" && value !== "";
  const isSecret =
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).join() === "secret" &&
    typeof (value as { secret: unknown }).secret === "string";
  if (kind === "secret" && !isSecret) {
    throw invalid(
      `The key ${place} in ${file} must not hold the value itself.`,
      `Write {"secret": "NAME"} and give NAME from outside the project.`,
    );
  }
  if (kind === "value" && !isText && !isSecret)
    throw invalid(`The key ${place} in ${file} must be a text or {"secret": "NAME"}.`);
  if (kind === "text" && !isText) throw invalid(`The key ${place} in ${file} must be a text that is not empty.`);
  if (typeof kind !== "string" && !(isText && kind.includes(value))) {
    const near = isText ? nearest(value, kind) : undefined;
    throw invalid(
      `The key ${place} in ${file} cannot be ${JSON.stringify(value)}.`,
      near ? `Did you mean ${near}?` : `It is one of ${kind.join(", ")}.`,
    );
  }
}

function checkTimeZone(zone: string, place: string, file: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch (error) {
    throw new SluiceError("CONFIG_INVALID", `The key ${place} in ${file} is no time zone: ${zone}.`, {
      cause: error,
      next: "Write one such as Europe/Berlin.",
    });
  }
}

function objectAt(value: unknown, path: string, file: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw invalid(
    path === "" ? `${file} must hold a JSON object of profiles.` : `The key ${path} in ${file} must be a JSON object.`,
  );
}

function unknown(what: string, name: string, known: readonly string[], file: string): SluiceError {
  const last = name.slice(name.lastIndexOf(".") + 1);
  const near = nearest(last, known);
  return invalid(
    `The ${what} ${name} is unknown in ${file}.`,
    near ? `Did you mean ${near}?` : `Known are ${known.join(", ")}.`,
  );
}

function invalid(sentence: string, next?: string): SluiceError {
  return new SluiceError("CONFIG_INVALID", sentence, next === undefined ? {} : { next });
}
