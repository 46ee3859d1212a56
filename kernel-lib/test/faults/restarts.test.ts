// A server that dies: the session is gone and says so, and nothing silently goes on in a fresh one.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../src/stack/ports.ts";
import { Session } from "../../src/sql/index.ts";
import { readAll } from "./support/five-million.ts";
import { startProxy } from "./support/proxy.ts";
import type { LocalSpark } from "../../src/stack/index.ts";
import { startSpark } from "../../src/stack/index.ts";
import { quickSession, thrownBy } from "./support/sessions.ts";

const connect = (url: string, retry = {}): Promise<Session> => Session.builder.remote(url, { retry }).create();

describe.each(["4.0.1", "3.5.5"] as const)("Spark %s", (version) => {
  let spark: LocalSpark;
  beforeAll(async () => {
    spark = await startSpark({ version });
  });
  afterAll(() => spark?.stop());

  const again = async (): Promise<void> => {
    await spark.kill();
    await spark.restart();
  };
  const expectGone = async (promise: Promise<unknown>): Promise<void> => {
    const error = await thrownBy(promise);
    expect(error.code).toMatch(/^INVALID_HANDLE\.SESSION_(CHANGED|NOT_FOUND|CLOSED)$/);
    expect(error.message).toContain(
      `The server 127.0.0.1:${spark.port} was restarted or has closed this session, so its temporary views and settings are gone. Make a new session`,
    );
  };

  test("killed and restarted in the middle of a result", async () => {
    const session = await connect(spark.url);
    let restarted: Promise<void> | undefined;
    await expectGone(
      readAll(session, undefined, async (seen) => {
        if (seen > 500_000) restarted ??= again();
        await sleep(1);
      }),
    );
    await restarted;
    await expectGone(session.range(1).count());
    await session.stop();
    await using fresh = await connect(spark.url);
    expect(await fresh.range(7).count()).toBe(7);
  });

  test("killed and restarted between two calls, whatever the next call is", async () => {
    const calls: ((session: Session) => Promise<unknown>)[] = [
      (session) => session.range(3).count(),
      (session) => session.range(3).select("id").columns(),
      (session) => session.conf.set("spark.sql.session.timeZone", "UTC"),
      (session) => session.createDataFrame([{ a: "x".repeat(2 << 20) }]).count(),
      (session) => session.interruptAll(),
    ];
    const sessions = await Promise.all(
      calls.map(async () => {
        const session = await connect(spark.url);
        await session.range(3).createOrReplaceTempView("three");
        return session;
      }),
    );
    await again();
    for (const [index, call] of calls.entries()) {
      await expectGone(call(sessions[index]!));
      await expectGone(sessions[index]!.table("three").count());
      await sessions[index]!.stop();
    }
    await using fresh = await connect(spark.url);
    expect(await fresh.range(7).count()).toBe(7);
  });

  test("killed and restarted while settings are being changed: none is lost without a word", async () => {
    const session = await connect(spark.url);
    const restarted = again();
    const outcome = thrownBy(
      (async () => {
        for (let round = 0; ; round += 1) await session.conf.set("spark.sql.session.timeZone", `+0${round % 9}:00`);
      })(),
    );
    await restarted;
    await expectGone(outcome.then((error) => Promise.reject(error)));
    await session.stop();
  });

  test("killed and not restarted: the retries end, and the sentence says where nothing listens", async () => {
    const session = await connect(spark.url, { maxRetries: 3, initialBackoff: 50 });
    await spark.kill();
    const from = Date.now();
    const error = await thrownBy(session.range(3).count());
    expect(Date.now() - from).toBeLessThan(5000);
    expect(error.code).toBe("SERVICE_UNAVAILABLE");
    expect(error.message).toBe(
      `The Spark Connect server 127.0.0.1:${spark.port} does not answer: nothing listens there. Start it, or correct the address.`,
    );
    const stopping = Date.now();
    await session.stop();
    expect(Date.now() - stopping).toBeLessThan(3000);
    await spark.restart();
  });
});

test("a server that was never started is given up after about five seconds", async () => {
  const port = await freePort();
  const from = Date.now();
  const error = await thrownBy(connect(`sc://127.0.0.1:${port}`));
  expect(error.code).toBe("SERVICE_UNAVAILABLE");
  expect(error.message).toContain("nothing listens there");
  expect(Date.now() - from).toBeLessThan(6000);
});

test("a session of an older server that a hundred others displaced is gone, and not silently fresh", async () => {
  await using spark = await startSpark({ version: "3.5.5" });
  await using proxy = await startProxy(spark.port);
  const session = await quickSession(proxy.address);
  await session.conf.set("spark.sql.session.timeZone", "Asia/Tokyo");
  await using other = await connect(spark.url);
  for (let index = 0; index < 120; index += 1) await other.newSession().conf.get("spark.app.id");
  // It looks whenever the connection is a new one, or was silent for a minute.
  proxy.cut("rst");
  const error = await thrownBy(session.conf.get("spark.sql.session.timeZone"));
  expect(error.code).toBe("INVALID_HANDLE.SESSION_CHANGED");
  await session.stop();
});
