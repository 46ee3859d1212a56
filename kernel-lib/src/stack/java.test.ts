import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findJava } from "./java.ts";

let home: string;
let command: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "java-"));
  mkdirSync(join(home, "bin"));
  command = join(home, "bin", "java");
  vi.stubEnv("JAVA_HOME", home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

function pretend(script: string): void {
  writeFileSync(command, `#!/bin/sh\n${script}\n`);
  chmodSync(command, 0o755);
}

test.each([
  ['openjdk version "17.0.9" 2023-10-17', 17],
  ['openjdk version "21" 2023-09-19', 17],
])("%s will do", async (version, wanted) => {
  pretend(`echo '${version}' >&2`);
  expect(await findJava(wanted, "Spark")).toEqual({
    java: command,
    keytool: join(home, "bin", "keytool"),
    release: version,
  });
});

test("a Java that is too old is named with its version", async () => {
  pretend(`echo 'java version "1.8.0_401"' >&2`);
  await expect(findJava(17, "Spark")).rejects.toMatchObject({
    code: "DEPENDENCY_MISSING",
    message: expect.stringMatching(/Java 17 or newer, and the `java` command is version 8\. Install/) as string,
  });
});

test("a JAVA_HOME without Java is named, and without JAVA_HOME the missing command", async () => {
  await expect(findJava(17, "Spark")).rejects.toMatchObject({
    code: "DEPENDENCY_MISSING",
    message: `Spark needs Java 17 or newer, and JAVA_HOME has no working ${command}. Correct or unset JAVA_HOME.`,
  });
  vi.stubEnv("JAVA_HOME", "");
  vi.stubEnv("PATH", home);
  await expect(findJava(17, "Spark")).rejects.toThrow("no `java` command that works was found. Install one");
});

test("an interrupt while Java is looked for is no missing Java", async () => {
  pretend("kill -INT $$");
  await expect(findJava(17, "Spark")).rejects.toMatchObject({ code: "INTERRUPTED" });
});
