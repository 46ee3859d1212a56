// `npm run test:spark`: the library against real Spark servers and clusters, fetched the first time. Not a part of `npm test`.
// Needs Java 17, Maven and Python. Arguments go to vitest.
import { spawnSync } from "node:child_process";
import { root, setup } from "./setup.mjs";

await setup();
const args = ["vitest", "run", "--project=spark", ...process.argv.slice(2)];
process.exit(spawnSync("npx", args, { cwd: root, stdio: "inherit" }).status ?? 1);
