import { stripVTControlCharacters } from "node:util";
import { parseConnectionString } from "../../engines/spark-connect/connection-string.ts";
import { messageOf, SluiceError } from "../../errors.ts";
import { formatSeconds, ProgressReporter } from "../../notebook/progress.ts";
import type { RunResult } from "../../notebook/run-types.ts";
import { runNotebook } from "../../notebook/runner.ts";
import type { Command } from "../command.ts";
import { exitCodeHelp, exitCodes } from "../exit-codes.ts";
import { usage } from "../parse-arguments.ts";
import { readParameterArguments } from "../parameter-arguments.ts";
import { interruptSignals } from "../interrupt-signals.ts";

/** `sluice run`: runs a notebook and forwards what it prints. */
export const run: Command = {
  usage: "run NOTEBOOK [-p NAME=VALUE]… [options]",
  summary: "Runs a notebook from its first to its last cell and saves the executed notebook as it goes.",
  details: `What the cells print goes to standard output, progress and errors to standard error.

Examples
  sluice run daily.ipynb -p loadDate=2026-08-02 -p accounts=5000
  sluice run daily.ipynb -f parameters.json -o output/daily.ipynb --timeout 600

${exitCodeHelp}`,
  options: {
    parameter: {
      type: "string",
      short: "p",
      multiple: true,
      value: "NAME=VALUE",
      help: "set a parameter that the notebook declares",
    },
    "parameters-file": {
      type: "string",
      short: "f",
      value: "FILE",
      help: "set parameters from a JSON object in a file; -p wins over it",
    },
    output: {
      type: "string",
      short: "o",
      value: "FILE",
      help: "where to save the executed notebook (default: NOTEBOOK.executed.ipynb beside it)",
    },
    remote: {
      type: "string",
      value: "URL",
      help: "run on the Spark Connect server sc://HOST:PORT (as SPARK_REMOTE does)",
    },
    timeout: { type: "string", value: "SECONDS", help: "the most that one cell may take (default: no limit)" },
    quiet: { type: "boolean", short: "q", help: "print nothing but errors" },
  },
  async run(args) {
    const [notebook, ...others] = args.positionals;
    if (notebook === undefined) throw usage("Say which notebook to run.", "sluice run");
    if (others.length > 0)
      throw usage(`One notebook can be run at a time, and ${others.length + 1} are given.`, "sluice run");
    const cellTimeout = readTimeout(args.text("timeout"));
    const output = args.text("output");
    const remote = args.text("remote");
    if (remote !== undefined) checkRemote(remote);
    const parameters = await readParameterArguments(args.text("parameters-file"), args.texts("parameter"));
    const signals = interruptSignals();
    const quiet = args.flag("quiet");
    const reporter = new ProgressReporter({ stderr: process.stderr, stdout: process.stdout });
    try {
      const result = await runNotebook(notebook, {
        parameters,
        signal: signals.interrupt,
        killSignal: signals.kill,
        ...(output === undefined ? {} : { output }),
        ...(remote === undefined ? {} : { env: { ...process.env, SPARK_REMOTE: remote } }),
        ...(cellTimeout === undefined ? {} : { cellTimeout }),
        ...(quiet ? {} : { onProgress: (event) => reporter.event(event), onStream: (text) => reporter.stream(text) }),
      });
      tellEnd(result, reporter, quiet);
      return exitCodeOf(result, signals.name());
    } catch (thrown) {
      if (thrown instanceof SluiceError && thrown.code === "INPUT_EMPTY") {
        reporter.line(`sluice: ${thrown.message}`);
        return exitCodes.nothingToRun;
      }
      throw thrown;
    } finally {
      reporter.close();
      signals.release();
    }
  },
};

function readTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() !== "" && Number.isFinite(seconds) && seconds > 0) return seconds;
  throw usage(`--timeout takes a number of seconds above 0, not "${text}".`, "sluice run");
}

/** A wrong address must show before anything runs; what is said of it never shows its token. */
function checkRemote(url: string): void {
  try {
    parseConnectionString(url);
  } catch (thrown) {
    throw usage(`--remote: ${messageOf(thrown)}`, "sluice run");
  }
}

function tellEnd(
  { status, cells, failure, output, seconds }: RunResult,
  reporter: ProgressReporter,
  quiet: boolean,
): void {
  if (status === "passed") {
    if (!quiet)
      reporter.line(
        `${cells.length === 1 ? "1 cell" : `${cells.length} cells`} passed in ${formatSeconds(seconds)}. The executed notebook is ${output}.`,
      );
    return;
  }
  // What is no more than the message is told by the last line.
  const isMore = failure?.traceback.some((line) => line !== failure.message || line.includes("\n"));
  if (failure && isMore && status === "failed") reporter.line(colored(failure.traceback.join("\n")));
  const where = failure?.index === undefined ? "" : `Cell ${failure.index + 1} of ${cells.length}: `;
  const what = !failure
    ? "The run did not pass."
    : status === "failed"
      ? `${failure.name}: ${failure.message}`
      : failure.message;
  reporter.line(
    `sluice: ${where}${what.split("\n")[0]}${/[.!?]$/.test(what) ? "" : "."} The executed notebook is ${output}.`,
  );
}

/** A terminal may want no colors, and a file never does. */
function colored(text: string): string {
  return process.stderr.isTTY && process.stderr.hasColors() ? text : stripVTControlCharacters(text);
}

/** The exit code of a run; see {@link exitCodes}. */
export function exitCodeOf(result: Pick<RunResult, "status" | "exitCode">, signal?: NodeJS.Signals): number {
  switch (result.status) {
    case "passed":
      return result.exitCode ?? exitCodes.passed;
    case "failed":
      return result.exitCode || exitCodes.cellFailed;
    case "timed-out":
      return exitCodes.timeout;
    case "died":
      return exitCodes.kernelDied;
    case "interrupted":
      return signal === "SIGTERM" ? exitCodes.terminated : exitCodes.interrupted;
  }
}
