// `npm run lab`: JupyterLab with the Sluice kernel, on the project's notebooks.
// Options: --no-browser, --port N, --notebook PATH (under notebooks/).
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, setup } from "./setup.mjs";

const say = (text) => process.stderr.write(`${text}\n`);
const fail = (error, code) => {
  say(`sluice: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(code);
};

let options;
try {
  options = parseArgs({
    options: {
      "no-browser": { type: "boolean", default: false },
      port: { type: "string" },
      notebook: { type: "string", default: "contract-events.ipynb" },
    },
  }).values;
  if (options.port !== undefined && !(Number(options.port) >= 1 && Number(options.port) <= 65535)) {
    throw new Error(`--port takes a number from 1 to 65535, not "${options.port}".`);
  }
} catch (error) {
  fail(error, 2);
}

await setup();
const { installJupyterLab, startJupyterLab } = await import("../kernel-lib/dist/stack/jupyterlab.js");

const interrupt = new AbortController();
const stop = () => interrupt.abort();
process.on("SIGINT", stop).on("SIGTERM", stop);
try {
  const { signal } = interrupt;
  const install = await installJupyterLab({ signal, onProgress: ({ text }) => say(text) });
  execFileSync(
    process.execPath,
    [join(root, "kernel-lib/bin/sluice.js"), "kernel", "install", "--prefix", install.prefix],
    { stdio: ["ignore", 2, 2] },
  );
  say("Starting JupyterLab.");
  const lab = await startJupyterLab(install, {
    folder: join(root, "notebooks"),
    notebook: options.notebook,
    browser: !options["no-browser"],
    signal,
    ...(options.port === undefined ? {} : { port: Number(options.port) }),
  });
  process.stdout.write(`${lab.url}\n`);
  say("Press Ctrl-C to stop it.");
  await Promise.race([lab.ended(), new Promise((resolve) => signal.addEventListener("abort", resolve))]);
  await lab.stop();
} catch (error) {
  fail(error, interrupt.signal.aborted ? 130 : 1);
}
