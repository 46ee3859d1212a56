import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "../errors.ts";
import { isAlive, thisProcess } from "./process.ts";
import type { ProcessId } from "./process.ts";
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

/** How long to wait for another start, in milliseconds: a first one fetches 50 MB. */
const patience = 10 * 60_000;

/** Runs the work while no other process works on the same folder. A process that died holds nothing. */
export async function withLock<T>(folder: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const path = join(folder, "lock");
  await mkdir(folder, { recursive: true });
  for (const until = Date.now() + patience; !(await take(path));) {
    if (signal?.aborted)
      throw new SluiceError("INTERRUPTED", "The wait for another start of local services was interrupted.");
    if (Date.now() > until) {
      throw new SluiceError("TIMEOUT", "Another process has been starting local services for ten minutes.", {
        next: `End it, or remove the file ${path}.`,
      });
    }
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  const fresh = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(fresh, JSON.stringify(thisProcess()));
  try {
    // A link appears with its content, or not at all.
    await link(fresh, path);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
    if (!(await isHeld(path))) await rm(path, { force: true });
    return false;
  } finally {
    await rm(fresh, { force: true });
  }
}

async function isHeld(path: string): Promise<boolean> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  // Given back since: the next try shows who has it then.
  if (text === undefined) return true;
  try {
    return isAlive(JSON.parse(text) as ProcessId);
  } catch {
    return false;
  }
}
