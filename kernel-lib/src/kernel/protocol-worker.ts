import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { Socket } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";
import { parentPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { messageOf } from "../errors.ts";
import { historyFile } from "./data-folder.ts";
import { startLanguage } from "./interpreter/language/index.ts";
import { TypeScriptInterpreter } from "./interpreter/typescript/typescript-interpreter.ts";
import { Kernel } from "./kernel.ts";
import type { TypeCheckMode } from "./magics/typecheck.ts";
import { pendingCell, readObituary, SUPERVISOR_FD } from "./supervision.ts";
import type { Order, Report } from "./supervision.ts";
import { readConnectionFile } from "./wire/connection.ts";

// The protocol's thread: sockets, messages and the compiler. The user's code runs in the main thread.

/** What the main thread gives this one. */
export interface ProtocolWorkerData {
  /** Leads to the session in the main thread. */
  session: MessagePort;
  connectionFile: string;
  cwd: string;
  shared: SharedArrayBuffer;
  typecheck: TypeCheckMode;
  supervised: boolean;
}

/** How long the main thread may take to end the process. */
const END_WITHIN_MS = 1000;

const { session, connectionFile, cwd, shared, typecheck, supervised } = workerData as ProtocolWorkerData;
const port = parentPort as MessagePort;

function log(line: string): void {
  try {
    writeSync(2, `[sluice kernel] ${line}\n`);
  } catch {
    // Nobody listens.
  }
}

// With open sockets an error that nothing catches would end the process without a word.
process.on("uncaughtException", (error) => log(error.stack ?? messageOf(error)));
process.on("unhandledRejection", (error) => log(messageOf(error)));

const link = supervised ? new Socket({ fd: SUPERVISOR_FD, readable: true, writable: true }) : undefined;
const report = (message: Report): void => void link?.write(JSON.stringify(message) + "\n");

const interpreter = new TypeScriptInterpreter({
  port: session,
  shared: new Int32Array(shared),
  language: () => startLanguage({ cwd }),
  typecheck,
  control: () => {
    const inspector = new Session();
    inspector.connectToMainThread();
    return inspector;
  },
});

try {
  const kernel = new Kernel({
    connection: readConnectionFile(connectionFile),
    interpreter,
    historyFile: historyFile(),
    log,
    onReceived: (request) => report({ type: "received", cell: pendingCell(request) }),
    onAnswered: (id) => report({ type: "answered", id }),
  });
  if (link) obey(link, kernel);
  if (!supervised) endWithParent();
  await kernel.start();
  await kernel.stopped;
  report({ type: "stopped" });
  await kernel.close();
  port.postMessage({ type: "stopped" });
  // A main thread that is stuck in native code does not hear that.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), END_WITHIN_MS);
} catch (error) {
  log(messageOf(error));
  report({ type: "failed" });
  port.postMessage({ type: "failed" });
}

/** Ends a kernel that has no supervisor when the program that started it is gone. */
function endWithParent(): void {
  const parent = process.ppid;
  const look = (): void => void (process.ppid === parent || process.kill(process.pid, "SIGKILL"));
  setInterval(look, 2000).unref();
}

function obey(supervisor: Socket, kernel: Kernel): void {
  createInterface({ input: supervisor }).on("line", (line) => {
    const order = JSON.parse(line) as Order;
    if (order.type === "interrupt") interpreter.interrupt();
    else void readObituary(order, kernel);
  });
  supervisor.on("error", () => undefined);
  // Without its supervisor the kernel has no one to serve.
  supervisor.on("close", () => process.kill(process.pid, "SIGKILL"));
}
