import type { DataFrame, Session } from "sluice/sql";
import { connect, publish } from "sluice/kafka";
import type { KafkaOptions, PublishProgress, RecordColumns, Utf8Column } from "sluice/kafka";
import { checkConnector, publishFromCluster } from "./publish-on-cluster.ts";
import type { Published } from "./publish-on-cluster.ts";

/**
 * Asks the broker for the topic, so that a broker that is down or a topic that is not there is known before the work; and a
 * cluster for its connector.
 *
 * @throws SluiceError `SERVICE_UNAVAILABLE`, `AUTHENTICATION_FAILED`, `PERMISSION_DENIED` or `TOPIC_NOT_FOUND`;
 *   `DEPENDENCY_MISSING` when the cluster has no connector for Kafka
 */
export async function checkTopic(spark: Session, kafka: KafkaOptions, topic: string): Promise<void> {
  if (spark.isRemote) await checkConnector(spark, kafka, topic);
  await using cluster = connect(kafka);
  await cluster.describeTopic(topic);
}

/**
 * Publishes the events to a Kafka topic and returns when every one is acknowledged.
 *
 * From the embedded engine the columns go to Kafka as they are, batch by batch: memory does not grow with the events. A cluster
 * publishes them itself, by Spark's own connector.
 *
 * @param count - how many events there are
 * @throws SluiceError among others `TOPIC_NOT_FOUND`, `SERVICE_UNAVAILABLE`, `AUTHENTICATION_FAILED`, `DELIVERY_FAILED`
 */
export async function publishEvents(
  spark: Session,
  events: DataFrame,
  count: number,
  kafka: KafkaOptions,
  topic: string,
  onProgress?: (progress: PublishProgress) => void,
): Promise<Published> {
  if (spark.isRemote) return publishFromCluster(events, count, kafka, topic);
  return publish(recordsOf(events), { ...kafka, topic, onProgress });
}

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
