// Connections that break at any byte lose nothing and double nothing.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROWS, readAll } from "./support/five-million.ts";
import { cutsOf } from "./support/cuts.ts";
import { startProxy } from "./support/proxy.ts";
import { randomOf } from "./support/random.ts";
import type { LocalSpark } from "../../src/stack/index.ts";
import { startSpark } from "../../src/stack/index.ts";
import { quickSession } from "./support/sessions.ts";

/**
 * More, and further apart, for a longer test: with `SLUICE_TEST_READS=200 SLUICE_TEST_REACH=500000000` two hundred reads of
 * five million rows are cut, most of them once, at a place of chance in them.
 */
const READS = Number(process.env["SLUICE_TEST_READS"] ?? 1);
const CUTS = Number(process.env["SLUICE_TEST_CUTS"] ?? 20);
const REACH = Number(process.env["SLUICE_TEST_REACH"] ?? 4_000_000);
const SEED = Number(process.env["SLUICE_TEST_SEED"] ?? 1);

describe.each(["4.0.1", "3.5.5"] as const)("Spark %s", (version) => {
  let spark: LocalSpark;
  let folder: string;
  beforeAll(async () => {
    spark = await startSpark({ version });
    folder = await mkdtemp(join(tmpdir(), "sluice-cuts-"));
  });
  afterAll(async () => {
    await spark?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test(
    "five million rows come once, in order, through a connection that is cut again and again",
    async () => {
      await using proxy = await startProxy(spark.port, cutsOf(randomOf(SEED), REACH));
      const session = await quickSession(proxy.address);
      let right = 0;
      let reads = 0;
      let cutReads = 0;
      while (proxy.cuts < CUTS || cutReads < READS) {
        reads += 1;
        const before = proxy.cuts;
        const wrong = await readAll(session);
        if (proxy.cuts > before) cutReads += 1;
        if (wrong.length === 0) right += 1;
        else console.error(wrong.slice(0, 3));
        // A long test says how far it is.
        if (reads % 20 === 0)
          console.log(`${right} right answers of ${reads}, ${proxy.cuts} cuts in ${cutReads} of them`);
      }
      console.log(
        `${proxy.cuts} cuts in ${cutReads} of ${reads} reads of ${ROWS} rows, ${right} right answers (Spark ${version}, seed ${SEED})`,
      );
      expect(right).toBe(reads);
      proxy.nextCut = () => undefined;
      await session.stop();
    },
    60_000 + (CUTS + READS) * 16_000,
  );

  test("rows are written exactly once", async () => {
    const path = join(folder, "appended");
    await using proxy = await startProxy(spark.port, cutsOf(randomOf(SEED + 1), 2000));
    const session = await quickSession(proxy.address);
    let rows = 0;
    while (proxy.cuts < CUTS) {
      await session
        .range(rows, rows + 1000, 1, 2)
        .write.mode("append")
        .parquet(path);
      rows += 1000;
    }
    proxy.nextCut = () => undefined;
    proxy.cut("fin");
    const ids = await session.read.parquet(path).orderBy("id").toArray("id");
    expect(ids).toEqual(Array.from({ length: rows }, (_, index) => BigInt(index)));
    await session.stop();
  });

  test("rows of the program arrive whole", async () => {
    await using proxy = await startProxy(spark.port, uploadCuts(randomOf(SEED + 2)));
    const session = await quickSession(proxy.address);
    for (let round = 0; proxy.cuts < CUTS; round += 1) {
      const rows = Array.from({ length: 200_000 }, (_, id) => [id, `row ${id} of ${round}`]);
      const frame = session.createDataFrame(rows, "id INT, text STRING");
      const [sums] = await frame.selectExpr("count(*) n", "sum(id) total", "sum(crc32(text)) texts").collect();
      const again = session.range(200_000).selectExpr("cast(id as int) id", `concat('row ', id, ' of ${round}') text`);
      const [want] = await again.selectExpr("count(*) n", "sum(id) total", "sum(crc32(text)) texts").collect();
      expect(sums?.asDict()).toEqual(want?.asDict());
    }
    proxy.nextCut = () => undefined;
    await session.stop();
  });

  test("settings and schemas are asked for until they are told", async () => {
    await using proxy = await startProxy(spark.port, cutsOf(randomOf(SEED + 3), 1000));
    const session = await quickSession(proxy.address);
    for (let round = 0; proxy.cuts < CUTS; round += 1) {
      await session.conf.set("spark.sql.session.timeZone", round % 2 ? "UTC" : "Asia/Tokyo");
      expect(await session.conf.get("spark.sql.session.timeZone")).toBe(round % 2 ? "UTC" : "Asia/Tokyo");
      const frame = session.range(5).selectExpr(`id + ${round} as c${round}`);
      expect(await frame.columns()).toEqual([`c${round}`]);
    }
    proxy.nextCut = () => undefined;
    await session.stop();
  });
});

/** Cuts in the middle of what is uploaded: a few megabytes. */
function uploadCuts(random: () => number) {
  return () => ({
    direction: "up" as const,
    after: Math.floor(random() * 6_000_000),
    ending: random() < 0.5 ? ("rst" as const) : ("fin" as const),
  });
}
