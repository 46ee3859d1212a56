import { setTimeout as sleep } from "node:timers/promises";
import type { Kernel, KernelMessage } from "@jupyterlab/services";
import { validExitCode } from "./exit-request.ts";
import { isObject, tagsOf } from "./nbformat.ts";
import type { CodeCell } from "./nbformat.ts";
import type { CellError, OutputCollector } from "./output-collector.ts";
import { formatSeconds } from "./progress.ts";
import type { RunStatus } from "./run-types.ts";

/** How a cell ended. */
export interface CellOutcome {
  status: RunStatus;
  error?: CellError;
  /** The exit code that the error of the cell asks for, by its property `exitCode`. */
  exitCode?: number;
}

/** What can end a cell before it is done. */
export interface CellLimits {
  /** The most it may take, in seconds. */
  timeout?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Resolves with the reason when the kernel dies. */
  died: Promise<string>;
  /** Ends the kernel at once. */
  kill: () => void;
}

/** A timer counts no further, in seconds: 24 days. */
const longestTimeout = (2 ** 31 - 1) / 1000;
/** How long an interrupted cell may take to end before its kernel is killed, in milliseconds. */
const interruptLimit = 5000;

/** Runs one cell and waits until it is done, its time is over, the run is interrupted or the kernel is dead. */
export async function executeCell(
  kernel: Kernel.IKernelConnection,
  cell: CodeCell,
  collector: OutputCollector,
  limits: CellLimits,
): Promise<CellOutcome> {
  // One cell is sent at a time: there is nothing that an error would have to stop.
  const content = { code: cell.source, allow_stdin: false, stop_on_error: false };
  const future = kernel.requestExecute(content, true, cell.id === undefined ? {} : { cellId: cell.id });
  collector.begin(cell, future.msg.header.msg_id);
  const finished = new AbortController();
  // A future of a dead kernel rejects; the death itself says more.
  const done = future.done.then(
    (reply) => outcomeOf(reply, cell),
    () => limits.died.then(deadOutcome),
  );
  try {
    const ended = await Promise.race([
      done,
      limits.died.then(deadOutcome),
      ...(limits.timeout === undefined || limits.timeout > longestTimeout
        ? []
        : [timedOut(limits.timeout, finished.signal)]),
      ...(limits.signal ? [aborted(limits.signal, finished.signal)] : []),
    ]);
    if (ended.status === "timed-out" || ended.status === "interrupted")
      await endCell(kernel, done, limits, finished.signal);
    if (ended.error && ended.status !== "failed") collector.fail(cell, ended.error);
    return ended;
  } finally {
    finished.abort();
  }
}

/** Interrupts the cell, and kills the kernel when that does not help. */
async function endCell(
  kernel: Kernel.IKernelConnection,
  done: Promise<CellOutcome>,
  limits: CellLimits,
  finished: AbortSignal,
): Promise<void> {
  await kernel.interrupt();
  const late = sleep(interruptLimit, "late" as const, { signal: finished }).catch(() => "late" as const);
  if ((await Promise.race([done, limits.died, late])) === "late") limits.kill();
}

function outcomeOf(reply: KernelMessage.IExecuteReplyMsg, cell: CodeCell): CellOutcome {
  const content = reply.content as Partial<Omit<KernelMessage.IReplyErrorContent, "status">> & {
    status: string;
    exit_code?: unknown;
  };
  if (content.status === "ok" || tagsOf(cell).includes("raises-exception")) return { status: "passed" };
  const { ename = "Aborted", evalue = "The kernel did not run this cell.", traceback = [] } = content;
  const asked = content.exit_code === undefined ? {} : { exitCode: validExitCode(content.exit_code) };
  return { status: "failed", error: { name: ename, message: evalue, traceback }, ...asked };
}

const deadOutcome = (reason: string): CellOutcome =>
  broken("died", "KernelDied", `The kernel died while this cell ran: ${reason}.`);

async function timedOut(seconds: number, finished: AbortSignal): Promise<CellOutcome> {
  await sleep(seconds * 1000, undefined, { signal: finished }).catch(() => {});
  return broken("timed-out", "CellTimeout", `The cell ran longer than ${formatSeconds(seconds)} and was interrupted.`);
}

async function aborted(signal: AbortSignal, finished: AbortSignal): Promise<CellOutcome> {
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true, signal: finished }));
  }
  return broken("interrupted", "Interrupted", "The run was interrupted.");
}

const broken = (status: RunStatus, name: string, message: string): CellOutcome => ({
  status,
  error: { name, message, traceback: [`${name}: ${message}`] },
});

/** Notes when a cell was asked for, started and ended, the way JupyterLab records and shows it. */
export function recordTiming(cell: CodeCell, type: string, state: unknown, date: string): void {
  const key =
    type === "status" && (state === "busy" || state === "idle")
      ? `iopub.status.${state}`
      : type === "execute_input"
        ? "iopub.execute_input"
        : type === "execute_reply"
          ? "shell.execute_reply"
          : undefined;
  if (key === undefined) return;
  const times = isObject(cell.metadata["execution"]) ? cell.metadata["execution"] : {};
  cell.metadata["execution"] = { ...times, [key]: date };
}
