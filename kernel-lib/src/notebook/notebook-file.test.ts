import { execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Notebook } from "./nbformat.ts";
import { writeNotebook } from "./notebook-file.ts";

const notebook: Notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] };
let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "sluice-file-"))));
afterAll(() => rmSync(folder, { recursive: true }));

test("a link is followed, and stays a link", async () => {
  const [target, link] = [join(folder, "target.ipynb"), join(folder, "link.ipynb")];
  writeFileSync(target, "old");
  symlinkSync(target, link);
  await writeNotebook(link, notebook);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(JSON.parse(readFileSync(target, "utf8"))).toMatchObject({ nbformat: 4 });
});

test("what is no file is not replaced", async () => {
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const next = "Name another file with --output.";
  await expect(writeNotebook(pipe, notebook)).rejects.toThrow(
    `The notebook cannot be saved as ${pipe}: that is no file. ${next}`,
  );
  expect(statSync(pipe).isFIFO()).toBe(true);
  await expect(writeNotebook(folder, notebook)).rejects.toThrow(`as ${folder}: that is a folder. ${next}`);
});
