import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { makeTempFolder } from "./temp-folder.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("a folder is made, and one that cannot be made is told in a sentence", async () => {
  const folder = await makeTempFolder("sluice-test-");
  expect(existsSync(folder)).toBe(true);
  const missing = join(folder, "nowhere");
  await expect(makeTempFolder("x-", missing)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: `No temporary folder can be made in ${missing}: it does not exist. Name a folder that is there and can be written.`,
  });
  vi.stubEnv("TMPDIR", missing);
  await expect(makeTempFolder("x-")).rejects.toThrow(
    `No temporary folder can be made in ${missing}: it does not exist. Set TMPDIR to a folder that is there and can be written.`,
  );
  rmSync(folder, { recursive: true });
});
