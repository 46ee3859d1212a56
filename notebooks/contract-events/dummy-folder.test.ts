import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dummyFolder } from "./dummy-folder.ts";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "dummy-folder-"));
  vi.stubEnv("TMPDIR", parent);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(parent, { recursive: true });
});

test("a run removes the folders of runs that were killed, and no others", async () => {
  const { pid: gone } = spawnSync(process.execPath, ["--version"]);
  const kept = [`contract-events-${process.ppid}-abcdef`, `contract-events-${gone}`, `other-${gone}-abcdef`];
  for (const name of [...kept, `contract-events-${gone}-abcdef/accounts`])
    mkdirSync(join(parent, name), { recursive: true });
  const folder = await dummyFolder();
  expect(existsSync(folder)).toBe(true);
  expect(basename(folder)).toMatch(new RegExp(`^contract-events-${process.pid}-`));
  expect(readdirSync(parent).sort()).toEqual([...kept, basename(folder)].sort());
});
