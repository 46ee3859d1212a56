// Reading a Kafka topic: what is in it now, with Spark's columns.
import type { Data } from "apache-arrow";
import * as arrow from "apache-arrow";

import type { KafkaOptions, TopicBatch, Utf8Column } from "../../../kafka/index.ts";
import { SluiceError } from "../../../errors.ts";
import { unsupported } from "../../../sql/errors.ts";
import type { DataType, StructType } from "../../../sql/types/data-type.ts";
import type { TableBatch } from "../driver/local-table.ts";
import type { SourceOptions } from "./options.ts";
import { selectList } from "./scan-files.ts";
import type { ScanColumn, ScanContext, ScanSource } from "./source.ts";

const field = (name: string, kind: DataType["kind"]) => ({ name, dataType: { kind } as DataType, nullable: true });

const SCHEMA: StructType = {
  kind: "struct",
  fields: [
    field("key", "binary"),
    field("value", "binary"),
    field("topic", "string"),
    field("partition", "integer"),
    field("offset", "long"),
    field("timestamp", "timestamp"),
    field("timestampType", "integer"),
  ],
};

/** A read of one or more topics, from the oldest records, or given offsets, to the ends seen at the start. */
export async function readKafka(given: Readonly<Record<string, string>>, options: SourceOptions): Promise<ScanSource> {
  options.refuse({
    subscribePattern: "Name the topics with subscribe.",
    assign: "Name the topics with subscribe, and filter by the column partition.",
    startingTimestamp: "Filter by the column timestamp.",
    endingTimestamp: "Filter by the column timestamp.",
    startingOffsetsByTimestamp: "Filter by the column timestamp.",
    endingOffsetsByTimestamp: "Filter by the column timestamp.",
  });
  if (options.flag("includeHeaders", false))
    throw unsupported("Reading the headers of Kafka records", "Leave includeHeaders out.");
  if ((options.text("endingOffsets") ?? "latest") !== "latest") {
    throw unsupported("The option endingOffsets of kafka", "Filter by the column offset.");
  }
  const topics = (options.text("subscribe") ?? "").split(",").map((topic) => topic.trim());
  if (topics.includes("")) {
    throw new SluiceError("CONFIG_INVALID", "A read of Kafka needs the option subscribe with a topic's name.");
  }
  const starts = startingOffsets(options.text("startingOffsets") ?? "earliest");
  const { fromSparkOptions } = await import("../../../kafka/index.ts");
  return new KafkaScan(fromSparkOptions(given), topics, starts);
}

type Starts = Readonly<Record<string, Readonly<Record<string, number>>>>;

function startingOffsets(text: string): Starts {
  if (text === "earliest") return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) return parsed as Starts;
  } catch {
    // Said below, as for any other text.
  }
  const sentence = `The option startingOffsets of kafka is ${text}, but a batch read begins at earliest or at offsets as JSON.`;
  throw new SluiceError("CONFIG_INVALID", sentence, { next: 'Write {"topic":{"0":23}}; -2 means the oldest.' });
}

class KafkaScan implements ScanSource {
  readonly description: string;
  readonly schema = SCHEMA;
  private readonly options: KafkaOptions;
  private readonly topics: readonly string[];
  private readonly starts: Starts;

  constructor(options: KafkaOptions, topics: readonly string[], starts: Starts) {
    this.description = `kafka [${topics.join(", ")}]`;
    this.options = options;
    this.topics = topics;
    this.starts = starts;
  }

  async prepare(columns: readonly ScanColumn[], context: ScanContext): Promise<string> {
    const names = SCHEMA.fields.map((_, i) => `k${i}`);
    const table = await context.table(SCHEMA, names, this.batches(context.signal));
    return `(SELECT ${selectList(columns.map(({ ordinal, id }) => ({ sql: `k${ordinal}`, id })))} FROM ${table})`;
  }

  private async *batches(signal: AbortSignal): AsyncGenerator<TableBatch> {
    const { readTopic } = await import("../../../kafka/index.ts");
    for (const topic of this.topics) {
      const from = Object.fromEntries(Object.entries(this.starts[topic] ?? {}).filter(([, offset]) => offset !== -2));
      for await (const batch of readTopic({ ...this.options, topic, from, signal })) {
        yield { rows: batch.rows, columns: columnsOf(batch) };
      }
    }
  }
}

function columnsOf(batch: TopicBatch): Data[] {
  const { rows } = batch;
  const name = Buffer.from(batch.topic);
  const topic = new Uint8Array(name.length * rows);
  for (let row = 0; row < rows; row++) topic.set(name, row * name.length);
  const offsets = Int32Array.from({ length: rows + 1 }, (_, row) => row * name.length);
  const micros = batch.timestamps.map((millis) => millis * 1000n);
  const integers = (value: number) => new Int32Array(rows).fill(value);
  return [
    bytes(batch.key, rows),
    bytes(batch.value, rows),
    arrow.makeData({ type: new arrow.Utf8(), length: rows, valueOffsets: offsets, data: topic }),
    arrow.makeData({ type: new arrow.Int32(), length: rows, data: integers(batch.partition) }),
    arrow.makeData({ type: new arrow.Int64(), length: rows, data: batch.offsets }),
    arrow.makeData({ type: new arrow.TimestampMicrosecond("UTC"), length: rows, data: micros }),
    arrow.makeData({ type: new arrow.Int32(), length: rows, data: integers(0) }),
  ];
}

function bytes(column: Utf8Column, rows: number): Data {
  const { offsets: valueOffsets, data, validity } = column;
  const type = new arrow.Binary();
  // Without a count Arrow counts the nulls itself.
  return validity
    ? arrow.makeData({ type, length: rows, valueOffsets, data, nullBitmap: validity, nullCount: -1 })
    : arrow.makeData({ type, length: rows, valueOffsets, data, nullCount: 0 });
}
