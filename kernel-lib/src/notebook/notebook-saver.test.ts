import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Notebook } from "./nbformat.ts";
import { NotebookSaver } from "./notebook-saver.ts";

test("many changes are saved together, and the last one always", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-saver-"));
  try {
    const path = join(folder, "a.ipynb");
    const notebook: Notebook = { nbformat: 4, nbformat_minor: 5, metadata: { step: 0 }, cells: [] };
    const saved = async () => (JSON.parse(await readFile(path, "utf8")) as Notebook).metadata["step"];
    const saver = new NotebookSaver(path, notebook, 30);
    await saver.now();
    for (let step = 1; step <= 5; step++) {
      notebook.metadata["step"] = step;
      saver.soon();
    }
    expect(await saved()).toBe(0);
    await expect.poll(saved).toBe(5);
    notebook.metadata["step"] = 6;
    saver.soon();
    await saver.now();
    expect(await saved()).toBe(6);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a save that fails is told, and the next one is tried", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-saver-"));
  try {
    await writeFile(join(folder, "taken"), "");
    const notebook: Notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] };
    const saver = new NotebookSaver(join(folder, "taken", "a.ipynb"), notebook);
    await expect(saver.now()).rejects.toThrow("could not be saved");
    await rm(join(folder, "taken"));
    await saver.now();
    expect(await readFile(join(folder, "taken", "a.ipynb"), "utf8")).toContain('"nbformat": 4');
  } finally {
    await rm(folder, { recursive: true });
  }
});
