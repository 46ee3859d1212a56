/**
 * Every exit code of the `sluice` command, in one place. CI jobs may rely on them.
 *
 * A notebook can ask for a code of its own (0 to 255, where 0 does not hide a failed cell) by displaying `{ code }` under the MIME type
 * `application/vnd.sluice.exit+json`, or by throwing an error with a numeric `exitCode`; `sluice run` then ends with that
 * code in place of `passed` or `cellFailed`.
 */
export const exitCodes = {
  /** Everything that was asked for was done. */
  passed: 0,
  /** A cell failed, or another error happened while working. */
  cellFailed: 1,
  /** The command line, the notebook or its parameters are wrong; nothing was run. */
  usage: 2,
  /** The notebook has no code to run. */
  nothingToRun: 3,
  /** The kernel could not be started, or it died. */
  kernelDied: 4,
  /** A cell ran longer than `--timeout` allows. */
  timeout: 5,
  /** The run was ended with Ctrl-C (SIGINT). */
  interrupted: 130,
  /** The run was ended by SIGTERM, as a CI does when it gives up a job. */
  terminated: 143,
} as const;

/** The exit codes as a part of the help text. */
export const exitCodeHelp = `Exit codes
  0    all cells passed
  1    a cell failed
  2    wrong usage, or an invalid notebook or parameter
  3    nothing to run: the notebook has no code
  4    the kernel could not be started, or it died
  5    a cell ran longer than --timeout allows
  130  interrupted with Ctrl-C (143: ended by SIGTERM)
  A notebook can set its own: display {code} as application/vnd.sluice.exit+json, or throw an error with an exitCode.`;
