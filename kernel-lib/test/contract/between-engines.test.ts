// Rows that go from one session to another: two engines in one notebook, each with its own tables.
import { afterAll, expect } from "vitest";
import { createEngine } from "../../src/engines/duckdb/index.ts";
import { Session } from "../../src/sql/index.ts";
import { contractTest } from "./under-test.ts";

const test = contractTest("between engines");

/** The engine under test, and the embedded one; where these are the same, two sessions without a view in common. */
const cluster = await Session.builder.config("spark.sql.session.timeZone", "Asia/Tokyo").create();
const embedded = await Session.builder.engine(createEngine).create();
afterAll(() => Promise.all([cluster.stop(), embedded.stop()]));

/** A column of each type, a row of nulls, and rows whose texts repeat. */
const EVERY_TYPE = `SELECT cast(id % 100 as tinyint) b, cast(id % 30000 as smallint) s, cast(id as int) i, id l, id / 3.0F f, id / 7.0D d,
  cast(id as decimal(20, 4)) / 8 m, concat('text ', id % 3) t, cast(concat('bytes ', id) as binary) y, id % 2 = 0 o,
  date_add(date'2024-02-28', cast(id as int)) e, timestamp'2024-02-28 23:30:00.123456' + interval '1' hour * id p,
  cast(timestamp'2024-02-28 23:30:00.123456' as timestamp_ntz) n, array(id, null, -id) a, map('k', id) k,
  named_struct('x', id, 'y', named_struct('z', array('q', null))) r, interval '1 01:02:03.5' day to second * id g
  FROM range(RANGE)`;
const NULLS = `SELECT b, s, i, l, f, d, m, t, y, o, e, p, n, a, k, r, g FROM numbers UNION ALL
  SELECT null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null`;

async function numbers(spark: Session, rows: number) {
  await (await spark.sql(EVERY_TYPE.replace("RANGE", String(rows)))).createOrReplaceTempView("numbers");
  return spark.sql(NULLS);
}

const texts = async (frame: Awaited<ReturnType<typeof numbers>>): Promise<string[]> =>
  (await frame.collect()).map(String).sort();

test("a table of one engine is a frame of the other, with every type, and comes back", async () => {
  const here = await numbers(cluster, 50);
  const there = embedded.createDataFrame(await here.toArrow());
  expect(await texts(there)).toEqual(await texts(here));
  expect(await there.dtypes()).toEqual(await here.dtypes());
  const back = cluster.createDataFrame(await there.toArrow());
  expect(await texts(back)).toEqual(await texts(here));
  expect(await back.dtypes()).toEqual(await here.dtypes());
});

test("batches stream from one engine to the other and back", async () => {
  const sums = async (frame: Awaited<ReturnType<typeof numbers>>) =>
    String(await frame.selectExpr("count(*) n", "sum(l) l", "sum(crc32(t)) t", "sum(m) m", "sum(a[0]) a").first());
  // Spark 3.5 fails on more than some thousand intervals in a result (DurationVector.set does not grow its vector).
  const here = (await numbers(cluster, 200_000)).drop("g");
  const want = await sums(here);
  const there = await embedded.createDataFrame(here.toArrowBatches());
  expect(await sums(there)).toBe(want);
  const back = await cluster.createDataFrame(there.toArrowBatches());
  expect(await sums(back)).toBe(want);
});

test("a frame of one engine joins one of the other when its rows are there", async () => {
  const customers = embedded.createDataFrame([
    { id: 1, name: "Ada" },
    { id: 3, name: "Bo" },
  ]);
  const here = cluster.createDataFrame(await customers.toArrow());
  const joined = await cluster.range(5).join(here, "id").orderBy("id").collect();
  expect(joined.map(String)).toEqual(["Row(id=1, name='Ada')", "Row(id=3, name='Bo')"]);
});

test("a stream without batches needs a schema, and takes it", async () => {
  const none = async function* () {};
  await expect(cluster.createDataFrame(none())).rejects.toMatchObject({ code: "CANNOT_INFER_EMPTY_SCHEMA" });
  const empty = await cluster.createDataFrame(none(), "id INT, name STRING");
  expect([await empty.count(), await empty.columns()]).toEqual([0, ["id", "name"]]);
});

test("an empty frame keeps its columns on the way", async () => {
  const empty = cluster.range(5).filter("id > 9").selectExpr("id", "cast(id as string) t");
  const there = embedded.createDataFrame(await empty.toArrow());
  expect([await there.count(), await there.dtypes()]).toEqual([
    0,
    [
      ["id", "bigint"],
      ["t", "string"],
    ],
  ]);
});

test("batches of two schemas are refused", async () => {
  const mixed = async function* () {
    yield* embedded.range(1).toArrowBatches();
    yield* embedded.range(1).selectExpr("cast(id as string) id").toArrowBatches();
  };
  await expect(cluster.createDataFrame(mixed())).rejects.toThrow(
    "The batches are not of one schema: first id: Int64, then id: Utf8. Make a frame of each and unite them.",
  );
});

test("a stream that fails on the way makes no frame", async () => {
  const broken = async function* () {
    yield* embedded.range(10).toArrowBatches();
    throw new Error("the source is gone");
  };
  await expect(cluster.createDataFrame(broken())).rejects.toThrow("the source is gone");
});
