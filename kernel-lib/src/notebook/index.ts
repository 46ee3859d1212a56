/**
 * Runs notebooks without a Jupyter server: reads and writes notebook format 4, sets parameters, collects outputs.
 * @module
 */
export { exitMimeType } from "./exit-request.ts";
export { formatNotebook, parseNotebook } from "./nbformat.ts";
export type { Cell, CodeCell, Json, JsonObject, MimeBundle, Notebook, Output, TextCell } from "./nbformat.ts";
export { readNotebook, writeNotebook } from "./notebook-file.ts";
export { injectParameters } from "./parameters.ts";
export type { ParameterValues } from "./parameters.ts";
export { ProgressReporter } from "./progress.ts";
export type { ProgressOptions, TextSink } from "./progress.ts";
export type {
  CellResult,
  CellStatus,
  RunEvent,
  RunFailure,
  RunOptions,
  RunResult,
  RunStatus,
  StreamText,
} from "./run-types.ts";
export { runNotebook } from "./runner.ts";
