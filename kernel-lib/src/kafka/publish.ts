import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "../errors.ts";
import { Client, abortable, steadily } from "./client.ts";
import type { RecordColumns } from "./columns.ts";
import { Delivery } from "./delivery.ts";
import type { PartitionReport } from "./delivery.ts";
import { interrupted, kafkaError } from "./errors.ts";
import { settingsOf } from "./options.ts";
import type { KafkaOptions } from "./options.ts";
import { RecordBatchEncoder, RecordTooLarge } from "./record-batch-encoder.ts";
import { topicLimits } from "./topic-limits.ts";

/** What to publish where. */
export interface PublishOptions extends KafkaOptions {
  topic: string;
  /** Ends the publishing with INTERRUPTED. */
  signal?: AbortSignal | undefined;
  /** Called about four times a second, and at the end. */
  onProgress?: ((progress: PublishProgress) => void) | undefined;
}

/** How far a publishing has come. */
export interface PublishProgress {
  /** Records that Kafka has acknowledged. */
  rows: number;
  /** The size of their batches, in bytes. */
  bytes: number;
  seconds: number;
}

/** What Kafka has acknowledged. */
export interface DeliveryReport {
  topic: string;
  /** How many records. */
  acknowledged: number;
  /** The size of their batches as they were sent, in bytes. */
  bytes: number;
  /** The partitions that got records. */
  partitions: PartitionReport[];
  seconds: number;
}

/**
 * Thrown when not every record was acknowledged.
 *
 * @example
 * ```ts
 * async function* events() {
 *   yield { rows: 1, key: utf8Column(["1"]), value: utf8Column(["text"]) };
 * }
 * try {
 *   await publish(events(), { "bootstrap.servers": "127.0.0.1:9092", topic: "contract-events" });
 * } catch (error) {
 *   if (error instanceof DeliveryError) console.log(error.report.acknowledged);
 * }
 * ```
 */
export class DeliveryError extends SluiceError {
  /** What was acknowledged all the same. */
  readonly report: DeliveryReport;

  constructor(code: "DELIVERY_FAILED" | "INTERRUPTED", sentence: string, report: DeliveryReport, cause: unknown) {
    super(code, sentence, { cause });
    this.report = report;
  }
}

/** Rows are encoded in steps of this size, with a look at the brake between them. */
const stepRows = 4096;
/** As long as more bytes than this are not acknowledged, no more are encoded. */
const maxPending = 8 * 1024 * 1024;
const progressEvery = 250;

/**
 * Publishes records from columns to a Kafka topic, and returns when every one of them is acknowledged by all in-sync replicas.
 *
 * The partition of a key is the one Kafka's own clients choose (murmur2). The producer is idempotent: what is sent again
 * after a failure is neither doubled nor out of order. Memory does not grow with the number of records. A publishing that
 * is started again after an error writes its records again: give them an id that consumers can drop repeats by.
 *
 * @param source batches of records; the next is asked for when the one before is encoded
 * @throws SluiceError SERVICE_UNAVAILABLE, AUTHENTICATION_FAILED, PERMISSION_DENIED, TOPIC_NOT_FOUND or CONFIG_INVALID before
 * anything was sent; {@link DeliveryError} with the code DELIVERY_FAILED or INTERRUPTED, and what was acknowledged, after that.
 * An error of the source is thrown as it is.
 *
 * @example
 * ```ts
 * import { publish, utf8Column } from "sluice/kafka";
 * async function* events() {
 *   yield { rows: 1, key: utf8Column(["4000000001"]), value: utf8Column(['{"type":"opened"}']) };
 * }
 * const report = await publish(events(), { "bootstrap.servers": "127.0.0.1:9092", topic: "contract-events" });
 * console.log(report.acknowledged);
 * ```
 */
export async function publish(source: AsyncIterable<RecordColumns>, options: PublishOptions): Promise<DeliveryReport> {
  const client = await Client.open(settingsOf(options), options.signal);
  try {
    return await publishWith(client, source, options);
  } finally {
    await client.close();
  }
}

/** Publishes over a client that is open already. */
export async function publishWith(
  client: Client,
  source: AsyncIterable<RecordColumns>,
  options: Pick<PublishOptions, "topic" | "signal" | "onProgress">,
): Promise<DeliveryReport> {
  const started = performance.now();
  const { topic: name, signal, onProgress } = options;
  const opening = steadily(signal, async () => {
    const found = await client.topic(name, signal);
    return { ...found, maxBatchBytes: await topicLimits(client, name), ...(await newProducer(client, name)) };
  });
  const { cluster, topic, maxBatchBytes, producerId, producerEpoch } = await abortable(
    opening,
    signal,
    "The publishing",
  );
  const { compression, batchBytes } = client.settings;
  const delivery = new Delivery(client, cluster, topic, (buffer) => encoder.release(buffer));
  const encoder = new RecordBatchEncoder({
    partitions: topic.partitions.length,
    batchBytes: Math.min(batchBytes, maxBatchBytes),
    maxBatchBytes,
    producerId,
    producerEpoch,
    compression,
    crc32c: client.crc32c,
    onBatch: (batch) => delivery.offer(batch),
  });
  const seconds = (): number => (performance.now() - started) / 1000;
  const report = (): DeliveryReport => ({
    topic: name,
    acknowledged: delivery.acknowledged,
    bytes: delivery.bytes,
    partitions: delivery.partitions,
    seconds: seconds(),
  });
  const tell = (): void => onProgress?.({ rows: delivery.acknowledged, bytes: delivery.bytes, seconds: seconds() });
  const abort = (): void => delivery.fail(interrupted("The publishing"));
  const timer = setInterval(() => {
    try {
      tell();
    } catch (thrown) {
      // Out of a timer it would end the process.
      delivery.fail(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }, progressEvery);
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  const iterator = source[Symbol.asyncIterator]();
  let offered = 0;
  try {
    for (;;) {
      const next = await delivery.unlessFailed(iterator.next());
      if (next.done) break;
      const first = offered;
      const columns = next.value;
      for (let row = 0; row < columns.rows; row += stepRows) {
        const end = Math.min(row + stepRows, columns.rows);
        try {
          encoder.encode(columns, row, end);
        } catch (thrown) {
          if (thrown instanceof RecordTooLarge) delivery.fail(tooLarge(thrown, first, name, maxBatchBytes));
          else throw thrown;
        }
        offered = first + end;
        await delivery.settle(maxPending);
      }
    }
    encoder.flush();
    await delivery.settle(0);
    tell();
    return report();
  } catch (thrown) {
    const ours = thrown === delivery.failure;
    // Nothing more is sent, whoever failed; and the source may tidy up, but not hang.
    delivery.fail(interrupted("The publishing"));
    await Promise.race([iterator.return?.().catch(() => undefined), sleep(1000, undefined, { ref: false })]);
    if (!ours) throw thrown;
    throw undelivered(kafkaError(thrown, { settings: client.settings, topic: name }), offered, report());
  } finally {
    clearInterval(timer);
    signal?.removeEventListener("abort", abort);
  }
}

function undelivered(cause: SluiceError, offered: number, report: DeliveryReport): SluiceError {
  const { topic, acknowledged } = report;
  if (acknowledged === 0 && cause.code === "PERMISSION_DENIED") return cause;
  const counts = `The topic ${topic} has acknowledged ${acknowledged} of the ${offered} records handed over so far`;
  if (cause.code === "INTERRUPTED")
    return new DeliveryError(
      "INTERRUPTED",
      `The publishing was interrupted: ${counts.replace("The", "the")}.`,
      report,
      cause,
    );
  return new DeliveryError("DELIVERY_FAILED", `${counts}; then it failed: ${cause.message}`, report, cause);
}

function tooLarge(error: RecordTooLarge, before: number, topic: string, limit: number): SluiceError {
  return new SluiceError(
    "INPUT_INVALID",
    `Record ${before + error.row + 1} takes ${error.bytes} bytes, and the Kafka topic ${topic} takes ${limit} at most.`,
    {
      next: "Raise the topic's max.message.bytes or make the record smaller.",
    },
  );
}

async function newProducer(client: Client, topic: string): Promise<{ producerId: bigint; producerEpoch: number }> {
  try {
    return await client.callAny(client.library.initProducerIdV3.api, null, 60_000, -1n, -1);
  } catch (thrown) {
    throw kafkaError(thrown, { settings: client.settings, topic });
  }
}
