import { rmSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NAME = "contract-events-";
/** The names of dummy folders: the id of the process that made it, and some letters. */
const OWNED = new RegExp(`^${NAME}(\\d+)-\\w+$`);

/**
 * Makes a folder of this run alone for its dummy data; it goes when the process ends. One that was killed cannot remove its
 * folder: the next run does.
 */
export async function dummyFolder(): Promise<string> {
  await sweep(tmpdir());
  const folder = await mkdtemp(join(tmpdir(), `${NAME}${process.pid}-`));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Removes the dummy folders of processes that are gone. One that cannot be removed is another user's. */
async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const [, owner] = OWNED.exec(name) ?? [];
    if (owner === undefined || isAlive(Number(owner))) continue;
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
