import process from "node:process";

// The entry of the kernel. Without `--unsupervised` it is the small parent of the process that runs cells.
if (process.argv.includes("--unsupervised")) await import("./kernel-process.ts");
else (await import("./supervisor.ts")).supervise(process.argv.slice(2));
