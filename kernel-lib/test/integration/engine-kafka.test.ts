import { afterAll, beforeAll, expect, test } from "vitest";

import { SourceFixture, semantics } from "../../src/engines/duckdb/sources/source-fixture.ts";
import { write } from "../../src/engines/duckdb/sources/write.ts";
import { connect } from "../../src/kafka/index.ts";
import { parseSchema } from "../../src/sql/types/index.ts";
import { startKafka } from "../../src/stack/index.ts";
import type { LocalKafka } from "../../src/stack/index.ts";

let broker: LocalKafka;
let fixture: SourceFixture;

beforeAll(async () => {
  [broker, fixture] = await Promise.all([startKafka(), SourceFixture.open()]);
});

afterAll(async () => {
  await fixture?.close();
  await broker?.stop();
});

test("rows go to a topic and come back, nulls and long texts too", async () => {
  const servers = { "kafka.bootstrap.servers": broker.address };
  await using kafka = connect({ "bootstrap.servers": broker.address });
  await kafka.createTopic("rows", { partitions: 3 });
  const rows = 100_000;
  const value = "CASE WHEN range % 10 = 0 THEN NULL ELSE 'a value longer than twelve bytes, é ' || range END";
  const told: bigint[] = [];
  const report = await fixture.inOperation((operation) =>
    write({
      operation,
      sql: `SELECT range::VARCHAR, ${value} FROM range(${rows})`,
      schema: parseSchema("key STRING, value STRING"),
      natives: [],
      format: "kafka",
      mode: "append",
      options: { ...servers, topic: "rows" },
      partitionBy: [],
      semantics,
      onProgress: (progress) => told.push(progress.rows),
    }),
  );
  expect(report).toMatchObject({ rows, acknowledged: rows });
  expect(told.at(-1)).toBe(BigInt(rows));

  const source = await fixture.resolve("kafka", [], { ...servers, subscribe: "rows" });
  const columns = source.schema.fields.map(({ dataType }, ordinal) => ({ ordinal, id: `x${ordinal}`, dataType }));
  const counts = await fixture.inOperation(async (operation) => {
    const sql = await source.prepare(columns, operation);
    const expected = `(SELECT range::VARCHAR AS k, ${value} AS v FROM range(${rows}))`;
    return operation.rows(
      `SELECT count(*), count(*) FILTER (decode(x1) IS NOT DISTINCT FROM v), count(DISTINCT x3), count(DISTINCT (x3, x4)),
        bool_and(x2 = 'rows' AND x5 > now() - INTERVAL 1 HOUR) FROM ${sql} JOIN ${expected} ON decode(x0) = k`,
    );
  });
  expect(counts).toEqual([[BigInt(rows), BigInt(rows), 3n, BigInt(rows), true]]);
});
