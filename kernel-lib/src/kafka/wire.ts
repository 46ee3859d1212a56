import type * as PlatformaticKafka from "@platformatic/kafka";
import type { API, Connection, Reader, Writer } from "@platformatic/kafka";

/** The client library, which is loaded when it is first used: that takes more than a second. */
export type Library = typeof PlatformaticKafka;
export type { API, Connection };

/** A batch on its way to a partition. */
export interface ProduceEntry {
  partition: number;
  buffer: Buffer;
  length: number;
}

/** What a broker says of one partition's batch. */
export interface ProduceResult {
  partition: number;
  code: number;
  baseOffset: number;
}

/** Where to read on in one partition. */
export interface FetchEntry {
  partition: number;
  offset: bigint;
}

/** What a broker sends of one partition: record batches as they are stored. */
export interface FetchResult {
  partition: number;
  code: number;
  records: Buffer;
}

/** Requests of ours: whole record batches, where the library's own take and give one object a record. */
export interface WireApis {
  produce: API<[topic: string, timeout: number, entries: readonly ProduceEntry[]], ProduceResult[]>;
  fetch: API<[topic: string, entries: readonly FetchEntry[], limits: FetchLimits], FetchResult[]>;
}

/** How much a fetch may bring, in bytes, and how long it may wait for it, in milliseconds. */
export interface FetchLimits {
  wait: number;
  bytes: number;
  partitionBytes: number;
}

const produceKey = 0;
const fetchKey = 1;

/*
  Produce, version 7 (Kafka 2.1 and later), request => transactional_id NULLABLE_STRING, acks INT16, timeout INT32,
    topics [name STRING, partitions [index INT32, records BYTES]]
  response => topics [name STRING, partitions [index INT32, error INT16, base_offset INT64, log_append_time INT64,
    log_start_offset INT64]], throttle INT32
  Fetch, version 11 (Kafka 2.3 and later), request => replica INT32, max_wait INT32, min_bytes INT32, max_bytes INT32, isolation INT8,
    session INT32, session_epoch INT32, topics [name STRING, partitions [index INT32, leader_epoch INT32, offset INT64,
    log_start_offset INT64, max_bytes INT32]], forgotten [], rack STRING
  response => throttle INT32, error INT16, session INT32, topics [name STRING, partitions [index INT32, error INT16,
    high_watermark INT64, last_stable_offset INT64, log_start_offset INT64, aborted [producer INT64, first_offset INT64],
    preferred_replica INT32, records NULLABLE_BYTES]]
*/

/** Makes the requests with the library's own connection and number formats. */
export function wireApis({ Writer, createAPI }: Library): WireApis {
  const produceRequest = (topic: string, timeout: number, entries: readonly ProduceEntry[]): Writer => {
    const writer = Writer.create().appendString(null, false).appendInt16(-1).appendInt32(timeout);
    writer.appendInt32(1).appendString(topic, false).appendInt32(entries.length);
    for (const { partition, buffer, length } of entries)
      writer.appendInt32(partition).appendInt32(length).append(buffer.subarray(0, length));
    return writer;
  };
  const fetchRequest = (topic: string, entries: readonly FetchEntry[], limits: FetchLimits): Writer => {
    const writer = Writer.create()
      .appendInt32(-1)
      .appendInt32(limits.wait)
      .appendInt32(1)
      .appendInt32(limits.bytes)
      .appendInt8(0);
    writer.appendInt32(0).appendInt32(-1).appendInt32(1).appendString(topic, false).appendInt32(entries.length);
    for (const { partition, offset } of entries)
      writer
        .appendInt32(partition)
        .appendInt32(-1)
        .appendInt64(offset)
        .appendInt64(-1n)
        .appendInt32(limits.partitionBytes);
    return writer.appendInt32(0).appendString("", false);
  };
  return {
    produce: createAPI(
      produceKey,
      7,
      produceRequest,
      (_id, _key, _version, reader) => readProduce(reader),
      false,
      false,
    ),
    fetch: createAPI(fetchKey, 11, fetchRequest, (_id, _key, _version, reader) => readFetch(reader), false, false),
  };
}

function readProduce(reader: Reader): ProduceResult[] {
  const topics = readList(reader, () => {
    reader.readString(false);
    return readList(reader, () => {
      const result = {
        partition: reader.readInt32(),
        code: reader.readInt16(),
        baseOffset: Number(reader.readInt64()),
      };
      reader.skip(16);
      return result;
    });
  });
  return topics.flat();
}

function readFetch(reader: Reader): FetchResult[] {
  // One copy joins the pieces of the network; the records are then read where they stand.
  const bytes = reader.buffer.buffer;
  reader.skip(4);
  const code = reader.readInt16();
  reader.skip(4);
  const topics = readList(reader, () => {
    reader.readString(false);
    return readList(reader, () => {
      const partition = reader.readInt32();
      const partitionCode = reader.readInt16();
      reader.skip(24);
      readList(reader, () => reader.skip(16));
      reader.skip(4);
      const length = Math.max(reader.readInt32(), 0);
      const records = bytes.subarray(reader.position, reader.position + length);
      reader.skip(length);
      return { partition, code: code || partitionCode, records };
    });
  });
  return topics.flat();
}

function readList<T>(reader: Reader, read: () => T): T[] {
  const items: T[] = [];
  for (let count = reader.readInt32(); count > 0; count--) items.push(read());
  return items;
}
