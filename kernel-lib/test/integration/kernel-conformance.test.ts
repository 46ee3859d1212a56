import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { installKernelspec } from "../../src/kernel/kernelspec.ts";

// Jupyter's own tests of a kernel, run from a Python environment of their own that is kept between runs.

const run = promisify(execFile);
const PACKAGES = ["jupyter_client>=8,<9", "jupyter_kernel_test==0.7.*"];
const tests = fileURLToPath(new URL("./python", import.meta.url));
let environment: string;

beforeAll(async () => {
  const cache = process.env["SLUICE_CACHE"] ?? join(homedir(), ".cache", "sluice");
  const key = createHash("sha1").update(PACKAGES.join()).digest("hex").slice(0, 8);
  environment = join(cache, `jupyter-kernel-test-${key}`);
  const complete = join(environment, "complete");
  if (existsSync(complete)) return;
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  try {
    await run("python3", ["-m", "venv", environment]);
  } catch (error) {
    throw new Error("This test needs python3 with its venv module.", { cause: error });
  }
  await run(join(environment, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", ...PACKAGES]);
  mkdirSync(complete);
}, 240_000);

test("the kernel passes all of jupyter_kernel_test with every feature turned on", async () => {
  const data = mkdtempSync(join(tmpdir(), "sluice-conformance-"));
  try {
    installKernelspec({ prefix: environment, preload: false, env: { SLUICE_DATA_DIR: data } });
    const python = join(environment, "bin", "python");
    // Only this environment's kernelspecs are looked at.
    const env = { ...process.env, JUPYTER_DATA_DIR: data, JUPYTER_PREFER_ENV_PATH: "1", PYTHONDONTWRITEBYTECODE: "1" };
    const outcome = await run(python, ["-m", "unittest", "-v", "test_kernel_protocol"], { cwd: tests, env }).catch(
      (error: { stderr: string }) => error,
    );
    expect(outcome.stderr).toMatch(/^Ran 13 tests/m);
    expect(outcome.stderr).toMatch(/^OK$/m);
    expect(outcome.stderr).not.toMatch(/skipped|FAIL|ERROR/);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
