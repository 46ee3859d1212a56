import process from "node:process";
import { MessageChannel, Worker } from "node:worker_threads";
import { readArguments } from "./arguments.ts";
import { SHARED } from "./interpreter/typescript/messages.ts";
import type { ProtocolWorkerData } from "./protocol-worker.ts";

// One process a kernel. The protocol's thread is started before anything else is loaded here, since it opens the sockets.

const options = readArguments(process.argv.slice(2));
const cwd = process.cwd();
const shared = new SharedArrayBuffer(4 * SHARED.LENGTH);
// A channel of its own keeps what is said to the session until the session is there to hear it.
const { port1, port2 } = new MessageChannel();
const workerData: ProtocolWorkerData = {
  session: port2,
  connectionFile: options.connectionFile,
  cwd,
  shared,
  typecheck: options.typecheck,
  supervised: options.supervised,
};
const worker = new Worker(new URL("./protocol-worker.js", import.meta.url), { workerData, transferList: [port2] });
const exit = process.exit.bind(process);

// User code sees no arguments of the kernel.
process.argv.length = 2;
// Interrupts come as messages; a Ctrl-C in the terminal of the server must not end the kernel.
process.on("SIGINT", () => undefined);
worker.on("exit", () => exit(1));
worker.on("message", (message: { type: string }) => {
  if (message.type === "stopped") exit(0);
  if (message.type === "failed") exit(1);
});

hideWarning("vm.USE_MAIN_CONTEXT_DEFAULT_LOADER");

const { Session } = await import("./interpreter/typescript/session/session.ts");
new Session({
  port: port1,
  shared: new Int32Array(shared),
  cwd,
  ...(options.preload === undefined ? {} : { preload: options.preload }),
});

// Node prints a warning about a feature that the kernel itself uses; all others are shown.
function hideWarning(text: string): void {
  const listeners = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (!warning.message.includes(text)) for (const listener of listeners) listener(warning);
  });
}
