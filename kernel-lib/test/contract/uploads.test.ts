// Rows of the program, few and many: they arrive whole, once, and stay apart.
import { afterAll, expect } from "vitest";
import { col, Session } from "../../src/sql/index.ts";
import { contractTest } from "./under-test.ts";

const test = contractTest("uploads");

const spark = await Session.builder.create();
afterAll(() => spark.stop());

/** More than a server takes in a message of usual size. */
const MANY = 150_000;
const many = (tag: string) => Array.from({ length: MANY }, (_, id) => [id, `row ${id} of ${tag}`]);
const DDL = "id INT, text STRING";

test("many rows arrive whole", async () => {
  const frame = spark.createDataFrame(many("one"), DDL);
  const [sums] = await frame.selectExpr("count(*) n", "sum(id) s", "count(distinct text) d").collect();
  expect(sums?.asDict()).toEqual({ n: BigInt(MANY), s: BigInt((MANY * (MANY - 1)) / 2), d: BigInt(MANY) });
  expect(await frame.filter(col("id").equalTo(MANY - 1)).toArray("text")).toEqual([`row ${MANY - 1} of one`]);
});

test("a frame of many rows is used again and again, and with another one", async () => {
  const one = spark.createDataFrame(many("one"), DDL);
  const two = spark.createDataFrame(many("two"), DDL);
  const both = one.join(two.withColumnRenamed("text", "other"), "id").filter("text <> other");
  expect(await both.count()).toBe(MANY);
  expect(await one.union(two).distinct().count()).toBe(2 * MANY);
  expect(await one.union(one).count()).toBe(2 * MANY);
});

test("many rows live in a view, also after others came", async () => {
  await spark.createDataFrame(many("the view"), DDL).createOrReplaceTempView("many");
  expect(await spark.createDataFrame(many("others"), DDL).count()).toBe(MANY);
  const [row] = await (await spark.sql("SELECT min(text) a, count(*) n FROM many")).collect();
  expect(row?.asDict()).toEqual({ a: "row 0 of the view", n: BigInt(MANY) });
});

test("texts arrive to the character, whatever they hold", async () => {
  const texts = ["", " ", "naïve", "日本語", "👩‍👩‍👧", "a\u0000b", "\n\t\"'\\", "ﬃ", "\u{10FFFF}", "x".repeat(100_000)];
  const frame = spark.createDataFrame(
    texts.map((text, id) => [id, text]),
    DDL,
  );
  expect(await frame.orderBy("id").toArray("text")).toEqual(texts);
});

test("rows with nulls and nested values arrive as they are, many or few", async () => {
  const schema = "id INT, tags ARRAY<STRING>, who STRUCT<name: STRING, age: INT>, m MAP<STRING, INT>";
  const row = (id: number) =>
    id % 3 === 0
      ? [id, null, null, null]
      : [id, ["a", null, `t${id}`], { name: id % 2 ? "Ada" : null, age: id }, new Map([["k", id]])];
  for (const rows of [7, 60_000]) {
    const frame = spark.createDataFrame(
      Array.from({ length: rows }, (_, id) => row(id)),
      schema,
    );
    const [sums] = await frame
      .selectExpr("count(tags) t", "count(who.name) n", "sum(who.age) a", "sum(m['k']) m")
      .collect();
    const ids = Array.from({ length: rows }, (_, id) => id).filter((id) => id % 3 !== 0);
    const total = BigInt(ids.reduce((sum, id) => sum + id, 0));
    expect(sums?.asDict()).toEqual({
      t: BigInt(ids.length),
      n: BigInt(ids.filter((id) => id % 2).length),
      a: total,
      m: total,
    });
  }
});

test("no rows are a frame with columns", async () => {
  const frame = spark.createDataFrame([], DDL);
  expect([await frame.count(), await frame.columns()]).toEqual([0, ["id", "text"]]);
  expect(await spark.emptyDataFrame.columns()).toEqual([]);
  expect(await spark.emptyDataFrame.count()).toBe(0);
});
