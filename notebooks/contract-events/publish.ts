import type { DataFrame } from "sluice/sql";
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

/**
 * Publishes the events to a Kafka topic and returns when every one is acknowledged.
 *
 * The columns go from the engine to Kafka as they are, batch by batch: memory does not grow with the events.
 *
 * @throws SluiceError among others `TOPIC_NOT_FOUND`, `SERVICE_UNAVAILABLE`, `AUTHENTICATION_FAILED`, `DELIVERY_FAILED`
 */
export async function publishEvents(
  events: DataFrame,
  kafka: KafkaOptions,
  topic: string,
  onProgress?: (progress: PublishProgress) => void,
): Promise<DeliveryReport> {
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
