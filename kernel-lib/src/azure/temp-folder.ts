import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { makeTempFolder } from "../temp-folder.ts";

/** A local folder for data on its way to or from Azure. */
export interface TempFolder {
  readonly path: string;
  remove: () => Promise<void>;
}

const open = new Set<string>();

/** Makes a temporary folder; one that nobody removed is removed when the process ends. */
export async function tempFolder(prefix: string): Promise<TempFolder> {
  if (open.size === 0) process.once("exit", removeAll);
  const path = await makeTempFolder(prefix);
  open.add(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true });
      open.delete(path);
      if (open.size === 0) process.off("exit", removeAll);
    },
  };
}

function removeAll(): void {
  for (const path of open) rmSync(path, { recursive: true, force: true });
}
