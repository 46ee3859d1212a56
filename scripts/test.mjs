// `npm test`: set-up, lint, then every test but the slow suites that have scripts of their own.
// Arguments go to vitest: `npm test -- kernel-lib/src/sql` runs one folder, without the lint.
import { spawnSync } from "node:child_process";
import { root, run, setup } from "./setup.mjs";

const args = process.argv.slice(2);
await setup();
if (args.length === 0) run(process.execPath, ["scripts/lint.mjs"]);
// Those that need a Spark have scripts of their own.
const projects =
  args.length > 0 ? [] : ["unit", "conformance", "contract", "docs", "integration"].map((name) => `--project=${name}`);
const tests = spawnSync("npx", ["vitest", "run", ...projects, ...args], { cwd: root, stdio: "inherit" });
process.exit(tests.status ?? 1);
