import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { kernelCommand } from "../kernelspec.ts";
import type { KernelCommandOptions } from "../kernelspec.ts";
import { executeContent, newMessage } from "../protocol/builders.ts";
import type { ExecuteOptions } from "../protocol/builders.ts";
import { connectClient } from "../wire/client-sockets.ts";
import type { ClientChannel, ClientSockets } from "../wire/client-sockets.ts";
import { newConnection, writeConnectionFile } from "../wire/connection.ts";
import type { ConnectionInfo } from "../wire/connection.ts";
import type { Message } from "../wire/framing.ts";

/** A message with the channel on which it came. */
export interface Received extends Message {
  channel: ClientChannel;
}

/** What came of a cell. */
export interface CellRun {
  /** `ok`, `error` or `aborted`. */
  status: string;
  reply: Record<string, unknown>;
  /** Every message on IOPub under this cell, in order, its status messages included. */
  messages: Received[];
  /** All text of each stream. */
  stdout: string;
  stderr: string;
  /** The text of the result, if there was one. */
  result: string | undefined;
  /** The data of each display, in order. */
  displays: Record<string, unknown>[];
  /** `name: message` of the error, if there was one. */
  error: string | undefined;
  traceback: string[];
}

/** How a kernel for a test is started; without a preload and without type checks unless told otherwise. */
export interface TestKernelOptions extends KernelCommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Answers the inputs that cells ask for. */
  onInput?: (prompt: string, password: boolean) => string;
}

/** A client of a kernel, for tests: `await kernel.execute("1 + 1")` and look at what came. */
export class TestKernel {
  readonly connection: ConnectionInfo;
  readonly received: Received[] = [];
  child: ChildProcess | undefined;
  onInput: ((prompt: string, password: boolean) => string) | undefined;
  readonly #sockets: ClientSockets;
  readonly #session = randomUUID();
  readonly #listeners = new Set<() => void>();
  readonly #cleanups: (() => void)[] = [];

  constructor(connection: ConnectionInfo) {
    this.connection = connection;
    this.#sockets = connectClient(connection, (channel, message) => this.#take({ ...message, channel }));
  }

  /** Starts the built kernel and waits until it is ready. Close it at the end of the test. */
  static async start(options: TestKernelOptions = {}): Promise<TestKernel> {
    const connection = await newConnection("sluice");
    const folder = mkdtempSync(join(tmpdir(), "sluice-kernel-"));
    const file = join(folder, "connection.json");
    writeConnectionFile(file, connection);
    const kernel = new TestKernel(connection);
    kernel.onInput = options.onInput;
    const command = kernelCommand({ preload: false, typecheck: "off", ...options });
    const [program = "", ...args] = command.map((part) => part.replace("{connection_file}", file));
    kernel.child = spawn(program, args, {
      cwd: options.cwd ?? folder,
      stdio: ["ignore", "inherit", process.env["SLUICE_KERNEL_LOG"] ? "inherit" : "ignore"],
      env: { ...process.env, SLUICE_DATA_DIR: folder, ...options.env },
    });
    kernel.#cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    await kernel.ready();
    return kernel;
  }

  /** Waits until the kernel answers and its output arrives. */
  async ready(): Promise<void> {
    const seen = (): boolean => this.received.some(({ channel }) => channel === "iopub");
    const asked = [this.request("shell", "kernel_info_request")];
    while (!seen()) {
      await Promise.race([...asked, sleep(20)]);
      if (seen()) break;
      asked.push(this.request("control", "kernel_info_request"));
      await sleep(50);
    }
    // An answer that came later would stand between the messages of the first cell.
    await Promise.all(asked);
  }

  /** Sends a request and gives its reply. */
  async request(channel: "shell" | "control", type: string, content: Record<string, unknown> = {}): Promise<Received> {
    const id = this.send(channel, type, content);
    return this.until((message) => message.parentHeader.msg_id === id && message.channel === channel);
  }

  /** Sends a message and gives its id. */
  send(
    channel: "shell" | "control" | "stdin",
    type: string,
    content: Record<string, unknown>,
    extras: { parent?: Message["parentHeader"]; buffers?: Uint8Array[] } = {},
  ): string {
    const message = newMessage(type, content, this.#session, extras);
    void this.#sockets.send(channel, message);
    return message.header.msg_id;
  }

  /** Sends frames that are no proper message. */
  async sendRaw(frames: (Buffer | string)[]): Promise<void> {
    await this.#sockets.sendRaw("shell", frames);
  }

  /** Runs a cell and waits for its reply and its end. */
  async execute(code: string, options: Partial<ExecuteOptions> = {}): Promise<CellRun> {
    return this.finished(this.startCell(code, options));
  }

  /** Sends a cell and gives the request's id at once. */
  startCell(code: string, options: Partial<ExecuteOptions> = {}): string {
    const allowStdin = options.allowStdin ?? this.onInput !== undefined;
    return this.send("shell", "execute_request", executeContent(code, { ...options, allowStdin }));
  }

  /** Waits for the end of a cell that was sent. */
  async finished(id: string): Promise<CellRun> {
    const reply = await this.until(({ channel, parentHeader }) => channel === "shell" && parentHeader.msg_id === id);
    await this.until(
      ({ header, content, parentHeader }) =>
        parentHeader.msg_id === id && header.msg_type === "status" && content["execution_state"] === "idle",
    );
    return this.summary(id, reply.content);
  }

  /** What came so far under a cell. */
  summary(id: string, reply: Record<string, unknown> = {}): CellRun {
    const messages = this.received.filter((m) => m.channel === "iopub" && m.parentHeader.msg_id === id);
    const contents = (type: string): Record<string, unknown>[] =>
      messages.filter(({ header }) => header.msg_type === type).map(({ content }) => content);
    const text = (name: string): string =>
      contents("stream")
        .filter((content) => content["name"] === name)
        .map((content) => String(content["text"]))
        .join("");
    const data = (content: Record<string, unknown> | undefined) =>
      content?.["data"] as Record<string, unknown> | undefined;
    const error = contents("error")[0];
    const result = data(contents("execute_result")[0])?.["text/plain"];
    return {
      status: String(reply["status"]),
      reply,
      messages,
      stdout: text("stdout"),
      stderr: text("stderr"),
      result: typeof result === "string" ? result : undefined,
      displays: contents("display_data").map((content) => data(content) ?? {}),
      error: error && `${String(error["ename"])}: ${String(error["evalue"])}`,
      traceback: (error?.["traceback"] as string[] | undefined) ?? [],
    };
  }

  /** Waits for a message that came or comes. */
  async until(wanted: (message: Received) => boolean, withinMs = 30_000): Promise<Received> {
    const found = this.received.find(wanted);
    if (found) return found;
    return new Promise((resolve, reject) => {
      let from = this.received.length;
      const timer = setTimeout(() => {
        this.#listeners.delete(look);
        const types = this.received.slice(-10).map(({ channel, header }) => `${channel}/${header.msg_type}`);
        reject(new Error(`No such message came within ${withinMs} ms. The last ones: ${types.join(", ")}.`));
      }, withinMs);
      const look = (): void => {
        for (; from < this.received.length; from++) {
          const message = this.received[from];
          if (!message || !wanted(message)) continue;
          clearTimeout(timer);
          this.#listeners.delete(look);
          resolve(message);
          return;
        }
      };
      this.#listeners.add(look);
    });
  }

  /** Ends the kernel and the client. */
  async close(): Promise<void> {
    const child = this.child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      this.send("control", "shutdown_request", { restart: false });
      await Promise.race([exited, sleep(5000)]);
      child.kill("SIGTERM");
    }
    this.#sockets.close();
    for (const cleanup of this.#cleanups) cleanup();
  }

  #take(message: Received): void {
    this.received.push(message);
    if (message.header.msg_type === "input_request") {
      const value = this.onInput?.(String(message.content["prompt"]), message.content["password"] === true);
      if (value !== undefined) this.send("stdin", "input_reply", { status: "ok", value }, { parent: message.header });
    }
    for (const listener of this.#listeners) listener();
  }
}
