// Makes the checkout ready to run: checks Node, installs packages when the lock file changed, builds.
// Uses nothing but Node, because it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("../", import.meta.url));
const MINIMUM_NODE = [20, 19];

/** Runs a command in the checkout; its output goes to standard error. Ends the process when the command fails. */
export function run(command, args, { quiet = false, env = {} } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", quiet ? "pipe" : 2, quiet ? "pipe" : 2],
    encoding: "utf8",
  });
  if (result.status === 0) return;
  if (quiet) process.stderr.write((result.stdout ?? "") + (result.stderr ?? ""));
  process.stderr.write(
    `sluice: \`${[command, ...args].join(" ")}\` failed${result.error ? `: ${result.error.message}` : "."}\n`,
  );
  process.exit(result.status ?? 1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  process.stderr.write(
    `sluice: Node ${MINIMUM_NODE.join(".")} or newer is needed, and this is ${process.versions.node}.\n`,
  );
  process.exit(1);
}

function install() {
  const stamp = join(root, "node_modules", ".sluice-lock-hash");
  const hash = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  process.stderr.write("Installing packages …\n");
  run("npm", ["ci", "--no-audit", "--no-fund"], { quiet: true });
  writeFileSync(stamp, hash);
}

export function build() {
  run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-b"]);
}

export async function setup() {
  checkNode();
  install();
  build();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await setup();
