import { readFileSync } from "node:fs";
import { nearest, SluiceError } from "../errors.ts";
import type { Compression } from "./record-batch-encoder.ts";

/**
 * How to reach Kafka, in Kafka's own names.
 *
 * @example
 * ```ts
 * const cloud = {
 *   "bootstrap.servers": "pkc-1.eu.example.com:9092",
 *   "security.protocol": "SASL_SSL",
 *   "sasl.mechanism": "PLAIN",
 *   "sasl.username": process.env.KAFKA_USER,
 *   "sasl.password": process.env.KAFKA_PASSWORD,
 * } as const;
 * ```
 */
export interface KafkaOptions {
  /** Brokers to begin with, as `host:port` with commas between; the port is 9092 where none is given. */
  "bootstrap.servers": string;
  /** The default is `PLAINTEXT`. */
  "security.protocol"?: "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL" | undefined;
  /** The default is `PLAIN`. */
  "sasl.mechanism"?: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512" | undefined;
  "sasl.username"?: string | undefined;
  "sasl.password"?: string | undefined;
  /** The certificates to trust, as PEM text; those of Node.js when it is not given. */
  "ssl.truststore.certificates"?: string | undefined;
  /** The name this client gives itself; the default is `sluice`. */
  "client.id"?: string | undefined;
  /** How long one request may take, in milliseconds; the default is 30000. */
  "request.timeout.ms"?: number | undefined;
  /** How long a partition may refuse before a write fails, in milliseconds; the default is 30000, where Kafka's own is 120000. */
  "delivery.timeout.ms"?: number | undefined;
  /** How batches are compressed; the default is `none`. */
  "compression.type"?: Compression | undefined;
  /** The size at which a batch is sent, in bytes; the default is 524288, where Kafka's own is 16384. */
  "batch.size"?: number | undefined;
}

/** The options, checked and completed. */
export interface KafkaSettings {
  servers: readonly { host: string; port: number }[];
  /** The servers as the user wrote them. */
  serversText: string;
  tls: { ca?: string } | undefined;
  sasl: { mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512"; username: string; password: string } | undefined;
  clientId: string;
  requestTimeout: number;
  deliveryTimeout: number;
  compression: Compression;
  batchBytes: number;
}

const protocols = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] as const;
const mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;
const compressions = ["none", "gzip"] as const;

/** Checks options and fills in the defaults; throws CONFIG_INVALID, SECRET_MISSING or UNSUPPORTED. */
export function settingsOf(options: KafkaOptions): KafkaSettings {
  checkObject(options);
  checkNames(options);
  const serversText = options["bootstrap.servers"];
  const protocol = oneOf("security.protocol", options["security.protocol"] ?? "PLAINTEXT", protocols);
  const certificates = options["ssl.truststore.certificates"];
  return {
    servers: parseServers(serversText),
    serversText,
    tls: protocol.endsWith("SSL") ? (certificates === undefined ? {} : { ca: certificates }) : undefined,
    sasl: protocol.startsWith("SASL") ? saslOf(options) : undefined,
    clientId: options["client.id"] ?? "sluice",
    requestTimeout: positive("request.timeout.ms", options["request.timeout.ms"] ?? 30_000),
    deliveryTimeout: positive("delivery.timeout.ms", options["delivery.timeout.ms"] ?? 30_000),
    compression: oneOf("compression.type", options["compression.type"] ?? "none", compressions),
    batchBytes: positive("batch.size", options["batch.size"] ?? 512 * 1024),
  };
}

/** What plain JavaScript can give: nothing, or the servers alone. */
function checkObject(options: unknown): void {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return;
  const servers = typeof options === "string" ? options : "127.0.0.1:9092";
  const given =
    options === undefined
      ? "nothing"
      : options === null
        ? "null"
        : Array.isArray(options)
          ? "an array"
          : `a ${typeof options}`;
  throw new SluiceError("USAGE", `Kafka's options are an object, not ${given}.`, {
    next: `Write { "bootstrap.servers": ${JSON.stringify(servers)} }.`,
  });
}

/** A misspelt `security.protocol` must not mean a connection without it. Names without a dot are the caller's own. */
function checkNames(options: KafkaOptions): void {
  const known: readonly string[] = [...texts, ...numbers];
  for (const name of Object.keys(options)) {
    if (name.includes(".") && !known.includes(name) && !tuning.includes(name)) throw unknown("", name, known);
  }
}

function parseServers(text: unknown): { host: string; port: number }[] {
  const parts = typeof text === "string" ? text.split(",").map((part) => part.trim()) : [];
  const servers = parts.filter(Boolean).map((part) => {
    const found = /^(?:\w+:\/\/)?(\[[^\]]+\]|[^:\s/]+)(?::(\d+))?$/.exec(part);
    const port = Number(found?.[2] ?? 9092);
    if (!found || port < 1 || port > 65535)
      throw invalid(
        `${JSON.stringify(part)} in bootstrap.servers is no address of a broker.`,
        "Write it as host:port.",
      );
    return { host: (found[1] ?? "").replace(/^\[|\]$/g, ""), port };
  });
  if (servers.length === 0)
    throw invalid(
      "The Kafka option bootstrap.servers is missing.",
      "Give the brokers as host:port, with commas between.",
    );
  return servers;
}

function saslOf(options: KafkaOptions): KafkaSettings["sasl"] {
  const mechanism = oneOf("sasl.mechanism", options["sasl.mechanism"] ?? "PLAIN", mechanisms);
  const username = options["sasl.username"];
  const password = options["sasl.password"];
  for (const [name, value] of Object.entries({ "sasl.username": username, "sasl.password": password })) {
    if (value) continue;
    throw new SluiceError("SECRET_MISSING", `The Kafka option ${name} is missing.`, {
      next: "Take it from the environment or another place outside the project.",
    });
  }
  return { mechanism, username: username ?? "", password: password ?? "" };
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new SluiceError("UNSUPPORTED", `The Kafka option ${name} can't be ${JSON.stringify(value)}.`, {
    next: `Use one of ${allowed.join(", ")}.`,
  });
}

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw invalid(`The Kafka option ${name} must be a whole number above 0.`);
}

function invalid(sentence: string, next?: string): SluiceError {
  return new SluiceError("CONFIG_INVALID", sentence, next === undefined ? {} : { next });
}

function unknown(prefix: string, name: string, known: readonly string[]): SluiceError {
  const near = nearest(name, known);
  return invalid(`There is no Kafka option ${prefix}${name}.`, near && `Did you mean ${prefix}${near}?`);
}

const texts = [
  "bootstrap.servers",
  "security.protocol",
  "sasl.mechanism",
  "sasl.username",
  "sasl.password",
  "ssl.truststore.certificates",
  "client.id",
  "compression.type",
] as const;
const numbers = ["request.timeout.ms", "delivery.timeout.ms", "batch.size"] as const;
/** Options of Java's client that only tune it, or say what holds here anyway. */
const tuning = [
  "linger.ms",
  "buffer.memory",
  "retries",
  "retry.backoff.ms",
  "reconnect.backoff.ms",
  "max.block.ms",
  "max.request.size",
  "max.in.flight.requests.per.connection",
  "metadata.max.age.ms",
  "connections.max.idle.ms",
  "send.buffer.bytes",
  "receive.buffer.bytes",
  "session.timeout.ms",
  "max.poll.records",
  "fetch.min.bytes",
  "fetch.max.bytes",
  "max.partition.fetch.bytes",
  "ssl.endpoint.identification.algorithm",
];
const java = ["sasl.jaas.config", "ssl.truststore.type", "ssl.truststore.location", "acks", "enable.idempotence"];

/**
 * Takes the Kafka options out of Spark's: those that begin with `kafka.`, such as `kafka.bootstrap.servers`.
 *
 * A user name and a password are read out of `kafka.sasl.jaas.config`, and PEM certificates out of the file
 * `kafka.ssl.truststore.location`. Options that only tune Java's client, such as `kafka.linger.ms`, change nothing.
 *
 * @param options the options of a reader or writer; those without `kafka.` are left to the caller
 * @throws SluiceError CONFIG_INVALID for an unknown option, with the nearest known; UNSUPPORTED for a JKS truststore,
 * for `acks` other than `all` and for a writer without idempotence
 * @example
 * ```ts
 * const options = fromSparkOptions({ "kafka.bootstrap.servers": "127.0.0.1:9092" });
 * console.log(options["bootstrap.servers"] !== undefined); // true
 * ```
 */
export function fromSparkOptions(options: Readonly<Record<string, string>>): KafkaOptions {
  const result: Record<string, string | number> = {};
  const own = Object.entries(options).flatMap(([name, value]): [string, string][] =>
    /^kafka\./i.test(name) ? [[name.slice(6).toLowerCase(), value]] : [],
  );
  const given = new Map(own);
  for (const [name, value] of given) {
    if (texts.some((known) => known === name)) result[name] = value;
    else if (numbers.some((known) => known === name)) result[name] = Number(value);
    else if (!tuning.includes(name) && !java.includes(name))
      throw unknown("kafka.", name, [...texts, ...numbers, ...tuning, ...java]);
  }
  const jaas = given.get("sasl.jaas.config");
  if (jaas !== undefined) Object.assign(result, readJaas(jaas));
  const location = given.get("ssl.truststore.location");
  if (location !== undefined)
    result["ssl.truststore.certificates"] = readPem(location, given.get("ssl.truststore.type"));
  oneOf("acks", given.get("acks") ?? "all", ["all", "-1"]);
  oneOf("enable.idempotence", given.get("enable.idempotence") ?? "true", ["true"]);
  return result as unknown as KafkaOptions;
}

function readJaas(text: string): Record<string, string> {
  const value = (name: string): string | undefined =>
    new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
      .exec(text)
      ?.slice(1)
      .find((part) => part !== undefined);
  const username = value("username");
  const password = value("password");
  if (!/(PlainLoginModule|ScramLoginModule)\b/.test(text) || username === undefined || password === undefined) {
    throw new SluiceError(
      "UNSUPPORTED",
      "The Kafka option kafka.sasl.jaas.config holds no PlainLoginModule or ScramLoginModule with username and password.",
      {
        next: "Give kafka.sasl.mechanism, kafka.sasl.username and kafka.sasl.password in its place.",
      },
    );
  }
  return { "sasl.username": username, "sasl.password": password };
}

function readPem(location: string, type = "JKS"): string {
  if (type.toUpperCase() !== "PEM") {
    throw new SluiceError("UNSUPPORTED", `The truststore ${location} is of type ${type}, which can't be read.`, {
      next: "Give a PEM file, with kafka.ssl.truststore.type=PEM.",
    });
  }
  try {
    return readFileSync(location, "utf8");
  } catch (thrown) {
    throw new SluiceError("NOT_FOUND", `The truststore ${location} can't be read.`, {
      cause: thrown,
      next: "Check the path in kafka.ssl.truststore.location.",
    });
  }
}
