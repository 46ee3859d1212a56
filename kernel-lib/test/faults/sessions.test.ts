// Sessions on one server do not see each other, and leave nothing behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Session } from "../../src/sql/index.ts";
import type { LocalSpark } from "../../src/stack/index.ts";
import { startSpark } from "../../src/stack/index.ts";
import { thrownBy } from "./support/sessions.ts";

let spark: LocalSpark;
beforeAll(async () => {
  spark = await startSpark({ version: "4.0.1" });
});
afterAll(() => spark?.stop());

const connect = (rest = ""): Promise<Session> => Session.builder.remote(`${spark.url}${rest}`).create();

test("two notebooks do not see each other's views, settings and tags, and one's end does not disturb the other", async () => {
  const [one, two] = [await connect(), await connect()];
  await one.range(3).createOrReplaceTempView("numbers");
  await two.range(5).createOrReplaceTempView("numbers");
  await one.conf.set("spark.sql.session.timeZone", "Asia/Tokyo");
  one.addTag("mine");
  expect(await two.conf.get("spark.sql.session.timeZone")).not.toBe("Asia/Tokyo");
  expect(two.getTags().size).toBe(0);
  expect([await one.table("numbers").count(), await two.table("numbers").count()]).toEqual([3, 5]);
  const working = two.range(50_000_000).selectExpr("sum(hash(id)) s").collect();
  expect(await one.interruptAll()).toEqual([]);
  await one.stop();
  expect(await working).toHaveLength(1);
  expect(await two.table("numbers").count()).toBe(5);
  await two.stop();
});

test("another session of the same program has views and settings of its own", async () => {
  await using one = await connect();
  const two = one.newSession();
  await one.range(3).createOrReplaceTempView("numbers");
  expect((await thrownBy(two.table("numbers").count())).code).toBe("TABLE_OR_VIEW_NOT_FOUND");
  await two.stop();
  expect(await one.table("numbers").count()).toBe(3);
});

test("session_id= shares a session on purpose, and its end by one does not end it for the other", async () => {
  const rest = `/;session_id=${randomUUID()}`;
  const [one, two] = [await connect(rest), await connect(rest)];
  await one.range(4).createOrReplaceTempView("shared");
  expect(await two.table("shared").count()).toBe(4);
  await one.stop();
  expect(await two.table("shared").count()).toBe(4);
  await two.stop();
});

test("a thousand small queries leave nothing: no operation on the server, no memory here", async () => {
  await using session = await connect();
  const memory = async (): Promise<number> => {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 200));
    return process.memoryUsage().heapUsed;
  };
  const query = async (index: number): Promise<void> => {
    expect(await session.range(index, index + 2).toArray("id")).toEqual([BigInt(index), BigInt(index + 1)]);
  };
  for (let index = 0; index < 200; index += 1) await query(index);
  const before = await memory();
  const from = Date.now();
  for (let index = 0; index < 1000; index += 1) await query(index);
  const grown = (await memory()) - before;
  console.log(`1,000 queries: ${Date.now() - from} ms, heap ${Math.round(grown / 1024)} KiB more`);
  expect(grown).toBeLessThan(8 << 20);
  // Its answer names every operation that the server still holds.
  expect(await session.interruptAll()).toEqual([]);
});

test.each([
  ["after stop()", "await spark.stop();", 4000],
  ["when stop() was forgotten", "", 4000],
  ["when the loop over a result was left", "for await (const row of spark.range(1e6).toLocalIterator()) break;", 8000],
])("the process ends by itself %s", async (_, end, within) => {
  const folder = await mkdtemp(join(import.meta.dirname, "program-"));
  try {
    const library = pathToFileURL(join(import.meta.dirname, "../../dist/sql/index.js")).href;
    const text = `import { Session } from ${JSON.stringify(library)};
const spark = await Session.builder.remote(${JSON.stringify(spark.url)}).create();
console.log(await spark.range(5).count());
${end}
console.log("done");`;
    await writeFile(join(folder, "program.mjs"), text);
    const program = spawn(process.execPath, [join(folder, "program.mjs")], { stdio: ["ignore", "pipe", "inherit"] });
    const done = new Promise<number>((resolve) =>
      program.stdout.on("data", (data: Buffer) => data.includes("done") && resolve(Date.now())),
    );
    const timer = setTimeout(() => program.kill(), 60_000);
    const [code] = (await once(program, "exit")) as [number | null];
    clearTimeout(timer);
    expect(code).toBe(0);
    expect(Date.now() - (await done)).toBeLessThan(within);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
