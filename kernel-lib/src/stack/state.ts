import { mkdir, open, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "../errors.ts";
import type { RunningService } from "./service.ts";

/** The services that were started and not yet stopped, by name. */
export type StackState = Record<string, RunningService>;

/** Reads the state file of a stack; an absent or broken file is an empty state. */
export async function readState(folder: string): Promise<StackState> {
  try {
    return JSON.parse(await readFile(join(folder, "state.json"), "utf8")) as StackState;
  } catch {
    return {};
  }
}

/** Notes that a service runs, or with undefined that it does not. */
export async function noteState(folder: string, name: string, running: RunningService | undefined): Promise<void> {
  const state = await readState(folder);
  if (running) state[name] = running;
  else delete state[name];
  const fresh = join(folder, `state.json.${process.pid}`);
  await mkdir(folder, { recursive: true });
  await writeFile(fresh, `${JSON.stringify(state, null, 2)}\n`);
  await rename(fresh, join(folder, "state.json"));
}

/** Runs the work while no other process of this user works on the same folder. */
export async function withLock<T>(folder: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const path = join(folder, "lock");
  await mkdir(folder, { recursive: true });
  while (!(await take(path))) {
    if (signal?.aborted)
      throw new SluiceError("INTERRUPTED", "The wait for another start of the local services was interrupted.");
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    await unlink(path).catch(() => undefined);
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
    const holder = Number(await readFile(path, "utf8").catch(() => ""));
    // Zero: the holder has made the file and not yet written its number.
    if (holder > 0 && !isRunning(holder)) await unlink(path).catch(() => undefined);
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
