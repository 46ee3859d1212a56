// Writes of a DataFrame to files or another sink.
import { create } from "@bufbuild/protobuf";

import { ExecutePlanResponse_ObservedMetricsSchema } from "../../../generated/spark/connect/base_pb.ts";
import type { WriteOperation } from "../../../generated/spark/connect/commands_pb.ts";
import { WriteOperation_SaveMode as Mode } from "../../../generated/spark/connect/commands_pb.ts";
import { unsupported } from "../../../sql/errors.ts";
import { required } from "../analyzer/required.ts";
import { compile } from "../compiler/index.ts";
import type { Progress } from "../driver/operation.ts";
import type { WriteRequest, WriteResult } from "../sources/write.ts";
import { write } from "../sources/write.ts";
import type { Part } from "./execute.ts";
import { schemaOf } from "./run.ts";
import type { Session } from "./session.ts";

const MODES: Readonly<Partial<Record<Mode, WriteRequest["mode"]>>> = {
  [Mode.UNSPECIFIED]: "error",
  [Mode.ERROR_IF_EXISTS]: "error",
  [Mode.APPEND]: "append",
  [Mode.OVERWRITE]: "overwrite",
  [Mode.IGNORE]: "ignore",
};

/** The name of the metrics that tell what a write did. */
const REPORT = "sluice.write";

export async function* runWrite(command: WriteOperation, session: Session, signal: AbortSignal): AsyncGenerator<Part> {
  refuseUnsupported(command);
  const { relation } = await session.resolve(required(command.input), signal);
  const semantics = session.semantics();
  const operation = await session.driver.begin({ timeZone: semantics.timeZone, signal });
  try {
    const { sql, natives } = await compile(relation, semantics, operation);
    const path = command.saveType.case === "path" ? command.saveType.value : undefined;
    const told = new ProgressQueue();
    const writing = write({
      operation,
      sql,
      natives,
      schema: schemaOf(relation),
      format: command.source || semantics.conf("spark.sql.sources.default"),
      mode: MODES[command.mode] ?? "error",
      ...(path === undefined ? {} : { path }),
      options: command.options,
      partitionBy: command.partitioningColumns,
      semantics,
      onProgress: (progress) => told.push(progress),
    });
    for await (const progress of told.until(writing)) yield { kind: "progress", progress };
    yield { kind: "metrics", metrics: reportOf(await writing) };
  } finally {
    await operation.end();
  }
}

function refuseUnsupported(command: WriteOperation): void {
  if (command.saveType.case === "table") throw unsupported("Writing to a table", "Write files with save(path).");
  if (command.bucketBy) throw unsupported("bucketBy", "Use partitionBy.");
  if (command.sortColumnNames.length > 0) throw unsupported("sortBy of a write", "Sort the DataFrame first.");
  if (command.clusteringColumns.length > 0) throw unsupported("clusterBy", "Use partitionBy.");
}

function reportOf(result: WriteResult) {
  const entries = Object.entries(result).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return create(ExecutePlanResponse_ObservedMetricsSchema, {
    name: REPORT,
    keys: entries.map(([key]) => key),
    values: entries.map(([, value]) => ({ literalType: { case: "long" as const, value: BigInt(value) } })),
  });
}

/** The progress that a running write tells, one at a time; only the latest waits. */
class ProgressQueue {
  private latest: Progress | undefined;
  private wake: () => void = () => {};

  push(progress: Progress): void {
    this.latest = progress;
    this.wake();
  }

  async *until(done: Promise<unknown>): AsyncGenerator<Progress> {
    let running = true;
    const finished = done.then(
      () => (running = false),
      () => (running = false),
    );
    while (running) {
      const told = new Promise<void>((resolve) => (this.wake = resolve));
      if (this.latest === undefined) await Promise.race([finished, told]);
      const { latest } = this;
      this.latest = undefined;
      if (latest && running) yield latest;
    }
  }
}
