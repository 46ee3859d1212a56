import { readFileSync } from "node:fs";
import { messageOf, SluiceError } from "../errors.ts";
import type { CommandGroup } from "./command.ts";
import { dispatch } from "./dispatch.ts";
import { exitCodes } from "./exit-codes.ts";

const sluice: CommandGroup = {
  summary: "Sluice runs TypeScript notebooks for data engineering. `sluice --version` prints its version.",
  commands: {
    run: {
      summary: "runs a notebook and saves the executed one",
      load: async () => (await import("./commands/run.ts")).run,
    },
    kernel: {
      summary: "installs the kernel for Jupyter, lists and removes it",
      load: async () => (await import("./commands/kernel.ts")).kernel,
    },
    stack: {
      summary: "starts and stops local services (Kafka, Azurite, Spark)",
      load: async () => (await import("./commands/stack.ts")).stack,
    },
  },
};

/**
 * Does what a `sluice` command line says.
 *
 * @param args - The arguments after `sluice`.
 * @returns The exit code; see `exit-codes.ts`. An error is printed as one line.
 */
export async function main(args: readonly string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  try {
    if (args[0] === "--version" || args[0] === "-V") {
      process.stdout.write(`${version()}\n`);
      return exitCodes.passed;
    }
    return await dispatch("sluice", sluice, args);
  } catch (thrown) {
    process.stderr.write(`sluice: ${messageOf(thrown).trimEnd()}\n`);
    return codeOf(thrown);
  }
}

/** Lets the work go on when nobody reads its output any more, as with `sluice run … | head`. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

function codeOf(thrown: unknown): number {
  if (!(thrown instanceof SluiceError)) return exitCodes.cellFailed;
  switch (thrown.code) {
    case "USAGE":
    case "NOTEBOOK_INVALID":
    case "INPUT_INVALID":
    case "NOT_FOUND":
      return exitCodes.usage;
    case "KERNEL_DIED":
      return exitCodes.kernelDied;
    case "INTERRUPTED":
      return exitCodes.interrupted;
    default:
      return exitCodes.cellFailed;
  }
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
