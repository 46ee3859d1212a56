import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { historyFile } from "./data-folder.ts";

afterEach(() => vi.unstubAllEnvs());

test("SLUICE_DATA_DIR names the folder of the user's data", () => {
  vi.stubEnv("SLUICE_DATA_DIR", join("some", "where"));
  expect(historyFile()).toBe(join("some", "where", "history.jsonl"));
});
