import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { endProcess, isAlive, launch } from "./process.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-process-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test.each([true, false])(
  "a process (detached: %s) is asked to end before it is killed, and what it says is in its log",
  async (detached) => {
    const log = join(folder, "said.log");
    const polite = "trap 'sleep 0.3; echo goodbye; exit' TERM; echo hello; while :; do sleep 0.05; done";
    const launched = await launch("/bin/sh", ["-c", polite], { log, cwd: folder, detached });
    await vi.waitFor(async () => expect(await readFile(log, "utf8")).toBe("hello\n"));
    expect(isAlive(launched)).toBe(true);
    await endProcess(launched);
    expect(isAlive(launched)).toBe(false);
    expect(await readFile(log, "utf8")).toMatch(/^hello\n[^]*goodbye\n$/);
  },
);

test.each([true, false])("a process (detached: %s) that does not listen is killed", async (detached) => {
  const log = join(folder, "said.log");
  const deaf = "trap '' TERM; echo hello; while :; do sleep 0.05; done";
  const launched = await launch("/bin/sh", ["-c", deaf], { log, cwd: folder, detached });
  await vi.waitFor(async () => expect(await readFile(log, "utf8")).toBe("hello\n"));
  await endProcess(launched, 200);
  expect(isAlive(launched)).toBe(false);
});

test.each([true, false])("a process (detached: %s) that ends by itself is not alive", async (detached) => {
  const launched = await launch("/bin/sh", ["-c", "exit 3"], { log: join(folder, "said.log"), cwd: folder, detached });
  await vi.waitFor(() => expect(isAlive(launched)).toBe(false));
});

test("another process of the same number is not taken for it", () => {
  expect(isAlive({ pid: process.pid, born: "long ago" })).toBe(false);
});
