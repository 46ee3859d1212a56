import type { DataFrame, Session } from "sluice/sql";
import { messageOf, SluiceError } from "sluice/errors";
import { connect, publish } from "sluice/kafka";
import type { DeliveryReport, KafkaOptions, PublishProgress, RecordColumns, Utf8Column } from "sluice/kafka";

/**
 * Asks the broker for the topic, so that a broker that is down or a topic that is not there is known before the work.
 *
 * @throws SluiceError `SERVICE_UNAVAILABLE`, `AUTHENTICATION_FAILED`, `PERMISSION_DENIED` or `TOPIC_NOT_FOUND`
 */
export async function checkTopic(kafka: KafkaOptions, topic: string): Promise<void> {
  const cluster = connect(kafka);
  try {
    await cluster.describeTopic(topic);
  } finally {
    await cluster.close();
  }
}

/** How the publishing went. */
export type Published = Pick<DeliveryReport, "acknowledged" | "topic" | "seconds">;

/**
 * Publishes the events to a Kafka topic and returns when every one is acknowledged.
 *
 * From the embedded engine the columns go to Kafka as they are, batch by batch: memory does not grow with the events. A cluster
 * publishes them itself, by Spark's own connector.
 *
 * @throws SluiceError among others `TOPIC_NOT_FOUND`, `SERVICE_UNAVAILABLE`, `AUTHENTICATION_FAILED`, `DELIVERY_FAILED`
 */
export async function publishEvents(
  spark: Session,
  events: DataFrame,
  kafka: KafkaOptions,
  topic: string,
  onProgress?: (progress: PublishProgress) => void,
): Promise<Published> {
  if (spark.isRemote) return publishFromCluster(events, kafka, topic);
  return publish(recordsOf(events), { ...kafka, topic, onProgress });
}

/** Spark acknowledges all or fails; how many came to lie in the topic is asked of the broker. */
async function publishFromCluster(events: DataFrame, kafka: KafkaOptions, topic: string): Promise<Published> {
  const started = Date.now();
  const before = await offsetOf(kafka, topic);
  const options = Object.entries(sparkOptions(kafka));
  let writer = events.select("key", "value").write.format("kafka").option("topic", topic);
  for (const [name, value] of options) writer = writer.option(name, value);
  try {
    await writer.save();
  } catch (error) {
    if (!/kafka/i.test(messageOf(error)) || !/DATA_SOURCE_NOT_FOUND|Failed to find/i.test(messageOf(error)))
      throw error;
    throw new SluiceError("DEPENDENCY_MISSING", "The cluster has no connector for Kafka.", {
      next: "Start its server with the package spark-sql-kafka-0-10 of its version, or run with --no-publish.",
      cause: error,
    });
  }
  const acknowledged = (await offsetOf(kafka, topic)) - before;
  return { acknowledged, topic, seconds: (Date.now() - started) / 1000 };
}

async function offsetOf(kafka: KafkaOptions, topic: string): Promise<number> {
  await using cluster = connect(kafka);
  const { partitions } = await cluster.describeTopic(topic);
  return partitions.reduce((sum, { nextOffset }) => sum + nextOffset, 0);
}

/** The options of the connection as Spark's connector takes them. */
function sparkOptions(kafka: KafkaOptions): Record<string, string> {
  const { "sasl.username": user, "sasl.password": password, "ssl.truststore.certificates": pem, ...rest } = kafka;
  const plain = Object.entries(rest).filter(([name, value]) => value !== undefined && OWN_OPTIONS.test(name));
  const options = Object.fromEntries(plain.map(([name, value]) => [`kafka.${name}`, String(value)]));
  if (pem !== undefined) {
    options["kafka.ssl.truststore.type"] = "PEM";
    options["kafka.ssl.truststore.certificates"] = String(pem);
  }
  if (user !== undefined) {
    const scram = String(kafka["sasl.mechanism"]).startsWith("SCRAM");
    const module = `org.apache.kafka.common.security.${scram ? "scram.Scram" : "plain.Plain"}LoginModule`;
    const quoted = (text: unknown): string => `"${String(text).replace(/[\\"]/g, "\\$&")}"`;
    options["kafka.sasl.jaas.config"] = `${module} required username=${quoted(user)} password=${quoted(password)};`;
  }
  return options;
}

/** What Kafka's own clients call by the same names. */
const OWN_OPTIONS = /^(bootstrap\.servers|security\.protocol|sasl\.mechanism)$/;

async function* recordsOf(events: DataFrame): AsyncGenerator<RecordColumns, void> {
  for await (const batch of events.select("key", "value").toArrowBatches()) {
    const [key, value] = batch.data.children;
    yield { rows: batch.numRows, key: utf8(key!), value: utf8(value!) };
  }
}

/** An Arrow column of texts, as Kafka takes it: the layouts are the same. */
function utf8(column: { values: unknown; valueOffsets: unknown }): Utf8Column {
  return { data: column.values as Uint8Array, offsets: column.valueOffsets as Int32Array };
}
