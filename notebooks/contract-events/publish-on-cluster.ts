// Publishing by Spark's own connector, from the machines of a cluster.
import type { DataFrame, Session } from "sluice/sql";
import { messageOf, SluiceError } from "sluice/errors";
import { connect } from "sluice/kafka";
import type { DeliveryReport, KafkaOptions } from "sluice/kafka";

/** How the publishing went. */
export type Published = Pick<DeliveryReport, "acknowledged" | "topic" | "seconds">;

/**
 * Spark fails when one event is not acknowledged, and does not tell how many were; the broker tells by how many records the topic
 * grew. It may be more than the events, where others publish too or a task of the cluster was tried again.
 */
export async function publishFromCluster(
  events: DataFrame,
  count: number,
  kafka: KafkaOptions,
  topic: string,
): Promise<Published> {
  const started = Date.now();
  const before = await countRecords(kafka, topic);
  try {
    await events
      .select("key", "value")
      .write.format("kafka")
      .options(sparkOptions(kafka))
      .option("topic", topic)
      .save();
  } catch (error) {
    // Spark tells where in the cluster it was seen, and shows stack traces: the reason is Kafka's part of it.
    const [, reason] = /org\.apache\.kafka\.common\.\S+?: (.+)/.exec(messageOf(error)) ?? [];
    if (reason === undefined) throw error;
    throw new SluiceError("DELIVERY_FAILED", `The cluster could not publish to the topic ${topic}: ${reason}`, {
      next: "Check that each of its machines reaches the brokers. Run the load again: the event ids stay the same.",
      cause: error,
    });
  }
  const grown = (await countRecords(kafka, topic)) - before;
  return { acknowledged: Math.min(grown, count), topic, seconds: (Date.now() - started) / 1000 };
}

async function countRecords(kafka: KafkaOptions, topic: string): Promise<number> {
  await using cluster = connect(kafka);
  const { partitions } = await cluster.describeTopic(topic);
  return partitions.reduce((sum, { nextOffset }) => sum + nextOffset, 0);
}

/**
 * Asks a cluster for its connector. The columns of a topic are known without asking the broker.
 *
 * @throws SluiceError `DEPENDENCY_MISSING` when it has none
 */
export async function checkConnector(spark: Session, kafka: KafkaOptions, topic: string): Promise<void> {
  try {
    const { "bootstrap.servers": servers } = kafka;
    await spark.read
      .format("kafka")
      .option("kafka.bootstrap.servers", servers)
      .option("subscribe", topic)
      .load()
      .schema();
  } catch (error) {
    if (!/Failed to find( the)? data source: `?kafka/.test(messageOf(error))) throw error;
    throw new SluiceError("DEPENDENCY_MISSING", "The cluster has no connector for Kafka.", {
      next: "Start its server with --packages org.apache.spark:spark-sql-kafka-0-10_SCALA:SPARK, both of its own versions, or run with --no-publish.",
      cause: error,
    });
  }
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
