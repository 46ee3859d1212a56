// Our kernel against tslab and, where Python has it, ipykernel, driven by one and the same client: the time from the start of
// the process until it answers kernel_info, the first cell, and a small cell (median). Type checks are on, as users have them.
// After `npm run build`: node bench/kernel.mjs [--rounds 5] [--cells 40]
// tslab is installed into the cache folder when it is not there. Exits with 1 when a ratio is above its target.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import {
  connectClient,
  executeContent,
  kernelCommand,
  newConnection,
  newMessage,
  writeConnectionFile,
} from "../kernel-lib/dist/kernel/index.js";

const TSLAB = "1.0.22";
const TARGET = { ready: 0.5, cell: 0.25 };
const WAIT_MS = 60_000;

const { values: given } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, cells: { type: "string", default: "40" } },
});

const work = mkdtempSync(join(tmpdir(), "bench-"));
process.once("exit", () => rmSync(work, { recursive: true, force: true }));

/** Each kernel: its command, and its way to write the same small cells (declare, use an earlier name, compute). */
const typeScriptCell = (i) =>
  [`const value${i}: number = ${i} * 2;\nvalue${i}`, `value${i - 1} + ${i}`, `[1, 2, ${i}].map((n) => n * 2).join()`][
    i % 3
  ];
const KERNELS = [
  { name: "sluice", command: kernelCommand(), cell: typeScriptCell },
  { name: "tslab", command: tslabCommand(), cell: typeScriptCell },
  {
    name: "ipykernel",
    command: ipykernelCommand(),
    cell: (i) => [`value${i} = ${i} * 2\nvalue${i}`, `value${i - 1} + ${i}`, `[n * 2 for n in [1, 2, ${i}]]`][i % 3],
  },
].filter(({ command }) => command !== undefined);

const runs = new Map(KERNELS.map(({ name }) => [name, []]));
for (let round = 0; round < Number(given.rounds); round++) {
  // In turn, so that a busy machine is unfair to none.
  for (const kernel of round % 2 ? KERNELS.toReversed() : KERNELS) runs.get(kernel.name).push(await measure(kernel));
}

const figures = new Map([...runs].map(([name, all]) => [name, summary(all)]));
const peer = figures.get("tslab");
console.log("kernel       ready    first cell   small cell p50        p95   (ms; medians of the rounds)");
for (const [name, { ready, first, cell, slow }] of figures) {
  const columns = [ready.toFixed(0).padStart(7), first.toFixed(0).padStart(11), cell.toFixed(1).padStart(14)];
  console.log(name.padEnd(10), ...columns, slow.toFixed(1).padStart(12));
}
if (peer === undefined) console.log("tslab can't be installed here: there is nothing to compare with.");
else report(figures.get("sluice"), peer);

function report(ours, theirs) {
  const ratios = { ready: ours.ready / theirs.ready, cell: ours.cell / theirs.cell };
  for (const [what, ratio] of Object.entries(ratios)) {
    const verdict = ratio <= TARGET[what] ? "reached" : "MISSED";
    console.log(`${what}: ${ratio.toFixed(2)} of tslab (target ${TARGET[what]}: ${verdict})`);
    if (ratio > TARGET[what]) process.exitCode = 1;
  }
}

async function measure({ name, command, cell }) {
  const connection = await newConnection();
  const file = join(work, `${connection.key}.json`);
  writeConnectionFile(file, connection);
  const folder = mkdtempSync(join(work, "notebook-"));
  const waiting = new Set();
  const sockets = connectClient(connection, (channel, message) => {
    for (const look of waiting) look(channel, message);
  });
  const wait = (wanted) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${name} did not answer within ${WAIT_MS} ms.`)),
        WAIT_MS,
      ).unref();
      const look = (channel, message) => {
        if (!wanted(channel, message)) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(message);
      };
      waiting.add(look);
    });
  const ask = async (type, content) => {
    const message = newMessage(type, content, "bench");
    const isAbout = (other) => other.parentHeader.msg_id === message.header.msg_id;
    const reply = wait((channel, other) => channel === "shell" && isAbout(other));
    const idle = wait(
      (channel, other) => channel === "iopub" && isAbout(other) && other.content.execution_state === "idle",
    );
    void sockets.send("shell", message);
    return { reply: await reply, idle };
  };
  const execute = async (code) => {
    const from = performance.now();
    const { reply, idle } = await ask("execute_request", executeContent(code));
    await idle;
    if (reply.content.status !== "ok") throw new Error(`${name} failed at ${code}: ${reply.content.evalue}`);
    return performance.now() - from;
  };

  const [program, ...args] = command.map((part) => part.replace("{connection_file}", file));
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ["pipe", "ignore", process.env.BENCH_LOG ? "inherit" : "ignore"],
    env: { ...process.env, SLUICE_DATA_DIR: work, IPYTHONDIR: work },
  });
  try {
    let { idle } = await ask("kernel_info_request", {});
    const ready = performance.now() - started;
    // Output can arrive only once the client's subscription did.
    while (!(await Promise.race([idle, sleep(100)]))) {
      idle.catch(() => undefined);
      ({ idle } = await ask("kernel_info_request", {}));
    }
    const first = await execute("1 + 1");
    const times = [];
    for (let i = 0; i < Number(given.cells); i++) times.push(await execute(cell(i + 3)));
    return { ready, first, times };
  } finally {
    child.kill("SIGKILL");
    sockets.close();
  }
}

function summary(all) {
  const sorted = (numbers) => numbers.toSorted((a, b) => a - b);
  const at = (numbers, share) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];
  const median = (pick) => at(all.map(pick), 0.5);
  return {
    ready: median((run) => run.ready),
    first: median((run) => run.first),
    cell: median((run) => at(run.times, 0.5)),
    slow: median((run) => at(run.times, 0.95)),
  };
}

function tslabCommand() {
  const cache = process.env.SLUICE_CACHE || join(homedir(), ".cache", "sluice");
  const folder = join(cache, `bench-tslab-${TSLAB}`);
  const main = join(folder, "node_modules", "tslab", "bin", "tslab");
  if (!existsSync(main)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}\n");
    try {
      execFileSync("npm", ["install", "--no-audit", "--no-fund", `tslab@${TSLAB}`], { cwd: folder, stdio: "ignore" });
    } catch {
      return undefined;
    }
  }
  return [process.execPath, main, "kernel", "--config-path={connection_file}"];
}

function ipykernelCommand() {
  const python = process.env.BENCH_PYTHON ?? "python3";
  try {
    execFileSync(python, ["-c", "import ipykernel"], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  return [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"];
}
