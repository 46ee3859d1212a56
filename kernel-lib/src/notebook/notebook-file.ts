import { randomUUID } from "node:crypto";
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { messageOf, SluiceError } from "../errors.ts";
import { formatNotebook, parseNotebook } from "./nbformat.ts";
import type { Notebook } from "./nbformat.ts";

/**
 * Reads a notebook file.
 *
 * @throws SluiceError `NOT_FOUND` when there is no such file, `NOTEBOOK_INVALID` when it cannot be run (see
 *   {@link parseNotebook}).
 * @example
 * ```ts
 * const notebook = await readNotebook("daily.ipynb");
 * console.log(notebook.cells.length); // 1
 * ```
 */
export async function readNotebook(path: string): Promise<Notebook> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ENOENT") throw new SluiceError("NOT_FOUND", `The notebook ${path} does not exist.`, { cause });
    if (code === "EISDIR") throw new SluiceError("NOTEBOOK_INVALID", `${path} is a folder, not a notebook.`, { cause });
    throw new SluiceError("NOTEBOOK_INVALID", `The notebook ${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
  return parseNotebook(text, path);
}

/**
 * Writes a notebook file in one step: a reader sees either the old file or the new one, never a part.
 * Missing folders are made; a link is followed.
 *
 * @throws SluiceError `STORAGE_FULL` when the disk is full, `PERMISSION_DENIED` when the file cannot be written, `USAGE` when
 *   there is something that is no file, such as a device, which it would replace.
 * @example
 * ```ts
 * const notebook = await readNotebook("daily.ipynb");
 * await writeNotebook("copy.ipynb", notebook);
 * ```
 */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  const target = await fileAt(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(temporary, formatNotebook(notebook));
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to tell
    const full = (cause as NodeJS.ErrnoException).code === "ENOSPC";
    const sentence = full
      ? `The disk is full: the notebook ${path} could not be saved.`
      : `The notebook ${path} could not be saved: ${messageOf(cause)}.`;
    throw new SluiceError(full ? "STORAGE_FULL" : "PERMISSION_DENIED", sentence, { cause });
  }
}

/** The file that a path leads to: it itself, or what it links to. */
async function fileAt(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isFile()) return found ? realpath(path) : path;
  const what = found.isDirectory() ? "a folder" : "no file";
  throw new SluiceError("USAGE", `The notebook cannot be saved as ${path}: that is ${what}.`, {
    next: "Name another file with --output.",
  });
}
