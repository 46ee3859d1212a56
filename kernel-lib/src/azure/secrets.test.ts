import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { redact } from "./redact.ts";
import { secrets } from "./secrets.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "secrets-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the environment comes first, then the file", async () => {
  const file = join(folder, "values.env");
  writeFileSync(file, `# comment\nONE=from file\nTWO = "quoted=value" \nexport THREE=third\nEMPTY=\n`);
  const env = { ONE: "from env", TWO: "", SLUICE_SECRETS_FILE: file };
  expect(await secrets.get("ONE", { env, cwd: "/" })).toBe("from env");
  expect(await secrets.get("TWO", { env, cwd: "/" })).toBe("quoted=value");
  expect(await secrets.get("THREE", { env, cwd: "/" })).toBe("third");
  await expect(secrets.get("EMPTY", { env, cwd: "/" })).rejects.toMatchObject({ code: "SECRET_MISSING" });
  expect(redact("it is quoted=value!")).toBe("it is [redacted]!");
});

test("a missing secret is named with the ways to give it", async () => {
  await expect(secrets.get("KAFKA_PASSWORD", { env: {} })).rejects.toMatchObject({
    code: "SECRET_MISSING",
    message: expect.stringMatching(
      /KAFKA_PASSWORD is not set\..*environment variable KAFKA_PASSWORD.*SLUICE_SECRETS_FILE/,
    ) as string,
  });
});

test("a secrets file inside the project, or none at its place, is refused", async () => {
  writeFileSync(join(folder, "package.json"), "{}");
  mkdirSync(join(folder, "deep"));
  writeFileSync(join(folder, "deep", "values.env"), "A=abcd\n");
  const cwd = join(folder, "deep");
  await expect(secrets.get("A", { env: { SLUICE_SECRETS_FILE: "values.env" }, cwd })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("inside the project folder") as string,
  });
  await expect(secrets.get("A", { env: { SLUICE_SECRETS_FILE: "absent.env" }, cwd })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  });
});
