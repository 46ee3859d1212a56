import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endProcess, isAlive, launch } from "./process.ts";
import type { ProcessId } from "./process.ts";
import { sparkService } from "./spark-service.ts";
import type { PrepareOptions, PreparedServer } from "./spark-service.ts";

let folder: string;
let others: ProcessId[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-service-"));
  others = [];
});
afterEach(async () => {
  for (const one of others) await endProcess(one, 0);
  await rm(folder, { recursive: true, force: true });
});

function process(): Promise<ProcessId> {
  return launch("/bin/sh", ["-c", "sleep 60"], { log: join(folder, "log"), cwd: folder, detached: false });
}

/** A service of one worker and a server that starts as told. */
function cluster(start: PreparedServer["launch"], seen: PrepareOptions[] = []) {
  return sparkService({
    name: "pretended",
    versions: ["2", "1"],
    async prepare(options) {
      seen.push(options);
      others.push(await process());
      return { launch: start, log: join(folder, "log"), others, hdfs: "hdfs://localhost:1" };
    },
  });
}

test("a cluster is its server and its others, and all of them end", async () => {
  const seen: PrepareOptions[] = [];
  const service = cluster(process, seen);
  const running = await service.start({ folder, detached: false, version: "1", conf: { "spark.x": "y" } });
  expect(seen).toMatchObject([{ version: "1", conf: { "spark.x": "y" }, quick: false }]);
  expect(running).toMatchObject({ name: "pretended", version: "1", others, hdfs: "hdfs://localhost:1" });
  expect(running.address).toBe(`sc://127.0.0.1:${running.port}`);
  expect([running, ...others].map(isAlive)).toEqual([true, true]);
  await service.stop(running);
  expect([running, ...others].map(isAlive)).toEqual([false, false]);
});

test("the others end when the server is dead already", async () => {
  const service = cluster(process);
  const running = await service.start({ folder, detached: false });
  await endProcess(running, 0);
  await service.stop(running);
  expect(others.map(isAlive)).toEqual([false]);
});

test("a server that does not start takes the others with it", async () => {
  const service = cluster(() => Promise.reject(new Error("no port")));
  await expect(service.start({ folder, detached: false })).rejects.toThrow("no port");
  expect(others.map(isAlive)).toEqual([false]);
});

test("an unknown version is refused before anything is fetched or started", async () => {
  await expect(cluster(process).start({ folder, detached: false, version: "3" })).rejects.toMatchObject({
    code: "USAGE",
    message: "There is no version 3 of the local service pretended. Name one of 2, 1.",
  });
  expect(others).toEqual([]);
});
