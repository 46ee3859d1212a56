// Frames of many steps, each of which is a level of the query: they run, or are told to be too deep, and the process lives.
import { afterAll, beforeAll, expect, test } from "vitest";
import { col, lit, Session } from "sluice/sql";
import type { DataFrame } from "sluice/sql";

let spark: Session;
beforeAll(async () => {
  spark = await Session.builder.appName("deep-plans").getOrCreate();
});
afterAll(() => spark.stop());

function counted(steps: number): DataFrame {
  let frame: DataFrame = spark.range(2).withColumn("x", lit(0));
  for (let step = 0; step < steps; step++) frame = frame.withColumn("x", col("x").plus(1));
  return frame;
}

function united(steps: number): DataFrame {
  const one = spark.range(2);
  let frame: DataFrame = one;
  for (let step = 0; step < steps; step++) frame = frame.union(one);
  return frame;
}

const tooDeep = {
  code: "UNSUPPORTED",
  message: expect.stringMatching(
    /^The frame has more steps on top of each other than the embedded engine takes\. Write it half-way with df\.write\.parquet\(folder\)/,
  ) as string,
};

test("500 columns on top of each other and 400 unions are computed", async () => {
  expect(await counted(500).toArray("x")).toEqual([500, 500]);
  expect(await united(400).count()).toBe(802);
}, 60_000);

test("2000 of them, and an expression as deep, are told to be too deep, and the session goes on", async () => {
  await expect(counted(2000).collect()).rejects.toMatchObject(tooDeep);
  await expect(united(2000).count()).rejects.toMatchObject(tooDeep);
  let sum = col("id");
  for (let step = 0; step < 3000; step++) sum = sum.plus(1);
  await expect(spark.range(2).select(sum).collect()).rejects.toMatchObject(tooDeep);
  await expect(spark.range(2).select(sum).schema()).rejects.toMatchObject(tooDeep);
  // What the message advises.
  const half = spark.createDataFrame(await counted(300).toArrow());
  expect(await half.withColumn("x", col("x").plus(1)).toArray("x")).toEqual([301, 301]);
}, 120_000);
