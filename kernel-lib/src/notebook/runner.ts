import { basename, dirname, extname, join, resolve } from "node:path";
import type { Kernel } from "@jupyterlab/services";
import { messageOf, SluiceError } from "../errors.ts";
import { kernelCommand } from "../kernel/index.ts";
import { cellTitle } from "./cell-title.ts";
import { executeCell, recordTiming } from "./execute-cell.ts";
import type { CellOutcome } from "./execute-cell.ts";
import { requestedExitCode } from "./exit-request.ts";
import { tagsOf } from "./nbformat.ts";
import type { CodeCell, JsonObject, Notebook } from "./nbformat.ts";
import { readNotebook } from "./notebook-file.ts";
import { NotebookSaver } from "./notebook-saver.ts";
import { OutputCollector } from "./output-collector.ts";
import type { CellError, OutputMessage } from "./output-collector.ts";
import { injectParameters } from "./parameters.ts";
import type { CellResult, RunFailure, RunOptions, RunResult, RunStatus } from "./run-types.ts";
import { connectKernel, muteClientLog } from "./server/connect.ts";
import { startInProcessServer } from "./server/in-process-server.ts";
import type { InProcessServer } from "./server/in-process-server.ts";

/**
 * Runs a notebook from its first to its last cell on a kernel of its own, without a Jupyter server.
 *
 * The executed notebook is saved from the start, after every cell and while a cell prints; the file is whole at any
 * moment. The run stops at the first cell that fails, unless that cell is tagged `raises-exception`; outputs that an
 * earlier run left are gone, and cells that were not run say so in their metadata.
 *
 * @param path - The notebook: format 4, with a TypeScript kernel.
 * @param options - See {@link RunOptions}.
 * @returns How the run ended. A failed cell, a time-out, an interrupt and a dead kernel are results, not errors.
 * @throws SluiceError `NOT_FOUND`, `NOTEBOOK_INVALID` or `INPUT_INVALID` for a notebook or parameters that cannot be run,
 *   `INPUT_EMPTY` for a notebook without code, `STORAGE_FULL` or `PERMISSION_DENIED` when it cannot be saved.
 *
 * @example
 * ```ts
 * import { runNotebook } from "sluice/notebook";
 * const result = await runNotebook("daily.ipynb", { parameters: { loadDate: "2026-08-02" }, output: "output/daily.ipynb" });
 * if (result.status !== "passed") console.error(result.failure?.message);
 * ```
 */
export async function runNotebook(path: string, options: RunOptions = {}): Promise<RunResult> {
  const start = performance.now();
  const notebook = await readNotebook(path);
  injectParameters(notebook, options.parameters ?? {}, path);
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code").filter((cell) => cell.source.trim() !== "");
  if (cells.length === 0) {
    throw new SluiceError("INPUT_EMPTY", `There is nothing to run: ${path} has no cell with code.`);
  }
  const output = resolve(options.output ?? executedName(path));
  forgetEarlierRun(notebook);
  const saver = new NotebookSaver(output, notebook);
  await saver.now();

  const unmute = muteClientLog();
  const server = startInProcessServer({
    command: options.kernelCommand ?? kernelCommand({ supervised: false }),
    cwd: resolve(options.cwd ?? dirname(path)),
    env: options.env ?? process.env,
  });
  const kill = (): void => server.kernel.kill();
  options.killSignal?.addEventListener("abort", kill, { once: true });
  const run = new Run(notebook, cells, saver, server, options);
  try {
    await run.all();
  } finally {
    options.killSignal?.removeEventListener("abort", kill);
    await run.end();
    unmute();
  }
  const seconds = (performance.now() - start) / 1000;
  notebook.metadata["sluice"] = { status: run.status, seconds: round(seconds) };
  await saver.now();
  const { status, results, failure, exitCode } = run;
  return {
    status,
    cells: results,
    ...(failure ? { failure } : {}),
    ...(exitCode === undefined ? {} : { exitCode }),
    output,
    seconds,
  };
}

/** One run of a notebook's code cells. */
class Run {
  status: RunStatus = "passed";
  readonly results: CellResult[] = [];
  failure: RunFailure | undefined;
  exitCode: number | undefined;
  readonly #notebook: Notebook;
  readonly #cells: CodeCell[];
  readonly #saver: NotebookSaver;
  readonly #server: InProcessServer;
  readonly #options: RunOptions;
  readonly #collector = new OutputCollector();
  /** The errors that cells told. */
  readonly #errors = new Map<CodeCell, CellError>();
  #connection: Kernel.IKernelConnection | undefined;

  constructor(
    notebook: Notebook,
    cells: CodeCell[],
    saver: NotebookSaver,
    server: InProcessServer,
    options: RunOptions,
  ) {
    this.#notebook = notebook;
    this.#cells = cells;
    this.#saver = saver;
    this.#server = server;
    this.#options = options;
  }

  /** Runs the cells until one does not pass. */
  async all(): Promise<void> {
    const kernel = await this.#connect();
    for (const [index, cell] of this.#cells.entries()) {
      if (this.status === "passed" && this.#options.signal?.aborted) this.#interrupted();
      if (kernel && this.status === "passed") await this.#runCell(kernel, cell, index);
      else this.#skip(cell, index);
      if (this.status === "passed") this.#failByUncaught();
    }
  }

  /** Ends the kernel and what it started. */
  async end(): Promise<void> {
    this.#connection?.dispose();
    await this.#server.kernel.shutdown();
  }

  /** Connects to the kernel; notes why when that is not possible. */
  async #connect(): Promise<Kernel.IKernelConnection | undefined> {
    const { signal } = this.#options;
    const stop = (): void => this.#server.kernel.kill();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      signal?.throwIfAborted();
      const kernel = await connectKernel(this.#server.settings);
      this.#connection = kernel;
      kernel.anyMessage.connect((_, { msg, direction }) => {
        const { channel, header, content } = msg;
        const { msg_id: parent } = msg.parent_header as { msg_id?: string };
        if (direction === "recv") this.#receive(channel, header, content as JsonObject, parent);
      });
      this.#server.kernel.onOutput = (name, text) => this.#output({ msg_type: "stream", content: { name, text } });
      const info = await Promise.race([kernel.info, this.#server.kernel.died]);
      if (typeof info === "object")
        this.#notebook.metadata["language_info"] = info.language_info as unknown as JsonObject;
      return kernel;
    } catch (thrown) {
      if (signal?.aborted) this.#interrupted();
      else {
        this.status = "died";
        this.failure = { name: "KernelDied", message: messageOf(thrown), traceback: [] };
      }
      return undefined;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  async #runCell(kernel: Kernel.IKernelConnection, cell: CodeCell, index: number): Promise<void> {
    const { signal, killSignal, cellTimeout, onProgress } = this.#options;
    const start = performance.now();
    const about = { index, count: this.#cells.length, cell, title: cellTitle(cell, this.#notebook.cells) };
    onProgress?.({ type: "cell-start", ...about });
    const outcome = await executeCell(kernel, cell, this.#collector, {
      timeout: cellTimeout,
      signal,
      died: this.#server.kernel.died,
      kill: () => this.#server.kernel.kill(),
    });
    const status = killSignal?.aborted ? "interrupted" : outcome.status;
    const seconds = (performance.now() - start) / 1000;
    if (status !== "passed") this.#fail(status, index, outcome);
    cell.metadata["sluice"] = { status, seconds: round(seconds) };
    this.results.push({ index, status, seconds });
    await this.#saver.now();
    onProgress?.({ type: "cell-end", ...about, status, seconds });
  }

  /** A cell that had passed fails by an error that nothing caught, even when it comes while a later one runs. */
  #failByUncaught(): void {
    for (const [cell, error] of this.#errors) {
      const index = this.#cells.indexOf(cell);
      const result = this.results[index];
      if (!result || tagsOf(cell).includes("raises-exception")) continue;
      result.status = "failed";
      cell.metadata["sluice"] = { ...(cell.metadata["sluice"] as JsonObject), status: "failed" };
      this.#fail("failed", index, { status: "failed", error });
      return;
    }
  }

  /** Notes that the run was interrupted while no cell ran. */
  #interrupted(): void {
    this.status = "interrupted";
    this.failure = { name: "Interrupted", message: "The run was interrupted.", traceback: [] };
  }

  #fail(status: RunStatus, index: number, { error, exitCode }: CellOutcome): void {
    this.status = status;
    this.exitCode = exitCode ?? this.exitCode;
    const { name = "Error", message = "The cell did not pass.", traceback = [] } = error ?? {};
    this.failure = { index, name, message, traceback };
  }

  #skip(cell: CodeCell, index: number): void {
    cell.metadata["sluice"] = { status: "not-run" };
    this.results.push({ index, status: "not-run", seconds: 0 });
  }

  #receive(channel: string, header: { msg_type: string; date: string }, content: JsonObject, parent?: string): void {
    const requested = this.#collector.cellOf(parent);
    if (requested) recordTiming(requested, header.msg_type, content["execution_state"], header.date);
    if (channel === "iopub") this.#output({ msg_type: header.msg_type, content, parent });
  }

  #output(message: OutputMessage): void {
    const change = this.#collector.receive(message);
    if (!change) return;
    this.#saver.soon();
    if (change.error) this.#errors.set(change.cell, change.error);
    if (change.data) this.exitCode = requestedExitCode(change.data) ?? this.exitCode;
    if (change.stream) {
      const name = change.stream.name === "stderr" ? "stderr" : "stdout";
      this.#options.onStream?.({ name, text: change.stream.text, index: this.#cells.indexOf(change.cell) });
    }
  }
}

/** Removes what an earlier run left, so that no old output can be taken for one of this run. */
function forgetEarlierRun(notebook: Notebook): void {
  delete notebook.metadata["sluice"];
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") continue;
    cell.outputs = [];
    cell.execution_count = null;
    delete cell.metadata["execution"];
    delete cell.metadata["sluice"];
  }
}

function executedName(path: string): string {
  return join(dirname(path), `${basename(path, extname(path))}.executed.ipynb`);
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;
