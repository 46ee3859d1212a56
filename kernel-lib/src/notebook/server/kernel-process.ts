import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, SluiceError } from "../../errors.ts";
import { connectClient, newConnection, newMessage, writeConnectionFile } from "../../kernel/index.ts";
import type { ClientChannel, ClientSockets, Message } from "../../kernel/index.ts";
import { makeTempFolder } from "../../temp-folder.ts";

/** How to start a kernel. */
export interface KernelLaunch {
  /** The program and its arguments; `{connection_file}` stands for the path of the connection file. */
  command: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** Takes each message that a kernel sends. */
export type MessageListener = (channel: ClientChannel, message: Message) => void;

/** How long a kernel may take to come up, in milliseconds. */
const startLimit = 60_000;
/** How long a kernel may take to end when it is asked to, in milliseconds. */
const endLimit = 5_000;
/** How often a kernel is started anew when another program took one of its ports meanwhile. */
const attempts = 3;

/** A kernel as a child process of this one, with the sockets to talk to it. */
export class KernelProcess {
  readonly #launch: KernelLaunch;
  readonly #session = "sluice-runner";
  readonly #listeners = new Set<MessageListener>();
  readonly #killWithUs = () => this.kill();
  #child: ChildProcess | undefined;
  #sockets: ClientSockets | undefined;
  #folder: string | undefined;
  #lastWords = "";
  #stopping = false;
  #reportEnd: (reason: string) => void = () => {};

  /** Takes what the process itself prints: output of native code and of programs that cells start, not of cells. */
  onOutput: (name: "stdout" | "stderr", text: string) => void = () => {};
  /** Why the kernel ended; resolves at once when the process of a kernel that was up is gone. */
  readonly died = new Promise<string>((resolve) => (this.#reportEnd = resolve));

  constructor(launch: KernelLaunch) {
    this.#launch = launch;
  }

  listen(listener: MessageListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Starts the process and waits until it answers on its shell and its iopub channel.
   *
   * @throws SluiceError `KERNEL_DIED` when it does not come up.
   */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const reason = await this.#startOnce();
      if (reason === undefined) return;
      await this.#release();
      const portTaken = /EADDRINUSE|address already in use/i.test(this.#lastWords);
      if (portTaken && attempt < attempts && !this.#stopping) continue;
      throw new SluiceError("KERNEL_DIED", `The kernel did not start: ${reason}.`);
    }
  }

  /** Sends a message; it gets lost when the kernel is gone. */
  send(channel: "shell" | "control" | "stdin", message: Message): void {
    void this.#sockets?.send(channel, message);
  }

  /** Asks the kernel to end what it runs. */
  interrupt(): void {
    this.send("control", newMessage("interrupt_request", {}, this.#session));
  }

  /** Asks the kernel to end, kills it and its children when it does not, and removes its files. */
  async shutdown(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child && isRunning(child)) {
      this.send("control", newMessage("shutdown_request", { restart: false }, this.#session));
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await Promise.race([ended, sleep(endLimit, undefined, { ref: false })]);
    }
    this.kill();
    await this.#release();
  }

  /** Kills the kernel and the processes it started. */
  kill(): void {
    this.#stopping = true;
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL"); // the kernel leads a group of its own
    } catch {
      // All are gone.
    }
  }

  /** Starts the process. Returns why that failed, or `undefined` when the kernel answers. */
  async #startOnce(): Promise<string | undefined> {
    const connection = await newConnection("sluice");
    this.#folder = await makeTempFolder("sluice-kernel-");
    const file = join(this.#folder, "connection.json");
    writeConnectionFile(file, connection);
    const [program = "", ...args] = this.#launch.command.map((word) => word.replace("{connection_file}", file));
    const child = spawn(program, args, {
      cwd: this.#launch.cwd,
      // The usual way to tell a kernel whose child it is, so that it ends when its parent is gone.
      env: { ...this.#launch.env, JPY_PARENT_PID: String(process.pid) },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    process.once("exit", this.#killWithUs);
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        this.#lastWords = (this.#lastWords + text).slice(-4096);
        this.onOutput(name, text);
      });
    }
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(`${program} cannot be started (${messageOf(error)})`));
      child.once("exit", (code, signal) => {
        // Its last words may still be in the pipe, but a child of its own can keep the pipe open for ever.
        const read = new Promise((done) => child.once("close", done));
        void Promise.race([read, sleep(50)]).then(() => resolve(this.#describeEnd(code, signal)));
      });
    });
    this.#sockets = connectClient(connection, (channel, message) => {
      for (const listener of this.#listeners) listener(channel, message);
    });
    const reason = await Promise.race([ended, this.#waitUntilReady(child)]);
    if (reason !== undefined) return reason;
    void ended.then(this.#reportEnd);
    return undefined;
  }

  /** Asks until the kernel has answered on shell and was heard on iopub, where early messages get lost. */
  async #waitUntilReady(child: ChildProcess): Promise<string | undefined> {
    const heard = new Set<ClientChannel>();
    const stopListening = this.listen((channel) => heard.add(channel));
    const until = performance.now() + startLimit;
    try {
      for (let wait = 500; !(heard.has("shell") && heard.has("iopub")) && isRunning(child); wait = 1000) {
        if (performance.now() > until) return `it did not answer within ${startLimit / 1000} seconds`;
        this.send("shell", newMessage("kernel_info_request", {}, this.#session));
        const asked = performance.now();
        while (performance.now() < asked + wait && !(heard.has("shell") && heard.has("iopub")) && isRunning(child)) {
          await sleep(2);
        }
      }
      return isRunning(child) ? undefined : await new Promise(() => {}); // its end says more
    } finally {
      stopListening();
    }
  }

  #describeEnd(code: number | null, signal: string | null): string {
    const how = signal === null ? `its process ended with code ${code ?? "?"}` : `its process was killed by ${signal}`;
    const lines = this.#lastWords
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("Waiting for the debugger"));
    const telling = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1);
    return telling === undefined ? how : `${how}; it said "${telling}"`;
  }

  async #release(): Promise<void> {
    process.removeListener("exit", this.#killWithUs);
    this.#sockets?.close();
    this.#sockets = undefined;
    this.#child?.stdout?.destroy();
    this.#child?.stderr?.destroy();
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}

const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;
