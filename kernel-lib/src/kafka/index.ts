/**
 * Kafka: publishing from columns with a delivery report, reading what a topic holds, and looking after topics.
 * @module
 */
export { textAt, utf8Column } from "./columns.ts";
export type { RecordColumns, Utf8Column } from "./columns.ts";
export { connect } from "./connect.ts";
export type { CreateTopicOptions, Kafka, TopicDescription } from "./connect.ts";
export type { PartitionReport } from "./delivery.ts";
export { partitionOfKey } from "./murmur2.ts";
export { fromSparkOptions } from "./options.ts";
export type { KafkaOptions } from "./options.ts";
export { DeliveryError, publish } from "./publish.ts";
export type { DeliveryReport, PublishOptions, PublishProgress } from "./publish.ts";
export { readTopic } from "./read-topic.ts";
export type { ReadOptions, TopicBatch, TopicRecord } from "./read-topic.ts";
export type { Compression } from "./record-batch-encoder.ts";
