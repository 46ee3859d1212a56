// Makes kernel-lib/src/generated from kernel-lib/proto. The result is committed.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const kernelLib = fileURLToPath(new URL("../kernel-lib/", import.meta.url));
for (const args of [["format", "-w", "proto"], ["generate"]]) {
  const run = spawnSync("npx", ["buf", ...args], { cwd: kernelLib, stdio: "inherit" });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
