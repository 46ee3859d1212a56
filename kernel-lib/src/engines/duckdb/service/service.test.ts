import { create, toBinary } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Int32, Table, tableFromIPC, tableToIPC, vectorFromArray } from "apache-arrow";
import { afterEach, beforeEach, expect, test } from "vitest";

import type { Engine } from "../../engine.ts";
import type { AnalyzePlanRequestSchema, ExecutePlanResponse } from "../../../generated/spark/connect/base_pb.ts";
import {
  AddArtifactsRequestSchema,
  AnalyzePlanRequestSchema as AnalyzeSchema,
  ConfigRequestSchema,
  ExecutePlanRequestSchema,
  InterruptRequestSchema,
} from "../../../generated/spark/connect/base_pb.ts";
import type { Relation } from "../../../generated/spark/connect/relations_pb.ts";
import { LocalRelationSchema } from "../../../generated/spark/connect/relations_pb.ts";
import type { SparkError } from "../../../sql/errors.ts";
import { createEngine } from "../index.ts";
import { callOf, column, literalOf, named, relationOf, text } from "../sql/make.ts";

type PlanInit = NonNullable<MessageInitShape<typeof ExecutePlanRequestSchema>["plan"]>;
type ConfigInit = NonNullable<NonNullable<MessageInitShape<typeof ConfigRequestSchema>["operation"]>["opType"]>;

const sessionId = "test";
let engine: Engine;
beforeEach(async () => {
  engine = await createEngine();
});
afterEach(() => engine.close());

const root = (relation: Relation): PlanInit => ({ opType: { case: "root", value: relation } });
const sql = (query: string, rest = {}): Relation => relationOf({ case: "sql", value: { query, ...rest } });
const range = (end: bigint): Relation => relationOf({ case: "range", value: { start: 0n, end, step: 1n } });

async function execute(plan: PlanInit, rest = {}, signal?: AbortSignal): Promise<ExecutePlanResponse[]> {
  const responses: ExecutePlanResponse[] = [];
  const request = create(ExecutePlanRequestSchema, { sessionId, plan, ...rest });
  for await (const response of engine.execute(request, signal ? { signal } : {})) responses.push(response);
  return responses;
}

function rowsOf(responses: readonly ExecutePlanResponse[]): unknown[][] {
  return responses.flatMap(({ responseType }) => {
    if (responseType.case !== "arrowBatch") return [];
    const table = tableFromIPC(responseType.value.data);
    return Array.from({ length: table.numRows }, (_, row) =>
      table.schema.fields.map((_field, i): unknown => table.getChildAt(i)?.get(row)),
    );
  });
}

async function show(input: Relation, numRows = 20, truncate = 20, vertical = false): Promise<string> {
  const shown = relationOf({ case: "showString", value: { input, numRows, truncate, vertical } });
  return String(rowsOf(await execute(root(shown)))[0]?.[0]);
}

async function createView(name: string, input: Relation, replace = true): Promise<void> {
  await execute({
    opType: {
      case: "command",
      value: { commandType: { case: "createDataframeView", value: { name, input, replace, isGlobal: false } } },
    },
  });
}

async function config(opType: ConfigInit) {
  const { pairs } = await engine.config(create(ConfigRequestSchema, { sessionId, operation: { opType } }));
  return pairs.map(({ key, value }) => [key, value]);
}

async function analyze(
  request: NonNullable<MessageInitShape<typeof AnalyzePlanRequestSchema>["analyze"]>,
): Promise<unknown> {
  const { result } = await engine.analyze(create(AnalyzeSchema, { sessionId, analyze: request }));
  return result.value;
}

async function failure(work: Promise<unknown>): Promise<SparkError> {
  return work.then(
    () => {
      throw new Error("It did not fail.");
    },
    (thrown: unknown) => thrown as SparkError,
  );
}

test("show prints the table as Spark does: numbers right, long text cut, nulls and nested values spelled out", async () => {
  const query = `SELECT * FROM VALUES
    (1, 'short', array(1, null), map('k', 1), named_struct('a', 1, 'b', null), true, 1.50, null),
    (20, 'a text that is longer than twenty', array(), map(), null, null, 0.05, 1.0e10) AS t(id, text, xs, m, s, b, d, f)`;
  expect(await show(sql(query))).toBe(
    [
      "+---+--------------------+---------+--------+---------+----+----+------+",
      "| id|                text|       xs|       m|        s|   b|   d|     f|",
      "+---+--------------------+---------+--------+---------+----+----+------+",
      "|  1|               short|[1, NULL]|{k -> 1}|{1, NULL}|true|1.50|  NULL|",
      "| 20|a text that is lo...|       []|      {}|     NULL|NULL|0.05|1.0E10|",
      "+---+--------------------+---------+--------+---------+----+----+------+",
      "",
    ].join("\n"),
  );
});

test("show says when there are more rows, aligns left without cutting, and has a vertical form", async () => {
  expect(await show(range(3n), 1)).toBe("+---+\n| id|\n+---+\n|  0|\n+---+\nonly showing top 1 row");
  expect(await show(sql("SELECT 'x' AS a, 'line\\nbreak' AS b"), 20, 0)).toBe(
    "+---+-----------+\n|a  |b          |\n+---+-----------+\n|x  |line\\nbreak|\n+---+-----------+\n",
  );
  expect(await show(sql("SELECT 1 AS a, 'two' AS long_name"), 20, 20, true)).toBe(
    "-RECORD 0--------\n a         | 1   \n long_name | two \n",
  );
  expect(await show(range(0n), 20, 20, true)).toBe("(0 rows)");
});

test("the HTML table escapes text", async () => {
  const html = relationOf({
    case: "htmlString",
    value: { input: sql("SELECT '<b>' AS a"), numRows: 20, truncate: 20 },
  });
  expect(rowsOf(await execute(root(html)))).toEqual([
    ["<table border='1'>\n<tr><th>a</th></tr>\n<tr><td>&lt;b&gt;</td></tr>\n</table>\n"],
  ]);
});

test("responses carry the schema first, ids, and counts of rows", async () => {
  const responses = await execute(root(range(100_000n)), { operationId: "op" });
  const [first, ...others] = responses;
  expect(first?.schema?.kind.case).toBe("struct");
  expect(new Set(responses.map((response) => response.responseId)).size).toBe(responses.length);
  expect(responses.every((response) => response.operationId === "op" && response.sessionId === sessionId)).toBe(true);
  let rows = 0n;
  for (const { responseType } of others) {
    if (responseType.case !== "arrowBatch") throw new Error("Only batches follow.");
    expect(responseType.value.startOffset).toBe(rows);
    rows += responseType.value.rowCount;
  }
  expect(rows).toBe(100_000n);
});

test("a reattachable execution ends with ResultComplete", async () => {
  const requestOptions = [{ requestOption: { case: "reattachOptions", value: { reattachable: true } } }];
  const responses = await execute(root(range(1n)), { requestOptions });
  expect(responses.at(-1)?.responseType.case).toBe("resultComplete");
});

test("parameters are bound as values, whatever they contain", async () => {
  const named2 = sql("SELECT :a AS a, :b + 1 AS b", {
    namedArguments: { a: text("it's; DROP VIEW v --"), b: literalOf({ case: "integer", value: 2 }) },
  });
  expect(rowsOf(await execute(root(named2)))).toEqual([["it's; DROP VIEW v --", 3]]);
  const positional = sql("SELECT id FROM range(5) WHERE id > ? AND id < ?", {
    posArguments: [literalOf({ case: "integer", value: 1 }), literalOf({ case: "integer", value: 4 })],
  });
  expect(rowsOf(await execute(root(positional)))).toEqual([[2n], [3n]]);
  expect((await failure(execute(root(sql("SELECT :x"))))).code).toBe("UNBOUND_SQL_PARAMETER");
});

test("a view keeps its plan, and may be replaced by one that reads it", async () => {
  await createView("v", range(3n));
  const view = relationOf({
    case: "read",
    value: { readType: { case: "namedTable", value: { unparsedIdentifier: "V" } } },
  });
  await createView("v", relationOf({ case: "limit", value: { input: view, limit: 2 } }));
  expect(rowsOf(await execute(root(sql("SELECT v.id FROM v"))))).toEqual([[0n], [1n]]);
  expect((await failure(createView("v", range(1n), false))).code).toBe("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS");
  expect((await failure(createView("w", sql("SELECT nope FROM v")))).code).toBe("UNRESOLVED_COLUMN.WITH_SUGGESTION");
});

test("SQL commands run once; a query comes back as a relation", async () => {
  const run = async (query: string) => {
    const input = sql(query);
    const [response] = await execute({
      opType: { case: "command", value: { commandType: { case: "sqlCommand", value: { input } } } },
    });
    const { responseType } = response as ExecutePlanResponse;
    if (responseType.case !== "sqlCommandResult") throw new Error("A SQL command gives a relation.");
    return rowsOf(await execute(root(responseType.value.relation as Relation)));
  };
  expect(await run("CREATE OR REPLACE TEMP VIEW t AS SELECT 1 AS a UNION ALL SELECT 2")).toEqual([]);
  expect(await run("SELECT sum(a) FROM t")).toEqual([[3n]]);
  expect(await run("SET spark.sql.session.timeZone = Asia/Tokyo")).toEqual([
    ["spark.sql.session.timeZone", "Asia/Tokyo"],
  ]);
  expect(await config({ case: "get", value: { keys: ["spark.sql.session.timeZone"] } })).toEqual([
    ["spark.sql.session.timeZone", "Asia/Tokyo"],
  ]);
  await run("DROP VIEW t");
  expect((await failure(run("SELECT * FROM t"))).code).toBe("TABLE_OR_VIEW_NOT_FOUND");
  expect((await failure(run("SELEC 1"))).code).toBe("PARSE_SYNTAX_ERROR");
});

test("settings have Spark's defaults, and unknown ones are refused", async () => {
  expect(await config({ case: "get", value: { keys: ["spark.sql.ansi.enabled"] } })).toEqual([
    ["spark.sql.ansi.enabled", "true"],
  ]);
  const pairs = [{ key: "my.key", value: "1" }];
  await config({ case: "set", value: { pairs } });
  expect(await config({ case: "getOption", value: { keys: ["my.key", "other"] } })).toEqual([
    ["my.key", "1"],
    ["other", undefined],
  ]);
  await config({ case: "unset", value: { keys: ["my.key"] } });
  expect((await failure(config({ case: "get", value: { keys: ["my.key"] } }))).code).toBe("SQL_CONF_NOT_FOUND");
  const zone = [{ key: "spark.sql.session.timeZone", value: "Nowhere/Land" }];
  expect((await failure(config({ case: "set", value: { pairs: zone } }))).code).toBe("INVALID_CONF_VALUE.TIME_ZONE");
});

test("ANSI mode can be switched off", async () => {
  const divide = sql("SELECT 1 / 0 AS a");
  expect((await failure(execute(root(divide)))).code).toBe("DIVIDE_BY_ZERO");
  await config({ case: "set", value: { pairs: [{ key: "spark.sql.ansi.enabled", value: "false" }] } });
  expect(rowsOf(await execute(root(divide)))).toEqual([[null]]);
});

test("analysis tells schema, tree, version and sameness without running the plan", async () => {
  const failing = sql("SELECT 1 / 0 AS a");
  expect(await analyze({ case: "treeString", value: { plan: root(failing) } })).toMatchObject({
    treeString: "root\n |-- a: double (nullable = true)\n",
  });
  expect(await analyze({ case: "sparkVersion", value: {} })).toMatchObject({ version: "4.0.1" });
  const same = { targetPlan: root(sql("SELECT 1 AS a")), otherPlan: root(sql("SELECT 1 AS a")) };
  expect(await analyze({ case: "sameSemantics", value: same })).toMatchObject({ result: true });
  expect(await analyze({ case: "isLocal", value: { plan: root(range(1n)) } })).toMatchObject({ isLocal: false });
  const explained = (await analyze({ case: "explain", value: { plan: root(range(1n)) } })) as { explainString: string };
  expect(explained.explainString).toContain("Range (0, 1, step=1)");
});

test("uploaded rows are read by their hash, in one piece or in chunks", async () => {
  const data = tableToIPC(new Table({ a: vectorFromArray([1, null, 3], new Int32()) }), "stream");
  const bytes = toBinary(LocalRelationSchema, create(LocalRelationSchema, { data, schema: "a BIGINT" }));
  const half = Math.floor(bytes.length / 2);
  async function* requests() {
    const initialChunk = { data: bytes.slice(0, half) };
    const begin = { name: "cache/h", totalBytes: BigInt(bytes.length), numChunks: 2n, initialChunk };
    yield create(AddArtifactsRequestSchema, { sessionId, payload: { case: "beginChunk", value: begin } });
    yield create(AddArtifactsRequestSchema, {
      sessionId,
      payload: { case: "chunk", value: { data: bytes.slice(half) } },
    });
  }
  const { artifacts } = await engine.addArtifacts(requests());
  expect(artifacts.map((artifact) => artifact.name)).toEqual(["cache/h"]);
  const cached = relationOf({ case: "cachedLocalRelation", value: { hash: "h" } });
  expect(rowsOf(await execute(root(cached)))).toEqual([[1n], [null], [3n]]);
});

test("a running query ends when it is interrupted by tag, or when its caller cancels", async () => {
  const endless = relationOf({
    case: "aggregate",
    value: {
      input: range(10n ** 13n),
      groupType: 1,
      aggregateExpressions: [
        named(callOf("max", [callOf("%", [column(["id"]), literalOf({ case: "integer", value: 7 })])]), "m"),
      ],
    },
  });
  const byTag = failure(execute(root(endless), { tags: ["mine"], operationId: "slow" }));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const interrupt = (operationTag: string) =>
    engine.interrupt(
      create(InterruptRequestSchema, {
        sessionId,
        interruptType: 2,
        interrupt: { case: "operationTag", value: operationTag },
      }),
    );
  expect((await interrupt("other")).interruptedIds).toEqual([]);
  expect((await interrupt("mine")).interruptedIds).toEqual(["slow"]);
  expect((await byTag).code).toBe("OPERATION_CANCELED");
  const canceled = failure(execute(root(endless), {}, AbortSignal.timeout(200)));
  expect((await canceled).code).toBe("OPERATION_CANCELED");
  expect(rowsOf(await execute(root(range(1n))))).toEqual([[0n]]);
});

test("a closed engine says so, and closing twice does nothing", async () => {
  await engine.close();
  await engine.close();
  expect((await failure(execute(root(range(1n))))).code).toBe("USAGE");
});
