import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readNotebook } from "./notebook-file.ts";
import { runNotebook } from "./runner.ts";

// How a run ends when its kernel does not come up. Runs on the real kernel are integration tests.

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "sluice-run-"))));
afterEach(() => rm(folder, { recursive: true }));

async function notebook(source = "1"): Promise<string> {
  const cell = { cell_type: "code", source, metadata: {}, execution_count: 3, outputs: [] };
  const metadata = { kernelspec: { name: "sluice", language: "typescript" } };
  await writeFile(join(folder, "a.ipynb"), JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata, cells: [cell] }));
  return join(folder, "a.ipynb");
}

test.each([
  [["no-such-program"], /^The kernel did not start: no-such-program cannot be started \(.*ENOENT/],
  [[process.execPath, "-e", "process.exit(3)"], /^The kernel did not start: its process ended with code 3\.$/],
  [
    [
      process.execPath,
      "-e",
      'console.error("Error: no licence"); process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 9)',
    ],
    /^The kernel did not start: its process was killed by SIGTERM; it said "Error: no licence"\.$/,
  ],
])(
  "a kernel that does not start is told, and the notebook says that nothing ran (%j)",
  async (kernelCommand, reason) => {
    const result = await runNotebook(await notebook(), { kernelCommand });
    expect(result).toMatchObject({ status: "died", cells: [{ index: 0, status: "not-run" }] });
    expect(result.failure?.message).toMatch(reason);
    expect(result.output).toBe(join(folder, "a.executed.ipynb"));
    expect(await readNotebook(result.output)).toMatchObject({
      metadata: { sluice: { status: "died" } },
      cells: [{ execution_count: null, metadata: { sluice: { status: "not-run" } } }],
    });
  },
);

test("a run can be interrupted while its kernel starts", async () => {
  const interrupt = new AbortController();
  setTimeout(() => interrupt.abort(), 100);
  const kernelCommand = [process.execPath, "-e", "setInterval(() => {}, 1000)"];
  const result = await runNotebook(await notebook(), { kernelCommand, signal: interrupt.signal });
  expect(result).toMatchObject({ status: "interrupted", cells: [{ status: "not-run" }] });
});

test("nothing is written when there is nothing to run", async () => {
  await expect(runNotebook(await notebook(" \n"))).rejects.toMatchObject({ code: "INPUT_EMPTY" });
  await expect(readFile(join(folder, "a.executed.ipynb"))).rejects.toThrow("ENOENT");
});
