import process from "node:process";
import { messageOf } from "../errors.ts";
import { readArguments } from "./arguments.ts";

// The entry of the kernel. Without `--unsupervised` it is the small parent of the process that runs cells.

try {
  readArguments(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(2);
}
if (process.argv.includes("--unsupervised")) await import("./kernel-process.ts");
else (await import("./supervisor.ts")).supervise(process.argv.slice(2));
