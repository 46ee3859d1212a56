import { isObject } from "./nbformat.ts";
import type { MimeBundle } from "./nbformat.ts";

/**
 * The MIME type by which a notebook asks for the exit code of its run. Its value is `{ code }`, 0 to 255.
 *
 * The run goes on; the code counts when it ends with all cells passed, or with a cell that failed (where 0 does not
 * count: a failed run is never green). The last request wins. An error that ends the run can ask for one too, by a
 * numeric property `exitCode`.
 *
 * @example
 * ```ts notebook
 * // In a cell: the load is in storage, but was not published.
 * display({ [Symbol.for("Jupyter.display")]: () => ({ "application/vnd.sluice.exit+json": { code: 10 }, "text/plain": "not published" }) });
 * ```
 */
export const exitMimeType = "application/vnd.sluice.exit+json";

/**
 * Reads the exit code that a display asks for.
 *
 * @returns The code, or `undefined` when the display asks for none. A request that cannot be read counts as 1, since it
 *   must not turn a run green.
 */
export function requestedExitCode(data: MimeBundle): number | undefined {
  const request = data[exitMimeType];
  if (request === undefined) return undefined;
  const code = isObject(request) ? request["code"] : request;
  return validExitCode(code);
}

/** An exit code as it is, or 1 when it is not a whole number from 0 to 255. */
export function validExitCode(code: unknown): number {
  return typeof code === "number" && Number.isInteger(code) && code >= 0 && code <= 255 ? code : 1;
}
