// A session from end to end: statements, views, settings, files, reading results, stopping.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, vi } from "vitest";
import type { DataFrame } from "../../src/sql/index.ts";
import { col, Decimal, functions as F, Session } from "../../src/sql/index.ts";
import { contractTest, goldVersion, isRemote } from "./under-test.ts";

const test = contractTest("session");

const settings = { "spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": true };
const spark = await new Session({ config: settings }).open();
const frame = spark.createDataFrame([
  { a: 1, b: "x" },
  { a: 2, b: "y" },
]);
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-session-"));
});
afterAll(async () => {
  await spark.stop();
  await rm(folder, { recursive: true, force: true });
});

test("SQL sees views; parameters are values, whatever they hold", async () => {
  await frame.createOrReplaceTempView("letters");
  const evil = "x' OR '1'='1";
  expect(await (await spark.sql("SELECT * FROM letters WHERE b = :b", { b: evil })).count()).toBe(0);
  const rows = await (await spark.sql`SELECT a, ${Decimal.from("1.10")} AS d FROM letters WHERE b = ${"x"}`).collect();
  expect(rows.map(String)).toEqual(["Row(a=1, d=Decimal('1.10'))"]);
  expect(await (await spark.sql("SELECT ? + 1 AS n", [41])).toArray("n")).toEqual([42]);
});

test("views belong to their session", async () => {
  await frame.createOrReplaceTempView("mine");
  await expect(frame.createTempView("mine")).rejects.toMatchObject({ code: "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS" });
  const other = spark.newSession();
  expect(await spark.catalog.tableExists("mine")).toBe(true);
  expect(await other.catalog.tableExists("mine")).toBe(false);
  await other.stop();
  expect(await spark.table("mine").count()).toBe(2);
  expect(await spark.catalog.listColumns("mine")).toEqual([
    { name: "a", dataType: "bigint", nullable: true },
    { name: "b", dataType: "string", nullable: true },
  ]);
  expect(await spark.catalog.dropTempView("mine")).toBe(true);
  expect(await spark.catalog.dropTempView("mine")).toBe(false);
  expect(await spark.catalog.currentDatabase()).toBe("default");
});

test("settings can be read, set and brought back", async () => {
  const session = await Session.builder.config("spark.sql.ansi.enabled", false).create();
  expect(await session.conf.get("spark.sql.ansi.enabled")).toBe("false");
  expect(await session.range(1).select(col("id").divide(0).alias("q")).toArray("q")).toEqual([null]);
  await session.conf.set("spark.sql.ansi.enabled", true);
  expect(await session.conf.get("spark.sql.ansi.enabled")).toBe("true");
  await expect(session.range(1).select(col("id").divide(0)).collect()).rejects.toMatchObject({
    code: "DIVIDE_BY_ZERO",
  });
  await expect(session.conf.get("no.such.key")).rejects.toMatchObject({ code: "SQL_CONF_NOT_FOUND" });
  expect(await session.conf.get("no.such.key", "x")).toBe("x");
  expect(await session.version()).toMatch(goldVersion === "3.5.5" ? /^3\.5\.5/ : /^4\./);
  await session.conf.set("spark.sql.shuffle.partitions", 7);
  await session.conf.unset("spark.sql.shuffle.partitions");
  expect(await session.conf.get("spark.sql.shuffle.partitions")).not.toBe("7");
  await session.stop();
});

for (const format of ["parquet", "csv", "text"]) {
  test(`what is written as ${format} is read again, and the report counts it`, async () => {
    const path = join(folder, format);
    const data = format === "text" ? frame.select("b") : frame;
    const report = await data.write.format(format).option("header", true).save(path);
    // Spark itself does not tell.
    const written = isRemote ? undefined : 2;
    expect(report.rows).toBe(written);
    const schema = format === "text" ? "value STRING" : "a BIGINT, b STRING";
    const again = spark.read
      .format(format)
      .schema(schema)
      .option("header", format === "csv")
      .load(path);
    const texts = async (one: DataFrame): Promise<string[]> => (await one.collect()).map(String).sort();
    expect(await texts(again)).toEqual(await texts(data.toDF(...(await again.columns()))));
    await expect(data.write.format(format).save(path)).rejects.toMatchObject({ code: "PATH_ALREADY_EXISTS" });
    expect((await data.write.mode("overwrite").format(format).save(path)).rows).toBe(written);
  });
}

test("results can be had as rows, columns, batches and an Arrow table", async () => {
  expect(await frame.count()).toBe(2);
  expect(await frame.isEmpty()).toBe(false);
  expect(await frame.filter("a > 9").isEmpty()).toBe(true);
  expect(await frame.filter("a > 9").first()).toBeNull();
  expect(String(await frame.head())).toBe("Row(a=1, b='x')");
  expect((await frame.tail(1)).map(String)).toEqual(["Row(a=2, b='y')"]);
  expect(await frame.toArray()).toEqual({ a: [1n, 2n], b: ["x", "y"] });
  const table = await frame.toArrow();
  expect([table.numRows, table.schema.names]).toEqual([2, ["a", "b"]]);
  let rows = 0;
  for await (const batch of spark.range(1_000_000).toArrowBatches()) rows += batch.numRows;
  expect(rows).toBe(1_000_000);
});

test("leaving a loop early ends the operation, and the session goes on", async () => {
  let seen = 0n;
  // Spark holds the result of a whole partition in memory.
  const many = isRemote ? 5_000_000 : 100_000_000;
  for await (const { id } of spark.range(many).as<{ id: bigint }>().toLocalIterator()) {
    seen = id;
    if (id === 5000n) break;
  }
  expect(seen).toBe(5000n);
  expect(await spark.range(3).count()).toBe(3);
});

test("an abort and interruptAll end what runs", async () => {
  // Spark 4.0.1 lets a job go on to its end when its query is interrupted while the job is being submitted.
  const endless = () => spark.range(isRemote ? 3_000_000_000 : 100_000_000_000).agg(F.sum(F.sqrt("id")));
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  await expect(endless().collect({ signal: controller.signal })).rejects.toMatchObject({ code: "OPERATION_CANCELED" });
  setTimeout(() => void spark.interruptAll(), 100);
  await expect(endless().collect()).rejects.toMatchObject({ code: "OPERATION_CANCELED" });
  expect(await spark.range(3).count()).toBe(3);
});

test("a mistyped column is told with what it may have been, before anything runs", async () => {
  await expect(frame.select("c").schema()).rejects.toMatchObject({ code: "UNRESOLVED_COLUMN.WITH_SUGGESTION" });
  expect(await frame.columns()).toEqual(["a", "b"]);
});

test("printing goes to the console as PySpark prints", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  await frame.show();
  await frame.printSchema();
  const printed = log.mock.calls.map(([text]) => text as string);
  log.mockRestore();
  expect(printed).toEqual([
    "+---+---+\n|  a|  b|\n+---+---+\n|  1|  x|\n|  2|  y|\n+---+---+\n",
    "root\n |-- a: long (nullable = true)\n |-- b: string (nullable = true)\n",
  ]);
});

test("a frame shows itself in a notebook once, as HTML and as text", async () => {
  const shows = spark.range(30).select(col("id"), F.lit("<b>").alias("tag")) as unknown as Record<
    symbol,
    () => Promise<Record<string, string>>
  >;
  const bundle = await shows[Symbol.for("Jupyter.display")]?.();
  expect(bundle?.["text/html"]).toContain(
    "<td>19</td><td>&lt;b&gt;</td></tr></tbody></table><p>only showing top 20 rows</p>",
  );
  expect(bundle?.["text/plain"]?.split("\n")).toHaveLength(25);
});
