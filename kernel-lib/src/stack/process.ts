import { execFileSync, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { Socket } from "node:net";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError, messageOf } from "../errors.ts";

/** A process that is known again later, even when its number was given to another one since. */
export interface ProcessId {
  pid: number;
  /** When the process was started, in the system's own spelling. */
  born: string;
}

/** How to start a process whose output goes to a file. */
export interface LaunchOptions {
  log: string;
  cwd: string;
  detached: boolean;
  env?: NodeJS.ProcessEnv;
}

// A shell leads the group and holds the reading end of a pipe to this process. When this process ends, in whatever way, the
// pipe closes and the group is killed. A polite end (SIGTERM) reaches the program too: the shell waits for it, and then goes.
const tied = [
  "-c",
  'exec 3<&0; trap : TERM; (read _ <&3; kill -9 0) & "$0" "$@" 3<&- & p=$!; while kill -0 $p 2>/dev/null; do wait $p; done; kill -9 0',
];

/**
 * Starts a process as the leader of its own group, its output appended to the log file.
 * One that is not detached ends with this process, even when this process is killed.
 */
export async function launch(command: string, args: readonly string[], options: LaunchOptions): Promise<ProcessId> {
  const { cwd, detached, env = process.env } = options;
  await mkdir(dirname(options.log), { recursive: true });
  const log = openSync(options.log, "a", 0o600);
  try {
    const [file, words] = detached ? [command, args] : ["/bin/sh", [...tied, command, ...args]];
    const child = spawn(file, words, { detached: true, cwd, env, stdio: [detached ? "ignore" : "pipe", log, log] });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    child.unref();
    // The types know only of a stream; it is a socket, and must not keep this process alive.
    if (child.stdin instanceof Socket) child.stdin.unref();
    const pid = child.pid ?? 0;
    return { pid, born: birthOf(pid) ?? "" };
  } catch (thrown) {
    const sentence = `${command} could not be started: ${messageOf(thrown)}.`;
    throw new SluiceError("SERVICE_UNAVAILABLE", sentence, { cause: thrown });
  } finally {
    closeSync(log);
  }
}

/** The process that runs this code. */
export function thisProcess(): ProcessId {
  return { pid: process.pid, born: birthOf(process.pid) ?? "" };
}

/** True when that very process is still running. */
export function isAlive(id: ProcessId): boolean {
  const born = birthOf(id.pid);
  return born !== undefined && born === id.born;
}

/** Ends a process and its children: asks first, then forces after the given milliseconds. It returns when it is gone. */
export async function endProcess(id: ProcessId, patience = 10_000): Promise<void> {
  if (!isAlive(id)) return;
  if (patience > 0) signalGroup(id.pid, "SIGTERM");
  const until = Date.now() + patience;
  while (isAlive(id) && Date.now() < until) await sleep(25);
  signalGroup(id.pid, "SIGKILL");
  while (isAlive(id)) await sleep(25);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone, which is what was wanted.
  }
}

/** When the process was started, or undefined when there is none or it is only a zombie that nobody reaped. */
function birthOf(pid: number): string | undefined {
  try {
    if (existsSync("/proc/self/stat")) {
      // The command name may hold spaces and brackets: the fields are counted after its closing bracket.
      const text = readFileSync(`/proc/${pid}/stat`, "latin1");
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" ? undefined : fields[19];
    }
    const [state = "", ...start] = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], { encoding: "utf8" })
      .trim()
      .split(/\s+/);
    return state.startsWith("Z") ? undefined : start.join(" ");
  } catch {
    return undefined;
  }
}

/** What is waited for. */
export interface ReadyOptions {
  /** The name in sentences, such as `Kafka`. */
  name: string;
  launched: ProcessId;
  log: string;
  probe: () => Promise<boolean>;
  /** How long to wait, in seconds. */
  seconds: number;
  signal?: AbortSignal | undefined;
}

/** Waits until the probe says yes; ends the process and throws when it dies, does not answer in time or the wait is aborted. */
export async function waitUntilReady(options: ReadyOptions): Promise<void> {
  const { name, launched, log, probe, seconds, signal } = options;
  const until = Date.now() + seconds * 1000;
  for (;;) {
    if (signal?.aborted) {
      await endProcess(launched, 0);
      throw new SluiceError("INTERRUPTED", `The start of ${name} was interrupted.`);
    }
    if (!isAlive(launched)) throw notUp(`${name} ended before it was ready`, log);
    if (await probe()) return;
    if (Date.now() > until) {
      await endProcess(launched, 0);
      throw notUp(`${name} did not answer within ${seconds} seconds`, log);
    }
    await sleep(50);
  }
}

function notUp(what: string, log: string): SluiceError {
  const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
  // The frames of a Java stack trace say nothing to a user.
  const last = lines.filter((line) => line.trim() && !/^\s+(at |\.\.\. )/.test(line)).slice(-3);
  const said = last.length > 0 ? `; its last lines were:\n${last.join("\n")}\n` : ". ";
  return new SluiceError("SERVICE_UNAVAILABLE", `${what}${said}The whole log is in ${log}.`);
}
