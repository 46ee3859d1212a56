import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { installKernelspec, kernelCommand, listKernelspecs, uninstallKernelspec } from "./kernelspec.ts";

let prefix: string;
beforeEach(() => {
  prefix = mkdtempSync(join(tmpdir(), "sluice-spec-"));
});
afterEach(() => {
  rmSync(prefix, { recursive: true });
  vi.unstubAllEnvs();
});

test("installs, lists and removes the kernelspec under a prefix", () => {
  const installed = installKernelspec({ prefix, env: { A: "1" } });
  expect(installed.folder).toBe(join(prefix, "share", "jupyter", "kernels", "sluice"));
  const spec = JSON.parse(readFileSync(join(installed.folder, "kernel.json"), "utf8")) as Record<string, unknown>;
  expect(spec).toMatchObject({
    display_name: "TypeScript (Sluice)",
    language: "typescript",
    interrupt_mode: "message",
    env: { A: "1" },
  });
  expect((spec["argv"] as string[]).slice(2)).toEqual([
    "--connection-file",
    "{connection_file}",
    "--preload",
    "sluice/preload",
  ]);
  expect(listKernelspecs({ prefix })).toEqual([installed]);
  expect(uninstallKernelspec({ prefix })).toEqual(installed);
  expect(listKernelspecs({ prefix })).toEqual([]);
  expect(() => uninstallKernelspec({ prefix })).toThrow("There is no kernelspec sluice");
});

test("installs for the user and into the active Python environment", () => {
  vi.stubEnv("JUPYTER_DATA_DIR", join(prefix, "user"));
  vi.stubEnv("VIRTUAL_ENV", join(prefix, "venv"));
  expect(installKernelspec().folder).toBe(join(prefix, "user", "kernels", "sluice"));
  expect(installKernelspec({ sysPrefix: true, name: "other" }).folder).toBe(
    join(prefix, "venv", "share", "jupyter", "kernels", "other"),
  );
  expect(listKernelspecs().map(({ name }) => name)).toEqual(["sluice", "other"]);
});

test("says what is missing or too much", () => {
  vi.stubEnv("VIRTUAL_ENV", "");
  vi.stubEnv("CONDA_PREFIX", "");
  expect(() => installKernelspec({ sysPrefix: true })).toThrow("No Python environment is active.");
  expect(() => installKernelspec({ user: true, prefix })).toThrow("Name one place");
});

test("the command can do without a preload and without a supervisor", () => {
  const command = kernelCommand({ preload: false, supervised: false });
  expect(command[0]).toBe(process.execPath);
  expect(command.slice(2)).toEqual(["--connection-file", "{connection_file}", "--unsupervised"]);
});
