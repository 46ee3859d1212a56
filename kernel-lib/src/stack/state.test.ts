import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { thisProcess } from "./process.ts";
import { noteState, readState, withLock } from "./state.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-state-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const running = { name: "kafka", version: "4", port: 1, address: "127.0.0.1:1", log: "a.log", pid: 1, born: "1" };

test("what is noted is read, and a broken file is nothing", async () => {
  expect(await readState(folder)).toEqual({});
  await noteState(folder, "kafka", running);
  await noteState(folder, "azurite", { ...running, name: "azurite" });
  await noteState(folder, "azurite", undefined);
  expect(await readState(folder)).toEqual({ kafka: running });
  await writeFile(join(folder, "state.json"), "{");
  expect(await readState(folder)).toEqual({});
});

test("only one works at a time, and nothing is left behind", async () => {
  let working = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++working);
    await sleep(20);
    working--;
  };
  await Promise.all(Array.from({ length: 5 }, () => withLock(folder, undefined, work)));
  await expect(withLock(folder, undefined, () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test("a lock of a process that died, or of another with its number, holds nothing", async () => {
  for (const holder of [{ pid: 2 ** 22 + 1, born: "1" }, { pid: process.pid, born: "1" }, "nonsense"]) {
    await writeFile(join(folder, "lock"), JSON.stringify(holder));
    expect(await withLock(folder, undefined, () => Promise.resolve("worked"))).toBe("worked");
  }
});

test("the wait for a lock can be aborted", async () => {
  await writeFile(join(folder, "lock"), JSON.stringify(thisProcess()));
  await expect(withLock(folder, AbortSignal.timeout(150), () => Promise.resolve())).rejects.toMatchObject({
    code: "INTERRUPTED",
  });
});
