import type { CodeCell } from "./nbformat.ts";
import type { ParameterValues } from "./parameters.ts";

/** How a run, or one of its cells, ended. */
export type RunStatus = "passed" | "failed" | "timed-out" | "died" | "interrupted";

/** How one code cell ended; `not-run` when the run ended before it. */
export type CellStatus = RunStatus | "not-run";

/** What happened to one code cell. */
export interface CellResult {
  /** The place among the notebook's code cells, from 0. */
  index: number;
  status: CellStatus;
  /** How long it ran. */
  seconds: number;
}

/** The error that ended a run. */
export interface RunFailure {
  /** The place of the cell among the code cells, from 0; absent when the kernel did not come up. */
  index?: number;
  /** The error's name, such as `TypeError`. */
  name: string;
  message: string;
  /** The lines that the kernel printed for it, with its colours. */
  traceback: string[];
}

/** What a run did. */
export interface RunResult {
  status: RunStatus;
  /** One result for each code cell, in order. */
  cells: CellResult[];
  /** Why the run did not pass. */
  failure?: RunFailure;
  /** The exit code that the notebook asked for, by displaying `application/vnd.sluice.exit+json` or by `exitCode` of its error. */
  exitCode?: number;
  /** The path of the executed notebook. */
  output: string;
  /** How long the run took, the kernel's start and end included. */
  seconds: number;
}

/** What a run tells while it goes. */
export type RunEvent =
  | ({ type: "cell-start" } & ProgressingCell)
  | ({ type: "cell-end"; status: CellStatus; seconds: number } & ProgressingCell);

/** The cell that a {@link RunEvent} is about. */
export interface ProgressingCell {
  /** The place among the code cells, from 0, and how many there are. */
  index: number;
  count: number;
  cell: CodeCell;
  /** What the cell is called in one line. */
  title: string;
}

/** Text that a cell printed. */
export interface StreamText {
  name: "stdout" | "stderr";
  text: string;
  /** The place of the cell among the code cells, from 0. */
  index: number;
}

/** How to run a notebook. */
export interface RunOptions {
  /** Values for the parameters that the notebook's cell tagged `parameters` declares. */
  parameters?: ParameterValues;
  /** Where the executed notebook is saved, as it goes; `NAME.executed.ipynb` beside the notebook when it is not given. */
  output?: string;
  /** The folder that the kernel runs in; the notebook's own when it is not given. */
  cwd?: string;
  /** Interrupts the kernel, saves the notebook and ends the run in order. */
  signal?: AbortSignal;
  /** Ends the run at once: the kernel is killed, not asked. */
  killSignal?: AbortSignal;
  /** The most that one cell may take, in seconds; no limit when it is not given. */
  cellTimeout?: number;
  /** The whole environment of the kernel; this process's own when it is not given. */
  env?: NodeJS.ProcessEnv;
  /** The command that starts the kernel, `{connection_file}` standing for the file's path; Sluice's own when it is not given. */
  kernelCommand?: readonly string[];
  onProgress?: (event: RunEvent) => void;
  onStream?: (text: StreamText) => void;
}
