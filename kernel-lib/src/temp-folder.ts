// The one place where temporary folders are made, so that one that cannot be made is told in a sentence.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { SluiceError, messageOf } from "./errors.ts";

/**
 * Makes a private folder with a name of its own.
 *
 * @param parent - where; the system's folder for temporary files when absent
 * @throws SluiceError `CONFIG_INVALID` when it cannot be made there
 */
export async function makeTempFolder(prefix: string, parent?: string): Promise<string> {
  const place = parent ?? tmpdir();
  try {
    return await mkdtemp(join(place, prefix));
  } catch (thrown) {
    const reason = REASONS[(thrown as NodeJS.ErrnoException).code ?? ""] ?? messageOf(thrown);
    const next = `${parent === undefined ? "Set TMPDIR to" : "Name"} a folder that is there and can be written.`;
    throw new SluiceError("CONFIG_INVALID", `No temporary folder can be made in ${place}: ${reason}.`, {
      next,
      cause: thrown,
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  ENOTDIR: "it is no folder",
  EACCES: "it cannot be written",
  EROFS: "it is read-only",
  ENOSPC: "no space is left",
};
