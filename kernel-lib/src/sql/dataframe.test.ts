import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromBinary, toBinary, toJson } from "@bufbuild/protobuf";
import type { JsonValue } from "@bufbuild/protobuf";
import type { DataFrame } from "./dataframe.ts";
import type { ExecutePlanRequest } from "../generated/spark/connect/base_pb.ts";
import { ExpressionSchema } from "../generated/spark/connect/expressions_pb.ts";
import { RelationSchema } from "../generated/spark/connect/relations_pb.ts";
import { Column } from "./column.ts";
import { DataFrame as DataFrameClass } from "./dataframe.ts";
import { col, lit } from "./functions/misc.ts";
import { count, sum } from "./functions/aggregate.ts";
import { row_number } from "./functions/window.ts";
import { recordingSession } from "./testkit.ts";
import { Window } from "./window.ts";

const { engine, session } = recordingSession();
const left = session.table("left");
const right = session.table("right");

/** The relation as protobuf's JSON, with plan ids and inputs left out, after a trip through bytes. */
function planOf(frame: DataFrame): JsonValue {
  const bytes = toBinary(RelationSchema, frame.plan);
  return strip(toJson(RelationSchema, fromBinary(RelationSchema, bytes)));
}

function strip(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== "object" || value === null) return value;
  const hidden = new Set(["common", "input", "left", "right", "leftInput", "rightInput"]);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => !(hidden.has(key) && typeof item === "object"))
      .map(([key, item]) => [key, strip(item)]),
  );
}

const attribute = (unparsedIdentifier: string) => ({ unresolvedAttribute: { unparsedIdentifier } });
const ascending = (child: JsonValue) => ({
  child,
  direction: "SORT_DIRECTION_ASCENDING",
  nullOrdering: "SORT_NULLS_FIRST",
});

test.each<[string, DataFrame, JsonValue]>([
  ["select", left.select("a", ["b.c"]), { project: { expressions: [attribute("a"), attribute("b.c")] } }],
  ["select *", left.select("*"), { project: { expressions: [{ unresolvedStar: {} }] } }],
  ["select a.*", left.select("a.*"), { project: { expressions: [{ unresolvedStar: { unparsedTarget: "a.*" } }] } }],
  [
    "selectExpr",
    left.selectExpr("a + 1"),
    { project: { expressions: [{ expressionString: { expression: "a + 1" } }] } },
  ],
  ["filter", left.filter("a > 1"), { filter: { condition: { expressionString: { expression: "a > 1" } } } }],
  [
    "withColumn",
    left.withColumn("x", lit(1)),
    { withColumns: { aliases: [{ expr: { literal: { integer: 1 } }, name: ["x"] }] } },
  ],
  [
    "withColumnRenamed",
    left.withColumnRenamed("a", "b"),
    { withColumnsRenamed: { renames: [{ colName: "a", newColName: "b" }] } },
  ],
  ["drop", left.drop("a", col("b")), { drop: { columnNames: ["a"], columns: [attribute("b")] } }],
  ["toDF", left.toDF("x", "y"), { toDf: { columnNames: ["x", "y"] } }],
  [
    "join using",
    left.join(right, ["a", "b"], "left_outer"),
    { join: { joinType: "JOIN_TYPE_LEFT_OUTER", usingColumns: ["a", "b"] } },
  ],
  [
    "join on",
    left.join(right, col("a").eq(col("b")), "anti"),
    {
      join: {
        joinType: "JOIN_TYPE_LEFT_ANTI",
        joinCondition: { unresolvedFunction: { functionName: "==", arguments: [attribute("a"), attribute("b")] } },
      },
    },
  ],
  ["crossJoin", left.crossJoin(right), { join: { joinType: "JOIN_TYPE_CROSS" } }],
  ["orderBy", left.orderBy("a"), { sort: { order: [ascending(attribute("a"))], isGlobal: true } }],
  [
    "sortWithinPartitions",
    left.sortWithinPartitions("a"),
    { sort: { order: [ascending(attribute("a"))], isGlobal: false } },
  ],
  ["limit", left.limit(3), { limit: { limit: 3 } }],
  ["offset", left.offset(3), { offset: { offset: 3 } }],
  ["union", left.union(right), { setOp: { setOpType: "SET_OP_TYPE_UNION", isAll: true } }],
  [
    "unionByName",
    left.unionByName(right, true),
    { setOp: { setOpType: "SET_OP_TYPE_UNION", isAll: true, byName: true, allowMissingColumns: true } },
  ],
  ["intersect", left.intersect(right), { setOp: { setOpType: "SET_OP_TYPE_INTERSECT", isAll: false } }],
  ["exceptAll", left.exceptAll(right), { setOp: { setOpType: "SET_OP_TYPE_EXCEPT", isAll: true } }],
  ["subtract", left.subtract(right), { setOp: { setOpType: "SET_OP_TYPE_EXCEPT", isAll: false } }],
  ["distinct", left.distinct(), { deduplicate: { allColumnsAsKeys: true } }],
  ["dropDuplicates", left.dropDuplicates(["a"]), { deduplicate: { columnNames: ["a"] } }],
  ["sample", left.sample(true, 0.5, 7), { sample: { upperBound: 0.5, withReplacement: true, seed: "7" } }],
  ["alias", left.alias("l"), { subqueryAlias: { alias: "l" } }],
  [
    "groupBy",
    left.groupBy("a").agg(sum("b")),
    {
      aggregate: {
        groupType: "GROUP_TYPE_GROUPBY",
        groupingExpressions: [attribute("a")],
        aggregateExpressions: [{ unresolvedFunction: { functionName: "sum", arguments: [attribute("b")] } }],
      },
    },
  ],
  [
    "agg by name",
    left.agg({ a: "max" }),
    {
      aggregate: {
        groupType: "GROUP_TYPE_GROUPBY",
        aggregateExpressions: [{ unresolvedFunction: { functionName: "max", arguments: [attribute("a")] } }],
      },
    },
  ],
  [
    "groupBy.count",
    left.groupBy("a").count(),
    {
      aggregate: {
        groupType: "GROUP_TYPE_GROUPBY",
        groupingExpressions: [attribute("a")],
        aggregateExpressions: [
          {
            alias: {
              name: ["count"],
              expr: { unresolvedFunction: { functionName: "count", arguments: [{ literal: { integer: 1 } }] } },
            },
          },
        ],
      },
    },
  ],
  [
    "pivot",
    left.groupBy("a").pivot("b", ["x", 1]).sum("c"),
    {
      aggregate: {
        groupType: "GROUP_TYPE_PIVOT",
        groupingExpressions: [attribute("a")],
        aggregateExpressions: [{ unresolvedFunction: { functionName: "sum", arguments: [attribute("c")] } }],
        pivot: { col: attribute("b"), values: [{ string: "x" }, { integer: 1 }] },
      },
    },
  ],
  ["fillna", left.fillna(0, "a"), { fillNa: { cols: ["a"], values: [{ long: "0" }] } }],
  [
    "fillna by column",
    left.na.fill({ a: "x", b: 1.5 }),
    { fillNa: { cols: ["a", "b"], values: [{ string: "x" }, { double: 1.5 }] } },
  ],
  ["dropna", left.dropna("all", undefined, ["a"]), { dropNa: { cols: ["a"], minNonNulls: 1 } }],
  [
    "replace",
    left.replace([1, 2], [10, null]),
    {
      replace: {
        replacements: [
          { oldValue: { double: 1 }, newValue: { double: 10 } },
          { oldValue: { double: 2 }, newValue: { null: { null: {} } } },
        ],
      },
    },
  ],
  [
    "unpivot",
    left.unpivot("id", ["a", "b"], "k", "v"),
    {
      unpivot: {
        ids: [attribute("id")],
        values: { values: [attribute("a"), attribute("b")] },
        variableColumnName: "k",
        valueColumnName: "v",
      },
    },
  ],
  [
    "unpivot all",
    left.melt("id", null, "k", "v"),
    { unpivot: { ids: [attribute("id")], variableColumnName: "k", valueColumnName: "v" } },
  ],
  ["repartition", left.repartition(4), { repartition: { numPartitions: 4, shuffle: true } }],
  [
    "repartition by",
    left.repartition(4, "a"),
    { repartitionByExpression: { numPartitions: 4, partitionExprs: [attribute("a")] } },
  ],
  ["coalesce", left.coalesce(1), { repartition: { numPartitions: 1, shuffle: false } }],
  ["hint", left.hint("broadcast", 1), { hint: { name: "broadcast", parameters: [{ literal: { integer: 1 } }] } }],
  ["describe", left.describe("a"), { describe: { cols: ["a"] } }],
  ["summary", left.summary("min"), { summary: { statistics: ["min"] } }],
  ["range", session.range(1, 5, 2), { range: { start: "1", end: "5", step: "2" } }],
  [
    "read",
    session.read.format("csv").schema("a INT").option("header", true).load(["p", "q"]),
    { read: { dataSource: { format: "csv", schema: "a INT", options: { header: "true" }, paths: ["p", "q"] } } },
  ],
  ["table", session.table("db.t"), { read: { namedTable: { unparsedIdentifier: "db.t" } } }],
])("%s makes Connect's message", (_name, frame, plan) => {
  expect(planOf(frame)).toEqual(plan);
});

test("a frame's own columns carry its plan id, which no other relation has", () => {
  const twin = session.table("left");
  const planId = left.col("a").expression.exprType.value as { planId?: bigint };
  expect(planId.planId).toBe(left.plan.common?.planId);
  expect(twin.plan.common?.planId).not.toBe(left.plan.common?.planId);
});

test("windows have partitions, order and frames", () => {
  const running = Window.partitionBy("a").orderBy(col("b").desc()).rowsBetween(Window.unboundedPreceding, 0);
  expect(toJson(ExpressionSchema, row_number().over(running).expression)).toEqual({
    window: {
      windowFunction: { unresolvedFunction: { functionName: "row_number" } },
      partitionSpec: [attribute("a")],
      orderSpec: [{ child: attribute("b"), direction: "SORT_DIRECTION_DESCENDING", nullOrdering: "SORT_NULLS_LAST" }],
      frameSpec: { frameType: "FRAME_TYPE_ROW", lower: { unbounded: true }, upper: { currentRow: true } },
    },
  });
  expect(() => Window.rowsBetween(0, 1.5)).toThrow("whole number");
});

test.each<[Column, string]>([
  [col("a").neq(1), "(NOT (a == 1))"],
  [col("a").between(1, "z"), "((a >= 1) and (a <= z))"],
  [col("a").isin([1, 2]), "in(a, 1, 2)"],
  [col("a").isin("x"), "in(a, x)"],
  [col("a").eqNullSafe(null), "(a <=> NULL)"],
  [col("a").plus(1).minus(2).times(3).divide(4).mod(5), "(((((a + 1) - 2) * 3) / 4) % 5)"],
  [col("a").getField("b").getItem(0), "a[b][0]"],
  [col("a").try_cast("date"), "CAST(a AS DATE)"],
  [col("a").startswith("x").and(col("a").rlike("^y")), "(startsWith(a, x) and rlike(a, ^y))"],
  [col("a").withField("b", lit(1)).dropFields("c", "d"), "update_fields(update_fields(update_fields(a, b), c), d)"],
  [col("a").asc_nulls_last(), "a ASC NULLS LAST"],
  [count("*").over(Window.partitionBy("a")), "count(1) OVER (…)"],
])("%s", (column, text) => {
  expect(String(column)).toBe(`Column<'${text}'>`);
});

test("mistakes are told before anything runs", () => {
  const elsewhere = recordingSession().session.table("t");
  expect(() => left.join(elsewhere)).toThrow("SESSION_NOT_SAME");
  expect(() => left.join(right, "a", "sideways")).toThrow("UNSUPPORTED_JOIN_TYPE");
  expect(() => left.groupBy("a").sum()).toThrow("UNSUPPORTED_FEATURE");
  expect(() => left.rollup("a").pivot("b")).toThrow("UNSUPPORTED_FEATURE");
  expect(() => left.write.mode("sometimes" as never)).toThrow("INVALID_SAVE_MODE");
  expect(() => left.coalesce(0)).toThrow("VALUE_NOT_POSITIVE");
  expect(() => left.replace([1], ["x"])).toThrow("MIXED_TYPE_REPLACEMENT");
  expect(() => session.read.schema("a WAT")).toThrow("UNSUPPORTED_DATATYPE");
  expect(engine.executed).toEqual([]);
});

test("splits cover everything once", () => {
  const bounds = left.randomSplit([1, 3], 5).map((part) => planOf(part) as { sample: JsonValue });
  expect(bounds.map(({ sample }) => sample)).toEqual([
    { upperBound: 0.25, seed: "5", deterministicOrder: true },
    { lowerBound: 0.25, upperBound: 1, seed: "5", deterministicOrder: true },
  ]);
});

test("writes carry mode, options, partitions and target", async () => {
  await left.write.mode("overwrite").option("header", true).partitionBy("day").csv("out");
  await left.write.insertInto("t", { overwrite: true });
  const [csv, table] = engine.executed.map(commandOf);
  expect(csv).toMatchObject({
    source: "csv",
    mode: 2,
    options: { header: "true" },
    partitioningColumns: ["day"],
    saveType: { value: "out" },
  });
  expect(table).toMatchObject({ mode: 2, saveType: { value: { tableName: "t", saveMethod: 2 } } });
});

function commandOf({ plan }: ExecutePlanRequest): unknown {
  return plan?.opType.case === "command" ? plan.opType.value.commandType.value : undefined;
}

const pyspark = JSON.parse(
  readFileSync(new URL("../../test/fixtures/pyspark-3.5-names.json", import.meta.url), "utf8"),
) as { classes: Record<string, string[]> };

test("DataFrame and Column have PySpark's members but for those listed", () => {
  const missing = (pyspark.classes["DataFrame"] ?? []).filter(
    (name) => !(name in DataFrameClass.prototype) && name !== "sparkSession",
  );
  expect(missing).toEqual(
    [
      "approxQuantile checkpoint corr cov crosstab dropDuplicatesWithinWatermark foreachPartition freqItems inputFiles isLocal",
      "isStreaming localCheckpoint mapInArrow mapInPandas observe pandas_api rdd registerTempTable sameSemantics sampleBy",
      "semanticHash sql_ctx stat storageLevel toPandas to_koalas to_pandas_on_spark withMetadata withWatermark writeStream writeTo",
    ]
      .join(" ")
      .split(" "),
  );
  expect((pyspark.classes["Column"] ?? []).filter((name) => !(name in Column.prototype))).toEqual([]);
});
