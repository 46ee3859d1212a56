// Slow readers, short streams and very large messages: memory stays bounded, and all arrives.
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Session } from "../../src/sql/index.ts";
import type { LocalSpark } from "../../src/stack/index.ts";
import { startSpark } from "../../src/stack/index.ts";
import { readAll } from "./support/five-million.ts";
import type { FaultyProxy } from "./support/proxy.ts";
import { startProxy } from "./support/proxy.ts";
import { quickSession, thrownBy } from "./support/sessions.ts";

/** The memory that a process has in RAM, in bytes; of a group's leader, its child that has the most. */
async function memoryOf(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  const pids = [pid, ...children.trim().split(" ").filter(Boolean).map(Number)];
  const sizes = await Promise.all(
    pids.map(
      async (one) => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${one}/status`, "utf8"))?.[1] ?? 0) * 1024,
    ),
  );
  return Math.max(...sizes);
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

describe.each(["4.0.1", "3.5.5"] as const)("Spark %s", (version) => {
  test("a reader that rests for a minute holds nothing up in memory, and then gets everything", async () => {
    await using spark = await startSpark({ version });
    await using session = await Session.builder.remote(spark.url).create();
    expect(await readAll(session)).toEqual([]);
    const before = { client: process.memoryUsage().rss, server: await memoryOf(spark.pid) };
    let rested = false;
    const wrong = await readAll(session, undefined, async (seen) => {
      if (rested || seen < 1_000_000) return;
      rested = true;
      let client = 0;
      let server = 0;
      for (let second = 0; second < 60; second += 5) {
        await sleep(5000);
        client = Math.max(client, process.memoryUsage().rss - before.client);
        server = Math.max(server, (await memoryOf(spark.pid)) - before.server);
      }
      console.log(`Spark ${version}, in a minute of rest: client +${megabytes(client)}, server +${megabytes(server)}`);
      expect(client).toBeLessThan(100e6);
    });
    expect(wrong).toEqual([]);
  });

  test("a stream that the server ends again and again is taken up again", async () => {
    const conf = {
      "spark.connect.execute.reattachable.senderMaxStreamDuration": "1s",
      "spark.connect.execute.reattachable.senderMaxStreamSize": "3m",
    };
    await using spark = await startSpark({ version, conf });
    await using proxy = await startProxy(spark.port);
    await using session = await Session.builder.remote(`sc://${proxy.address}`).create();
    expect(await readAll(session)).toEqual([]);
    const took = await session
      .range(8)
      .repartition(1)
      .selectExpr("java_method('java.lang.Thread', 'sleep', 500L)")
      .collect();
    expect(took).toHaveLength(8);
    const reattached = await countOf(spark, /reattach/i);
    console.log(
      `Spark ${version}: ${reattached} lines of its log tell of reattaching, over ${proxy.connections} connection(s)`,
    );
    expect(reattached).toBeGreaterThan(20);
    expect(proxy.connections).toBe(1);
  });
});

describe("large messages", () => {
  let spark: LocalSpark;
  let proxy: FaultyProxy;
  beforeAll(async () => {
    spark = await startSpark({
      version: "4.0.1",
      conf: { "spark.connect.grpc.maxInboundMessageSize": String(6 << 20) },
    });
    proxy = await startProxy(spark.port);
  });
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await spark?.stop();
  });

  test("rows of the program that are larger than a message may be are uploaded in parts", async () => {
    await using session = await Session.builder.remote(spark.url).create();
    const rows = Array.from({ length: 300_000 }, (_, id) => [id, `row number ${id} of many`]);
    const [sums] = await session
      .createDataFrame(rows, "id INT, text STRING")
      .selectExpr("count(*) n", "sum(id) s")
      .collect();
    expect(sums?.asDict()).toEqual({ n: 300_000n, s: 44_999_850_000n });
  });

  test("a plan that is too large is one clear sentence, and the session goes on", async () => {
    await using session = await Session.builder.remote(spark.url).create();
    const error = await thrownBy(session.sql(`SELECT '${"x".repeat(8 << 20)}' AS a`).then((frame) => frame.collect()));
    console.log(error.message.slice(0, 300));
    expect(error.code).toBe("USAGE");
    expect(error.message).toContain(`The server 127.0.0.1:${spark.port} does not take a message of this size`);
    expect(error.message.length).toBeLessThan(400);
    expect(await session.range(3).count()).toBe(3);
  });

  test("a cell of 50 MB comes back whole, and goes there whole", async () => {
    await using session = await Session.builder.remote(spark.url).create();
    const [row] = await session.range(1).selectExpr("repeat('0123456789', 5000000) text", "id").collect();
    const text = row?.asDict()["text"] as string;
    expect(text.length).toBe(50_000_000);
    expect(text.slice(-20)).toBe("01234567890123456789");
    const [sent] = await session
      .createDataFrame([[text]], "text STRING")
      .selectExpr("length(text) n", "crc32(text) c", "crc32(repeat('0123456789', 5000000)) w")
      .collect();
    const { n, c, w } = sent?.asDict() as { n: number; c: bigint; w: bigint };
    expect(n).toBe(50_000_000);
    expect(c).toBe(w);
  });

  test("a connection that is cut in the middle of a cell of 50 MB", async () => {
    let cuts = 0;
    proxy.nextCut = () => (cuts++ < 3 ? { direction: "down", after: 20_000_000, ending: "rst" } : undefined);
    await using session = await quickSession(proxy.address);
    const rows = await session.range(0, 3, 1, 1).selectExpr("id", "repeat('0123456789', 5000000) text").collect();
    expect(rows.map((row) => row.asDict()["id"])).toEqual([0n, 1n, 2n]);
    for (const row of rows) expect((row.asDict()["text"] as string).length).toBe(50_000_000);
    expect(proxy.cuts).toBe(3);
  });
});

async function countOf(spark: LocalSpark, pattern: RegExp): Promise<number> {
  return (await readFile(spark.log, "utf8")).split("\n").filter((line) => pattern.test(line)).length;
}
