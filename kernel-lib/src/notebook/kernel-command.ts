import { fileURLToPath } from "node:url";

/** The command that starts Sluice's own kernel with everything that a notebook expects, by this same Node. */
export function sluiceKernelCommand(): string[] {
  // Unbuilt sources have no JavaScript to start; the built kernel beside them is used.
  const main = fileURLToPath(new URL("../kernel/main.js", import.meta.url)).replace(
    /([\\/])src([\\/]kernel[\\/])/,
    "$1dist$2",
  );
  return [process.execPath, main, "--connection-file", "{connection_file}", "--preload", "sluice/preload"];
}
