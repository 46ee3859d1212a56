// Writing to a Kafka topic: Arrow's buffers of key and value go to the producer as they are.
import { tableFromIPC } from "apache-arrow";
import type { Data, Utf8 } from "apache-arrow";

import { SluiceError } from "../../../errors.ts";
import { SparkError, unsupported } from "../../../sql/errors.ts";
import type { StructType } from "../../../sql/types/data-type.ts";
import { sqlName } from "../../../sql/types/index.ts";
import type { RecordColumns, Utf8Column } from "../../../kafka/index.ts";
import { SourceOptions } from "./options.ts";
import type { WriteRequest, WriteResult } from "./write.ts";

/** Publishes the columns `key` (optional) and `value`, and resolves when every record is acknowledged. */
export async function writeKafka(request: WriteRequest): Promise<WriteResult> {
  const options = new SourceOptions("kafka", request.options);
  const topic = options.text("topic");
  const columns = recordColumns(request.schema);
  if (topic === undefined) {
    throw new SluiceError("CONFIG_INVALID", "A write to Kafka needs the option topic.", {
      next: 'Add option("topic", …).',
    });
  }
  const { fromSparkOptions, publish } = await import("../../../kafka/index.ts");
  const report = await publish(records(request, columns), {
    ...fromSparkOptions(request.options),
    topic,
    signal: request.operation.signal,
    onProgress: ({ rows }) => request.onProgress?.({ fraction: 0, rows: BigInt(rows) }),
  });
  return { rows: report.acknowledged, acknowledged: report.acknowledged, bytes: report.bytes, files: 0 };
}

interface Columns {
  readonly key: number;
  readonly value: number;
}

function recordColumns(schema: StructType): Columns {
  for (const { name, dataType } of schema.fields) {
    if (!["key", "value"].includes(name.toLowerCase())) {
      throw unsupported(
        `The column ${name} in a write to Kafka`,
        "Select key and value only, and name the topic as an option.",
      );
    }
    if (dataType.kind !== "string" && dataType.kind !== "binary") {
      throw new SparkError(
        "KAFKA_DATA_SOURCE_INVALID_COLUMN_TYPE",
        `The attribute ${name} must be of the type STRING or BINARY, not ${sqlName(dataType)}.`,
        { sqlState: "42K09" },
      );
    }
  }
  const at = (name: string) => schema.fields.findIndex((field) => field.name.toLowerCase() === name);
  if (at("value") < 0) {
    throw new SparkError("KAFKA_DATA_SOURCE_MISSING_COLUMN", "Required attribute 'value' not found.", {
      sqlState: "42K09",
    });
  }
  return { key: at("key"), value: at("value") };
}

async function* records(request: WriteRequest, columns: Columns): AsyncGenerator<RecordColumns> {
  for await (const { data, rowCount } of request.operation.query(request.sql, request.schema, request.natives)) {
    if (rowCount === 0) continue;
    const batch = tableFromIPC(data).batches[0];
    const column = (at: number): Utf8Column => utf8Column(batch?.data.children[at] as Data<Utf8>);
    const key = columns.key < 0 ? undefined : column(columns.key);
    yield { rows: rowCount, key, value: column(columns.value) };
  }
}

function utf8Column(data: Data<Utf8>): Utf8Column {
  return {
    data: data.values,
    offsets: data.valueOffsets,
    validity: data.nullCount > 0 ? data.nullBitmap : undefined,
  };
}
