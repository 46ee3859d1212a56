import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import process from "node:process";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Obituary, Order, PendingCell, Report } from "./supervision.ts";

// Imports nothing of the kernel but types: it must be started at once and stay small.

const SUPERVISOR_FD = 3;
/** A process that dies sooner than this after its start, so often in a row, is not started again. */
const QUICK_DEATH_MS = 2000;
const MOST_QUICK_DEATHS = 3;
const LAST_WORDS = 8192;

/** Starts the kernel's process and starts it again when it dies; ends when the kernel was asked to. */
export function supervise(args: readonly string[]): void {
  let quickDeaths = 0;
  let child: ChildProcess | undefined;

  const order = (message: Order): void => {
    (child?.stdio[SUPERVISOR_FD] as Duplex | undefined)?.write(JSON.stringify(message) + "\n");
  };
  const start = (obituary?: Obituary): void => {
    const started = Date.now();
    const cells = new Map<string, PendingCell>();
    let ending: "stopped" | "failed" | undefined;
    let words = "";
    const script = fileURLToPath(new URL("./kernel-process.js", import.meta.url));
    const flags = process.execArgv;
    child = spawn(process.execPath, [...flags, script, ...args, "--supervised"], {
      stdio: ["ignore", "inherit", "pipe", "pipe"],
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      process.stderr.write(chunk);
      words = (words + chunk.toString()).slice(-LAST_WORDS);
    });
    // Not as an argument: cells can be long, and arguments can be read by every user.
    if (obituary) order({ type: "obituary", ...obituary });
    readReports(child.stdio[SUPERVISOR_FD] as Duplex, (report) => {
      if (report.type === "received") cells.set(report.cell.header.msg_id, report.cell);
      else if (report.type === "answered") cells.delete(report.id);
      else ending = report.type;
    });
    // `close` comes after the last report was read, `exit` may not.
    child.on("close", (code, signal) => {
      if (ending) process.exit(code ?? (ending === "stopped" ? 0 : 1));
      quickDeaths = Date.now() - started < QUICK_DEATH_MS ? quickDeaths + 1 : 0;
      const reason = reasonOf(code, signal, words);
      process.stderr.write(`[sluice kernel] ${reason}\n`);
      if (quickDeaths > MOST_QUICK_DEATHS) process.exit(code ?? 1);
      start({ reason, cells: [...cells.values()] });
    });
  };

  // Ctrl-C is an interrupt; the other signals end both.
  process.on("SIGINT", () => order({ type: "interrupt" }));
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      child?.kill("SIGKILL");
      process.exit(0);
    });
  }
  endWithParent(() => child?.kill("SIGKILL"));
  start();
}

function readReports(pipe: Duplex, take: (report: Report) => void): void {
  let text = "";
  pipe.on("error", () => undefined);
  pipe.on("data", (chunk: Buffer) => {
    const lines = (text + chunk.toString()).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) take(JSON.parse(line) as Report);
  });
}

/** Why a process ended, as a sentence for the user. */
export function reasonOf(code: number | null, signal: string | null, words: string): string {
  const lost = "It was started again; all variables are lost.";
  if (/heap out of memory|Allocation failed/.test(words)) {
    return `The kernel ran out of memory. ${lost} Give it more with NODE_OPTIONS=--max-old-space-size=<megabytes>.`;
  }
  if (/async hook stack has become corrupted/.test(words)) {
    return `The kernel ended when code in a callback was interrupted. ${lost}`;
  }
  if (signal === "SIGKILL") return `The kernel was killed, often because the machine ran out of memory. ${lost}`;
  if (signal !== null) return `The kernel crashed (${signal}). ${lost}`;
  return `The kernel ended with exit code ${code ?? "unknown"}. ${lost}`;
}

// A server that dies without a word must not leave kernels behind.
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent) return;
    end();
    process.exit(0);
  }, 2000).unref();
}
