// `npm run test:lab`: a notebook in a real JupyterLab, seen through a real browser. Not a part of `npm test`.
// Uses the Chromium that SLUICE_TEST_CHROMIUM names or that is installed; on Debian, as root, it installs it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { root, run, setup } from "./setup.mjs";

const known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const find = () => process.env.SLUICE_TEST_CHROMIUM ?? known.find((path) => existsSync(path));

function install() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    process.stderr.write("sluice: no Chromium was found. Install it, or name it with SLUICE_TEST_CHROMIUM.\n");
    process.exit(2);
  }
  process.stderr.write("Installing Chromium …\n");
  run("apt-get", ["update", "-qq"], { quiet: true });
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { quiet: true });
}

await setup();
if (find() === undefined) install();
const tests = spawnSync(
  "npx",
  ["vitest", "run", "--project", "integration", "kernel-lib/test/integration/lab.test.ts"],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, SLUICE_TEST_CHROMIUM: find() },
  },
);
process.exit(tests.status ?? 1);
