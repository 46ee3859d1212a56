// `npm run test:package`: packs the package, installs it into an empty folder and uses it there. Not a part of `npm test`.
import { spawnSync } from "node:child_process";
import { root, setup } from "./setup.mjs";

await setup();
const tests = spawnSync("npx", ["vitest", "run", "kernel-lib/test/integration/package.test.ts"], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, SLUICE_TEST_PACKAGE: "1" },
});
process.exit(tests.status ?? 1);
