import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "../errors.ts";
import { codeError, interrupted, kafkaCodes, kafkaError, topicNotFound, unavailable } from "./errors.ts";
import type { ErrorContext } from "./errors.ts";
import type { KafkaSettings } from "./options.ts";
import { wireApis } from "./wire.ts";
import type { API, Connection, Library, WireApis } from "./wire.ts";

/** Where a broker listens. */
export interface Address {
  host: string;
  port: number;
}

/** A topic and who leads its partitions. */
export interface TopicMetadata {
  name: string;
  internal: boolean;
  /** By partition number. */
  partitions: readonly PartitionMetadata[];
}

/** One partition of a topic. */
export interface PartitionMetadata {
  partition: number;
  /** The node that takes writes and reads; -1 while there is none. */
  leader: number;
  replicas: readonly number[];
  inSync: readonly number[];
}

/** What the cluster says of itself. */
export interface ClusterMetadata {
  brokers: ReadonlyMap<number, Address>;
  controller: number;
  topics: readonly TopicMetadata[];
  /** Kafka's error code by the name of a topic that has one. */
  codes: ReadonlyMap<string, number>;
}

const firstAnswer = 9_000;
const connectTimeout = 4_000;

/** Connections to the brokers of one cluster, and the requests that go over them. */
export class Client {
  readonly settings: KafkaSettings;
  readonly library: Library;
  readonly wire: WireApis;
  readonly #connections = new Map<string, Promise<Connection>>();
  #brokers: Address[] = [];
  #supported: Map<number, { minVersion: number; maxVersion: number }> | undefined;
  #closed = false;

  private constructor(settings: KafkaSettings, library: Library) {
    this.settings = settings;
    this.library = library;
    this.wire = wireApis(library);
  }

  /** Connects to the first broker that answers, within ten seconds or not at all. */
  static async open(settings: KafkaSettings, signal?: AbortSignal): Promise<Client> {
    if (signal?.aborted) throw interrupted("The connection to Kafka");
    const client = new Client(settings, await import("@platformatic/kafka"));
    try {
      await client.#within(firstAnswer, signal, client.metadata([]));
      return client;
    } catch (thrown) {
      await client.close();
      throw kafkaError(thrown, { settings });
    }
  }

  /** The checksum that Kafka's batches carry. */
  readonly crc32c = (bytes: Buffer): number => {
    // The library copies plain bytes, and takes its own kind of buffer as it is.
    return this.library.crc32c(this.library.Writer.create().append(bytes).dynamicBuffer);
  };

  /** Sends a request to one broker. */
  async call<A extends unknown[], R>(where: Address, api: API<A, R>, ...args: A): Promise<R> {
    const connection = await this.connection(where);
    this.#requireVersion(api.key, api.version);
    return this.send(connection, api, ...args);
  }

  /** Sends a request over a connection. */
  async send<A extends unknown[], R>(connection: Connection, api: API<A, R>, ...args: A): Promise<R> {
    try {
      return await api.async(connection, ...args);
    } catch (thrown) {
      // After a time-out the library would take the late answer for the next one's: the connection is of no more use.
      if (thrown instanceof this.library.TimeoutError) connection.socket.destroy();
      throw thrown;
    }
  }

  /** Sends a request to any broker that can be reached. */
  async callAny<A extends unknown[], R>(api: API<A, R>, ...args: A): Promise<R> {
    let failure: unknown;
    for (const where of this.#candidates()) {
      try {
        await this.connection(where);
      } catch (thrown) {
        failure = thrown;
        // Another broker will not think better of our password.
        if (kafkaError(thrown, { settings: this.settings }).code === "AUTHENTICATION_FAILED") break;
        continue;
      }
      return this.call(where, api, ...args);
    }
    throw failure;
  }

  /** Asks for the named topics; for all of them when it is given none. */
  async metadata(topics: readonly string[] | undefined): Promise<ClusterMetadata> {
    const request = this.callAny(this.library.metadataV9.api, topics ? [...topics] : null, false, false);
    const answer = await request.catch((thrown: unknown) => answerOf<Awaited<typeof request>>(thrown));
    const brokers = new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    this.#brokers = [...brokers.values()];
    return {
      brokers,
      controller: answer.controllerId,
      codes: new Map(
        answer.topics.filter((topic) => topic.errorCode !== 0).map((topic) => [topic.name ?? "", topic.errorCode]),
      ),
      topics: answer.topics.map((topic) => ({
        name: topic.name ?? "",
        internal: topic.isInternal,
        partitions: topic.partitions
          .map((one) => ({
            partition: one.partitionIndex,
            leader: one.leaderId,
            replicas: one.replicaNodes,
            inSync: one.isrNodes,
          }))
          .sort((a, b) => a.partition - b.partition),
      })),
    };
  }

  /** Asks for one topic; throws TOPIC_NOT_FOUND with the nearest existing one, or what else is wrong with it. */
  async topic(name: string, signal?: AbortSignal): Promise<{ cluster: ClusterMetadata; topic: TopicMetadata }> {
    const context: ErrorContext = { settings: this.settings, topic: name };
    try {
      const cluster = await this.#within(firstAnswer, signal, this.metadata([name]));
      const code = cluster.codes.get(name);
      if (code === kafkaCodes.unknownTopic) {
        const all = await this.metadata(undefined);
        throw topicNotFound(
          name,
          all.topics.map((topic) => topic.name),
          this.settings,
        );
      }
      const topic = cluster.topics.find((one) => one.name === name);
      if (topic && topic.partitions.length > 0 && !code) return { cluster, topic };
      throw codeError(code ?? kafkaCodes.leaderNotAvailable, context);
    } catch (thrown) {
      throw kafkaError(thrown, context);
    }
  }

  /** An open connection to a broker, kept for the next request. */
  connection(where: Address): Promise<Connection> {
    const key = `${where.host}:${where.port}`;
    const known = this.#connections.get(key);
    if (known) return known;
    // An old connection may end after a new one took its place: only its own entry may go.
    const forget = (): void => {
      if (this.#connections.get(key) === fresh) this.#connections.delete(key);
    };
    const fresh = this.#connect(where, forget);
    this.#connections.set(key, fresh);
    fresh.catch(forget);
    return fresh;
  }

  /** Closes all connections; requests on their way fail. */
  async close(): Promise<void> {
    this.#closed = true;
    const open = [...this.#connections.values()];
    this.#connections.clear();
    await Promise.allSettled(
      open.map(async (connection) => {
        (await connection).socket.destroy();
      }),
    );
  }

  async #connect({ host, port }: Address, forget: () => void): Promise<Connection> {
    if (this.#closed) throw unavailable({ settings: this.settings }, "the client is closed");
    const { clientId, tls, sasl, requestTimeout } = this.settings;
    const connection = new this.library.Connection(clientId, {
      connectTimeout,
      requestTimeout,
      maxInflights: 32,
      ...(tls ? { tls } : {}),
      ...(sasl ? { sasl } : {}),
    });
    // Errors reach us through the requests; without a listener this event would end the process.
    connection.on("error", forget);
    connection.on("close", forget);
    await connection.connect(host, port);
    if (this.#closed) connection.socket.destroy();
    if (!this.#supported) {
      const { apiKeys } = await this.send(connection, this.library.apiVersionsV3.api, "sluice", "1");
      this.#supported = new Map(
        apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { minVersion, maxVersion }]),
      );
    }
    return connection;
  }

  #requireVersion(key: number, version: number): void {
    const range = this.#supported?.get(key);
    if (range && version >= range.minVersion && version <= range.maxVersion) return;
    const name = this.library.protocolAPIsById[key] ?? String(key);
    throw new SluiceError(
      "UNSUPPORTED",
      `The Kafka broker at ${this.settings.serversText} does not know version ${version} of the request ${name}.`,
      { next: "Use Apache Kafka 2.8 or newer." },
    );
  }

  #candidates(): Address[] {
    const known = new Map(
      [...this.settings.servers, ...this.#brokers].map((address) => [`${address.host}:${address.port}`, address]),
    );
    return [...known.values()];
  }

  /** Waits for the work, but no longer than so many milliseconds or until the signal. */
  async #within<T>(milliseconds: number, signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
    const timer = new AbortController();
    const late = sleep(milliseconds, undefined, { signal: timer.signal }).then(() => {
      throw unavailable({ settings: this.settings }, `no answer within ${Math.round(milliseconds / 1000)} seconds`);
    });
    try {
      return await abortable(Promise.race([work, late]), signal, "The connection to Kafka");
    } finally {
      timer.abort();
      late.catch(() => undefined);
    }
  }
}

/** Does the work again for a few seconds while it fails of something that passes, such as a leader that moves. */
export async function steadily<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + 4_000;
  for (let pause = 25; ; pause *= 2) {
    try {
      return await work();
    } catch (thrown) {
      const passes = thrown instanceof SluiceError && thrown.code === "SERVICE_UNAVAILABLE";
      if (!passes || signal?.aborted || Date.now() + pause > until) throw thrown;
      await sleep(pause);
    }
  }
}

/** The work's result, or INTERRUPTED as soon as the signal says so. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined, what: string): Promise<T> {
  if (!signal) return work;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(interrupted(what));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
    work.catch(() => undefined);
  }
}

/** The answer inside the error that the library makes of an answer with error codes. */
export function answerOf<T>(thrown: unknown): T {
  const answer = (thrown as { response?: T }).response;
  if (answer === undefined) throw thrown;
  return answer;
}
