import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "../errors.ts";
import { Client, abortable, answerOf, steadily } from "./client.ts";
import type { RecordColumns } from "./columns.ts";
import { codeError, kafkaError, topicNotFound } from "./errors.ts";
import { settingsOf } from "./options.ts";
import type { KafkaOptions } from "./options.ts";
import { publishWith } from "./publish.ts";
import type { DeliveryReport, PublishOptions } from "./publish.ts";
import { readWith, topicRanges } from "./read-topic.ts";
import type { ReadOptions, TopicBatch, TopicRecord } from "./read-topic.ts";

/** How to make a topic. */
export interface CreateTopicOptions {
  /** The default is the cluster's own. */
  partitions?: number;
  /** The default is the cluster's own. */
  replicas?: number;
  /** Kafka's settings of a topic, such as `{ "max.message.bytes": "2097152" }`. */
  config?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/** What a topic is like now. */
export interface TopicDescription {
  name: string;
  partitions: {
    partition: number;
    /** The node that takes writes and reads; -1 while there is none. */
    leader: number;
    replicas: readonly number[];
    inSync: readonly number[];
    /** The offset of the oldest record. */
    firstOffset: number;
    /** The offset that the next record will get. */
    nextOffset: number;
  }[];
  /** How many offsets the topic holds; a compacted topic has fewer records. */
  records: number;
}

/** A Kafka cluster, for notebooks and programs. It connects at the first call and is closed by `await using` or `close()`. */
export interface Kafka extends AsyncDisposable {
  /** The names of the topics, in order; without Kafka's own. */
  topics(options?: { signal?: AbortSignal }): Promise<string[]>;
  /** Makes a topic and returns when it can be written to; throws ALREADY_EXISTS when there is one of that name. */
  createTopic(name: string, options?: CreateTopicOptions): Promise<void>;
  /** Removes a topic and its records. */
  deleteTopic(name: string, options?: { signal?: AbortSignal }): Promise<void>;
  describeTopic(name: string, options?: { signal?: AbortSignal }): Promise<TopicDescription>;
  /** The last records of a topic: up to `count` in all (10 by default), the youngest last. */
  peek(name: string, count?: number, options?: { signal?: AbortSignal }): Promise<TopicRecord[]>;
  /** As the function `publish`, over this connection. */
  publish(
    source: AsyncIterable<RecordColumns>,
    options: Pick<PublishOptions, "topic" | "signal" | "onProgress">,
  ): Promise<DeliveryReport>;
  /** As the function `readTopic`, over this connection. */
  readTopic(options: Pick<ReadOptions, "topic" | "from" | "signal">): AsyncGenerator<TopicBatch>;
  /** Closes the connections. */
  close(): Promise<void>;
}

/**
 * Makes the helper for one Kafka cluster. Nothing is connected before the first call.
 *
 * @throws SluiceError CONFIG_INVALID, SECRET_MISSING or UNSUPPORTED for the options
 *
 * @example
 * ```ts
 * import { connect } from "sluice/kafka";
 * await using kafka = connect({ "bootstrap.servers": "127.0.0.1:9092" });
 * await kafka.createTopic("contract-events", { partitions: 3 });
 * console.log(await kafka.topics());
 * ```
 */
export function connect(options: KafkaOptions): Kafka {
  const settings = settingsOf(options);
  let opened: Promise<Client> | undefined;
  const client = (): Promise<Client> => {
    const opening = (opened ??= Client.open(settings));
    // A broker that was down may be up at the next call.
    opening.catch(() => {
      if (opened === opening) opened = undefined;
    });
    return opening;
  };
  const use = async <T>(
    signal: AbortSignal | undefined,
    what: string,
    topic: string,
    work: (client: Client) => Promise<T>,
  ): Promise<T> => {
    try {
      return await abortable(
        client().then((open) => work(open)),
        signal,
        what,
      );
    } catch (thrown) {
      throw kafkaError(thrown, { settings, topic });
    }
  };
  const close = async (): Promise<void> => {
    const open = await opened?.catch(() => undefined);
    opened = undefined;
    await open?.close();
  };
  return {
    topics: ({ signal } = {}) => use(signal, "The listing of topics", "", listTopics),
    createTopic: (name, how = {}) =>
      use(how.signal, "The creation of the topic", name, (open) => createTopic(open, name, how)),
    deleteTopic: (name, { signal } = {}) =>
      use(signal, "The removal of the topic", name, (open) => deleteTopic(open, name)),
    describeTopic: (name, { signal } = {}) =>
      use(signal, "The description of the topic", name, (open) => describeTopic(open, name)),
    peek: (name, count = 10, { signal } = {}) =>
      use(signal, "The reading", name, (open) => peek(open, name, count, signal)),
    publish: async (source, how) => publishWith(await abortable(client(), how.signal, "The publishing"), source, how),
    async *readTopic(how) {
      yield* readWith(await abortable(client(), how.signal, "The reading"), how);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const adminTimeout = 8_000;

async function listTopics(client: Client): Promise<string[]> {
  const context = { settings: client.settings };
  const { topics } = await steadily(undefined, () =>
    client.metadata(undefined).catch((thrown: unknown) => Promise.reject(kafkaError(thrown, context))),
  );
  return topics
    .filter((topic) => !topic.internal)
    .map((topic) => topic.name)
    .sort();
}

async function createTopic(
  client: Client,
  name: string,
  { partitions = -1, replicas = -1, config = {} }: CreateTopicOptions,
): Promise<void> {
  const configs = Object.entries(config).map(([setting, value]) => ({ name: setting, value }));
  const wanted = { name, numPartitions: partitions, replicationFactor: replicas, assignments: [], configs };
  const request = client.call(
    await controller(client),
    client.library.createTopicsV7.api,
    [wanted],
    adminTimeout,
    false,
  );
  const answer = await request.catch((thrown: unknown) => answerOf<Awaited<typeof request>>(thrown));
  const result = answer.topics[0];
  if (result && result.errorCode !== 0)
    throw codeError(result.errorCode, { settings: client.settings, topic: name }, result.errorMessage ?? undefined);
  for (const until = Date.now() + adminTimeout; Date.now() < until;) {
    const { codes, topics } = await client.metadata([name]);
    const made = topics.find((topic) => topic.name === name);
    if (!codes.has(name) && made?.partitions.length && made.partitions.every((one) => one.leader >= 0)) return;
    await sleep(20);
  }
  throw new SluiceError(
    "TIMEOUT",
    `The Kafka topic ${name} was made, and has no leader yet after ${adminTimeout / 1000} seconds.`,
    { next: "Look at the state of the brokers." },
  );
}

async function deleteTopic(client: Client, name: string): Promise<void> {
  const request = client.call(await controller(client), client.library.deleteTopicsV6.api, [{ name }], adminTimeout);
  const answer = await request.catch((thrown: unknown) => answerOf<Awaited<typeof request>>(thrown));
  const code = answer.responses[0]?.errorCode ?? 0;
  if (code === 3) throw topicNotFound(name, await listTopics(client), client.settings);
  if (code !== 0)
    throw codeError(code, { settings: client.settings, topic: name }, answer.responses[0]?.errorMessage ?? undefined);
}

async function describeTopic(client: Client, name: string): Promise<TopicDescription> {
  const { topic, ranges } = await topicRanges(client, name);
  const partitions = topic.partitions.map((one, index) => {
    const range = ranges[index];
    return { ...one, firstOffset: Number(range?.start ?? 0n), nextOffset: Number(range?.end ?? 0n) };
  });
  return { name, partitions, records: partitions.reduce((sum, one) => sum + one.nextOffset - one.firstOffset, 0) };
}

async function peek(
  client: Client,
  name: string,
  count: number,
  signal: AbortSignal | undefined,
): Promise<TopicRecord[]> {
  const { partitions } = await describeTopic(client, name);
  const from = Object.fromEntries(
    partitions.map((one) => [one.partition, Math.max(one.firstOffset, one.nextOffset - count)]),
  );
  const records: TopicRecord[] = [];
  for await (const batch of readWith(client, { topic: name, from, signal })) records.push(...batch);
  records.sort(
    (a, b) => a.timestamp.getTime() - b.timestamp.getTime() || a.partition - b.partition || a.offset - b.offset,
  );
  return count > 0 ? records.slice(-count) : [];
}

async function controller(client: Client): Promise<{ host: string; port: number }> {
  const { brokers, controller: node } = await client.metadata([]);
  const where = brokers.get(node) ?? [...brokers.values()][0];
  if (!where) throw kafkaError(new Error("no broker"), { settings: client.settings });
  return where;
}
