// What sessions of one server share, and what is each one's own.
import { afterAll, expect } from "vitest";
import { Session } from "../../src/sql/index.ts";
import { contractTest } from "./under-test.ts";

const test = contractTest("isolation");

const one = await Session.builder.create();
const two = one.newSession();
afterAll(async () => {
  await two.stop();
  await one.stop();
});

test("a temporary view is its session's own, and a global one is everybody's", async () => {
  await one.range(3).createOrReplaceTempView("own");
  await expect(two.table("own").collect()).rejects.toMatchObject({ code: "TABLE_OR_VIEW_NOT_FOUND" });
  await two.range(5).createOrReplaceTempView("own");
  expect([await one.table("own").count(), await two.table("own").count()]).toEqual([3, 5]);
  await one.range(7).createOrReplaceGlobalTempView("ours");
  expect(await two.table("global_temp.ours").count()).toBe(7);
  expect(await (await two.sql("SELECT * FROM global_temp.ours")).count()).toBe(7);
  await expect(two.range(1).createGlobalTempView("ours")).rejects.toMatchObject({
    code: "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS",
  });
  expect(await two.catalog.dropGlobalTempView("ours")).toBe(true);
  await expect(one.table("global_temp.ours").collect()).rejects.toMatchObject({ code: "TABLE_OR_VIEW_NOT_FOUND" });
});

test("settings are each session's own", async () => {
  await one.conf.set("spark.sql.session.timeZone", "Asia/Tokyo");
  await two.conf.set("spark.sql.session.timeZone", "America/Lima");
  expect(await one.conf.get("spark.sql.session.timeZone")).toBe("Asia/Tokyo");
  const at = "date_format(timestamp_seconds(0), 'HH:mm') t";
  expect(await one.range(1).selectExpr(at).toArray("t")).toEqual(["09:00"]);
  expect(await two.range(1).selectExpr(at).toArray("t")).toEqual(["19:00"]);
});

test("tags are each session's own, and so is what they end", async () => {
  one.addTag("nightly");
  expect([[...one.getTags()], [...two.getTags()]]).toEqual([["nightly"], []]);
  const working = one.range(2_000_000).selectExpr("sum(hash(id)) s").collect();
  expect(await two.interruptTag("nightly")).toEqual([]);
  expect(await two.interruptAll()).toEqual([]);
  expect(await working).toHaveLength(1);
  one.removeTag("nightly");
  expect(one.getTags().size).toBe(0);
});

test("a session that was stopped says so, and the other goes on", async () => {
  const three = one.newSession();
  expect(await three.range(2).count()).toBe(2);
  await three.stop();
  await expect(three.range(2).count()).rejects.toThrow(/stopped|closed/);
  expect(await one.range(2).count()).toBe(2);
});

test("the database that names mean can be chosen, and must be there", async () => {
  await one.catalog.setCurrentDatabase("default");
  expect(await one.catalog.currentDatabase()).toBe("default");
  await expect(one.catalog.setCurrentDatabase("nowhere")).rejects.toMatchObject({ code: "SCHEMA_NOT_FOUND" });
  expect(await one.catalog.currentDatabase()).toBe("default");
});
