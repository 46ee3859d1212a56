// `npm run test:spark`: the library against real Spark servers and clusters, fetched the first time. Not a part of `npm test`.
// Needs Java 17, Maven and Python. First the contract suite on each server, then the tests that start their own. With arguments
// only the latter, for those files: `npm run test:spark -- stack`. SLUICE_SPARKS=sail,spark-4.0.1 names the servers.
import { spawnSync } from "node:child_process";
import { root, setup } from "./setup.mjs";

const args = process.argv.slice(2);
await setup();
const { startSail, startSpark } = await import("../kernel-lib/dist/stack/index.js");

/** Sail is for information: what it cannot do yet is no fault of ours. */
const servers = (process.env.SLUICE_SPARKS ?? "spark-3.5.5,spark-4.0.1").split(",");
const onProgress = ({ text }) => process.stderr.write(`${text}\n`);
let failed = false;

if (args.length === 0) {
  for (const name of servers) {
    const [, version] = name.split("-");
    const server = name === "sail" ? await startSail({ onProgress }) : await startSpark({ version, onProgress });
    process.stderr.write(`The contract suite on ${name}:\n`);
    const passed = vitest("--project=contract", { SLUICE_CONTRACT: name, SPARK_REMOTE: server.url });
    if (!passed && name !== "sail") failed = true;
    await server.stop();
  }
}
if (!vitest("--project=spark", {}, args)) failed = true;
process.exit(failed ? 1 : 0);

function vitest(project, env, files = []) {
  const options = { cwd: root, stdio: "inherit", env: { ...process.env, ...env } };
  return spawnSync("npx", ["vitest", "run", project, ...files], options).status === 0;
}
