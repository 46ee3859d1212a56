// Runs every command that README.md shows in an `sh` block, in order, and fails at the first one that fails.
// A block that starts with `# not run:` is shown to readers only (a remote cluster, a window that stays open).
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, setup } from "./setup.mjs";

await setup();
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1]);
const commands = blocks
  .filter((block) => !block.startsWith("# not run:"))
  .flatMap((block) => block.split("\n"))
  .map((line) => line.replace(/\s+#.*$/, "").trim())
  .filter((line) => line !== "" && !line.startsWith("#"));

let passed = 0;
for (const command of commands) {
  // The suites have steps of their own in .ci/run; running them from here would run them twice.
  if (/^npm (test|run test:)/.test(command)) continue;
  process.stdout.write(`$ ${command}\n`);
  const result = spawnSync("bash", ["-c", command], { cwd: root, stdio: "inherit", timeout: 600_000 });
  if (result.status !== 0) {
    process.stdout.write(`${passed} passed, 1 failed\n`);
    process.exit(1);
  }
  passed++;
}
if (passed === 0) {
  process.stderr.write("README.md shows no command to run.\n");
  process.exit(1);
}
process.stdout.write(`${passed} passed, 0 failed\n`);
