import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatNotebook, parseNotebook } from "./nbformat.ts";
import { readNotebook, writeNotebook } from "./notebook-file.ts";

const metadata = { kernelspec: { name: "sluice", display_name: "Sluice", language: "typescript" } };
const asText = (change: object) => JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: [], ...change });

test("a notebook comes back byte for byte, as Jupyter writes it", () => {
  const text = `{
 "cells": [
  {
   "attachments": {},
   "cell_type": "markdown",
   "id": "a",
   "metadata": {},
   "source": [
    "# Title\\n",
    "text"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "b",
   "metadata": {
    "tags": [
     "parameters"
    ]
   },
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "one\\n",
      "two\\n"
     ]
    },
    {
     "data": {
      "application/vnd.x+json": "a\\nb",
      "text/plain": [
       "x\\n",
       "y"
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    }
   ],
   "source": []
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "Sluice",
   "language": "typescript",
   "name": "sluice"
  },
  "unknown": {
   "kept": true
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`;
  const notebook = parseNotebook(text, "a.ipynb");
  expect(notebook.cells[1]).toMatchObject({
    source: "",
    outputs: [{ text: "one\ntwo\n" }, { data: { "text/plain": "x\ny" } }],
  });
  expect(formatNotebook(notebook)).toBe(text);
});

test.each([
  ["not JSON", "{", "a.ipynb is not a notebook, since it is not JSON"],
  ["text of some lines", "# A\n\n\nb", "since it is not JSON: Unexpected token '#', \"# A b\" is not valid JSON."],
  ["empty", "", "a.ipynb is not a notebook, since it is not JSON: the file is empty."],
  ["a list", "[]", 'a.ipynb is not a notebook: it has no "nbformat" number.'],
  [
    "nbformat 3",
    asText({ nbformat: 3, worksheets: [] }),
    "a.ipynb is in notebook format 3, and only format 4 can be read.",
  ],
  ["no kernelspec", asText({ metadata: {} }), "a.ipynb names no kernel"],
  [
    "Python",
    asText({ metadata: { kernelspec: { name: "python3", language: "python" } } }),
    'the kernel "python3" ("python")',
  ],
  ["no cells", asText({ cells: undefined }), "it has no list of cells"],
  ["a bad cell", asText({ cells: [{ cell_type: "code", source: 5 }] }), "Cell 1 of a.ipynb has no source text."],
  [
    "an odd cell",
    asText({ cells: [{ cell_type: "heading", source: "x" }] }),
    'Cell 1 of a.ipynb has the unknown type "heading".',
  ],
])("%s is refused in one sentence", (_, text, sentence) => {
  expect(() => parseNotebook(text, "a.ipynb")).toThrow(expect.objectContaining({ code: "NOTEBOOK_INVALID" }));
  expect(() => parseNotebook(text, "a.ipynb")).toThrow(sentence);
});

test("notebooks of other TypeScript kernels are taken", () => {
  const tslab = asText({ metadata: { kernelspec: { name: "tslab", language: "typescript" } } });
  expect(parseNotebook(tslab, "a.ipynb").cells).toEqual([]);
});

test("files are read, and written whole with nothing left beside them", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-nbformat-"));
  try {
    await expect(readNotebook(join(folder, "no.ipynb"))).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(readNotebook(folder)).rejects.toThrow("is a folder, not a notebook");
    const path = join(folder, "new", "a.ipynb");
    await writeNotebook(path, parseNotebook(asText({}), "a.ipynb"));
    expect(await readNotebook(path)).toMatchObject({ nbformat: 4, cells: [] });
    expect(await readdir(join(folder, "new"))).toEqual(["a.ipynb"]);
    await writeFile(join(folder, "file"), "kept");
    await expect(writeNotebook(join(folder, "file", "b.ipynb"), parseNotebook(asText({}), "b"))).rejects.toThrow(
      "could not be saved",
    );
    expect(await readFile(join(folder, "file"), "utf8")).toBe("kept");
  } finally {
    await rm(folder, { recursive: true });
  }
});
