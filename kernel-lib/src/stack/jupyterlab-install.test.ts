import { mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { installJupyterLab } from "./jupyterlab-install.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-lab-"));
  vi.stubEnv("SLUICE_CACHE", join(folder, "cache"));
  vi.stubEnv("PATH", folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Puts a python3 on the path that runs this shell script. */
async function fakePython(script: string): Promise<void> {
  await symlink("/bin/sh", join(folder, "sh"));
  await writeFile(join(folder, "python3"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

test("without Python the error says what is missing", async () => {
  await expect(installJupyterLab()).rejects.toMatchObject({
    code: "DEPENDENCY_MISSING",
    message:
      "JupyterLab needs Python 3, and there is no python3. Install Python 3.10 or newer, so that `python3` is found.",
  });
});

test("an old Python is named", async () => {
  await fakePython('echo "Python 3.8.10"');
  await expect(installJupyterLab()).rejects.toThrow("needs Python 3.10 or newer, and python3 is Python 3.8.10.");
});

test("a Python without venv is named, and nothing half-made counts as installed", async () => {
  await fakePython('[ "$1" = --version ] && echo "Python 3.12.1" && exit 0\necho "No module named venv" >&2\nexit 1');
  for (let time = 1; time <= 2; time++) {
    await expect(installJupyterLab()).rejects.toThrow(
      "(on Debian, install the package python3-venv): No module named venv.",
    );
  }
  expect(await readdir(join(folder, "cache", "jupyterlab"))).toEqual([]);
});
