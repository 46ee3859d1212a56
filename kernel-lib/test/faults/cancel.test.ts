// A query that is cancelled frees the cluster, in whatever way it is cancelled.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectSpark } from "../../src/engines/spark-connect/index.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { Session } from "../../src/sql/index.ts";
import type { WatchedSpark } from "./support/cluster-load.ts";
import { startWatchedSpark } from "./support/cluster-load.ts";
import { thrownBy } from "./support/sessions.ts";

const FREE_WITHIN_MS = 2000;

describe.each(["4.0.1", "3.5.5"] as const)("Spark %s", (version) => {
  let server: WatchedSpark;
  let session: Session;
  const started: string[] = [];
  const sessionId = randomUUID();
  beforeAll(async () => {
    server = await startWatchedSpark(version);
    // The first of all queries is slow.
    await using first = await Session.builder.remote(server.spark.url).create();
    await first.range(0, 1000, 1, 4).selectExpr("sum(hash(id)) s").collect();
  });
  beforeEach(async () => {
    session = await Session.builder
      .engine(() => noting(started, `${server.spark.url}/;session_id=${sessionId}`))
      .create();
  });
  afterEach(() => session.stop());
  afterAll(() => server?.spark.stop());

  /** Keeps both cores busy for many minutes. */
  const endless = (of = session) => of.range(0, 1e12, 1, 4).selectExpr("sum(hash(id)) s");
  /** Answers for minutes; a server holds the rows of each partition until they are fetched. */
  const rowsFor = (of: Session) => of.range(0, 2e9, 1, 2000).selectExpr("hash(id) h");
  const free = async (way: string): Promise<void> => {
    const took = await server.until("free");
    console.log(`Spark ${version} was free ${took} ms after ${way}`);
    expect(took).toBeLessThan(FREE_WITHIN_MS);
  };

  test("by a signal", async () => {
    const controller = new AbortController();
    const failed = thrownBy(endless().collect({ signal: controller.signal }));
    await server.until("busy");
    controller.abort();
    expect((await failed).code).toBe("OPERATION_CANCELED");
    await free("the signal");
  });

  test("by a signal, while the program is busy with the rows before", async () => {
    const controller = new AbortController();
    const rows = rowsFor(session).toLocalIterator({ signal: controller.signal });
    await rows.next();
    await server.until("busy");
    controller.abort();
    await free("the signal");
    await rows.return(undefined);
  });

  test("by a signal that comes at once, or nearly", async () => {
    await using other = await Session.builder.remote(`${server.spark.url}/;session_id=${sessionId}`).create();
    for (let wait = 0; wait < 20; wait += 1) {
      const controller = new AbortController();
      // Ends by itself soon, where it is not ended.
      const query = session.range(0, 3e7, 1, 4).selectExpr("sum(hash(id)) s");
      const failed = thrownBy(query.collect({ signal: controller.signal }));
      await sleep(wait);
      controller.abort();
      expect((await failed).code).toBe("OPERATION_CANCELED");
    }
    await sleep(1500);
    const left = await server.activeTasks();
    console.log(`Spark ${version}: ${left} tasks run after twenty signals and 1.5 seconds`);
    expect(await other.interruptAll()).toEqual([]);
    // Spark 4.0.1 lets a job go on to its end when its query is interrupted while the job is being submitted: the query is gone
    // then, and nothing that a client can say reaches the job.
    if (version === "3.5.5") expect(left).toBe(0);
    else await server.until("free", 60_000);
  });

  test("by leaving the loop", async () => {
    for await (const row of rowsFor(session).toLocalIterator()) {
      expect(row.asDict()).toHaveProperty("h");
      await server.until("busy");
      break;
    }
    await free("the loop was left");
  });

  test("by its tag, from another session object, and no other query", async () => {
    await using other = await Session.builder.remote(`${server.spark.url}/;session_id=${sessionId}`).create();
    session.addTag("nightly");
    const failed = thrownBy(endless().collect());
    session.clearTags();
    const kept = session.range(20_000_000).selectExpr("sum(hash(id)) s").collect();
    await server.until("busy");
    // Its first message may still be on the way.
    await sleep(500);
    expect(await other.interruptTag("weekly")).toEqual([]);
    expect(await other.interruptTag("nightly")).toHaveLength(1);
    expect((await failed).code).toBe("OPERATION_CANCELED");
    expect(await kept).toHaveLength(1);
    await free("the tag was interrupted and the other query ended");
  });

  test("by its id, from another session object", async () => {
    await using other = await Session.builder.remote(`${server.spark.url}/;session_id=${sessionId}`).create();
    const failed = thrownBy(endless().collect());
    await server.until("busy");
    const operationId = started.at(-1) ?? "";
    expect(await other.interruptOperation(operationId)).toEqual([operationId]);
    expect((await failed).code).toBe("OPERATION_CANCELED");
    await free("the operation was interrupted");
  });

  test("with all others, from another session object", async () => {
    await using other = await Session.builder.remote(`${server.spark.url}/;session_id=${sessionId}`).create();
    const failed = [thrownBy(endless().collect()), thrownBy(endless().collect())];
    await server.until("busy");
    await sleep(500);
    expect(await other.interruptAll()).toHaveLength(2);
    for (const one of failed) expect((await one).code).toBe("OPERATION_CANCELED");
    await free("all were interrupted");
  });

  test("by the end of its session", async () => {
    const own = await Session.builder.remote(server.spark.url).create();
    const failed = thrownBy(endless(own).collect());
    await server.until("busy");
    await own.stop();
    await failed;
    await free("the session was stopped");
  });

  test("by the end of one who shares a session, and the other's queries go on", async () => {
    const other = await Session.builder.remote(`${server.spark.url}/;session_id=${sessionId}`).create();
    const kept = session.range(100_000_000).selectExpr("sum(hash(id)) s").collect();
    const failed = thrownBy(endless(other).collect());
    await server.until("busy");
    await sleep(300);
    await other.stop();
    await failed;
    expect(await kept).toHaveLength(1);
    await free("one of the two was stopped and the other's query ended");
  });
});

/** An engine that notes the ids of the operations it is given. */
async function noting(ids: string[], url: string): Promise<Engine> {
  const engine = await connectSpark(url);
  const execute: Engine["execute"] = (request, options) => {
    ids.push(request.operationId ?? "");
    return engine.execute(request, options);
  };
  return new Proxy(engine, {
    get: (target, name) => {
      if (name === "execute") return execute;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? (member as () => unknown).bind(target) : member;
    },
  });
}
