import { randomUUID } from "node:crypto";
import { messageOf, SluiceError } from "../errors.ts";
import { handlers } from "./handlers/index.ts";
import type { Handler, KernelContext, Reply } from "./handlers/handler.ts";
import { History } from "./history.ts";
import type { CommEvent, Interpreter, InterpreterHost } from "./interpreter/interpreter.ts";
import { Outputs } from "./outputs.ts";
import { newMessage } from "./protocol/builders.ts";
import type { MessageExtras } from "./protocol/builders.ts";
import type { ErrorContent } from "./protocol/content.ts";
import type { ConnectionInfo } from "./wire/connection.ts";
import { decode, encode } from "./wire/framing.ts";
import type { Header, Message } from "./wire/framing.ts";
import { bindKernelSockets, closeSockets } from "./wire/kernel-sockets.ts";
import type { KernelSockets } from "./wire/kernel-sockets.ts";
import { SendQueue } from "./wire/send-queue.ts";
import { createSigner } from "./wire/signer.ts";
import type { Signer } from "./wire/signer.ts";
import { WelcomingSocket } from "./wire/welcoming-socket.ts";

/** What a kernel is made of. */
export interface KernelOptions {
  connection: ConnectionInfo;
  interpreter: Interpreter;
  /** Where the history is kept; in memory only when absent. */
  historyFile?: string;
  /** Called with each cell that was received, before it runs. */
  onReceived?: (request: Message) => void;
  /** Called with the id of each cell that was answered. */
  onAnswered?: (id: string) => void;
  /** Says something to whoever started the kernel. */
  log?: (line: string) => void;
}

type RequestChannel = "shell" | "control";

/** How long requests that were sent together with a failing cell may take to arrive. */
const ABORT_WINDOW_MS = 5;

/** The protocol's side of a kernel: reads requests from the sockets, lets handlers answer, keeps what they share. */
export class Kernel implements KernelContext, InterpreterHost {
  readonly interpreter: Interpreter;
  readonly outputs: Outputs;
  readonly history: History;
  readonly comms = new Map<string, string>();
  executionCount = 0;
  running: Message | undefined;
  /** Resolves when a shutdown was asked for and the interpreter freed what it holds. */
  readonly stopped: Promise<void>;
  /** Resolves when the first client listens to output. */
  readonly subscribed: Promise<void>;

  readonly #options: KernelOptions;
  readonly #session = randomUUID();
  readonly #signer: Signer;
  readonly #queue: { channel: RequestChannel; message: Message }[] = [];
  #sockets: KernelSockets | undefined;
  #send: Record<RequestChannel | "stdin" | "iopub", SendQueue> | undefined;
  #working = false;
  #input: { resolve: (value: string) => void; reject: (reason: Error) => void } | undefined;
  #stopping = false;
  #finishing = false;
  #onStopped: () => void = () => undefined;
  #onSubscribed: () => void = () => undefined;

  constructor(options: KernelOptions) {
    this.#options = options;
    this.#signer = createSigner(options.connection);
    this.interpreter = options.interpreter;
    this.history = new History(options.historyFile);
    this.outputs = new Outputs((type, content, parent, extras) => this.#publish(type, content, parent, extras));
    this.stopped = new Promise((resolve) => (this.#onStopped = resolve));
    this.subscribed = new Promise((resolve) => (this.#onSubscribed = resolve));
  }

  /** Opens the sockets and starts to answer. */
  async start(): Promise<void> {
    const sockets = await bindKernelSockets(this.#options.connection);
    const failed = (error: unknown): void => {
      if (!sockets.shell.closed) this.#log(`A message could not be sent: ${messageOf(error)}.`);
    };
    const iopub = new WelcomingSocket(sockets.iopub, (topic) =>
      encode(
        newMessage("iopub_welcome", { subscription: topic.toString() }, this.#session, { identities: [topic] }),
        this.#signer,
      ),
    );
    this.#sockets = sockets;
    this.#send = {
      shell: new SendQueue(sockets.shell, failed),
      control: new SendQueue(sockets.control, failed),
      stdin: new SendQueue(sockets.stdin, failed),
      iopub: new SendQueue(iopub, failed),
    };
    this.#publish("status", { execution_state: "starting" }, {});
    this.interpreter.start(this);
    this.#pump(sockets.hb, (frames) => void sockets.hb.send(frames));
    this.#pump(sockets.iopub, ([frame]) => this.#subscription(frame, iopub));
    this.#pump(sockets.control, (frames) => this.#receive("control", frames));
    this.#pump(sockets.shell, (frames) => this.#receive("shell", frames));
    this.#pump(sockets.stdin, (frames) => this.#receive("shell", frames));
  }

  /** Waits until all that was said is sent, and closes the sockets. */
  async close(): Promise<void> {
    await this.drain();
    if (this.#sockets) closeSockets(this.#sockets);
  }

  /** Waits until ZeroMQ took everything said so far. */
  async drain(): Promise<void> {
    this.outputs.flush();
    await Promise.all(Object.values(this.#send ?? {}).map((queue) => queue.drained()));
  }

  // What handlers use.

  async abortQueue(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ABORT_WINDOW_MS));
    for (const { channel, message } of this.#queue.splice(0)) {
      this.#abort(channel, message);
    }
  }

  answerInput(value: string): void {
    this.#input?.resolve(value);
    this.#input = undefined;
  }

  stop(): void {
    this.#stopping = true;
  }

  // What the interpreter says.

  stream(parent: string, name: "stdout" | "stderr", text: string): void {
    this.outputs.stream(parent, name, text);
  }

  display(parent: string, event: Parameters<InterpreterHost["display"]>[1]): void {
    const transient = event.id === undefined ? {} : { display_id: event.id };
    const type = event.update ? "update_display_data" : "display_data";
    this.outputs.publish(type, { data: event.data, metadata: event.metadata, transient }, parent);
  }

  clear(parent: string, wait: boolean): void {
    this.outputs.publish("clear_output", { wait }, parent);
  }

  input(parent: string, prompt: string, password: boolean): Promise<string> {
    const request = this.running;
    if (request?.header.msg_id !== parent || request.content["allow_stdin"] !== true) {
      const sentence = "This cell can't ask for input: the program that runs it takes none.";
      return Promise.reject(new SluiceError("UNSUPPORTED", sentence, { next: "Give the value as a parameter." }));
    }
    this.#input?.reject(new SluiceError("INTERRUPTED", "Another input was asked for before this one was answered."));
    this.outputs.flush();
    return new Promise((resolve, reject) => {
      this.#input = { resolve, reject };
      const extras = { parent: request.header, identities: request.identities };
      void this.#deliver("stdin", "input_request", { prompt, password }, extras);
    });
  }

  uncaught(parent: string, error: ErrorContent): void {
    this.outputs.publish("error", { ...error }, parent);
  }

  comm(parent: string, event: CommEvent): void {
    const { id, target, data, metadata, buffers } = event;
    if (event.action === "open") this.comms.set(id, target ?? "");
    if (event.action === "close") this.comms.delete(id);
    const type = { open: "comm_open", message: "comm_msg", close: "comm_close" }[event.action];
    const content = { comm_id: id, data, ...(event.action === "open" ? { target_name: target } : {}) };
    this.outputs.publish(type, content, parent, { metadata, buffers });
  }

  async exiting(parent: string, error: ErrorContent): Promise<void> {
    this.outputs.publish("error", { ...error }, parent);
    const request = this.running;
    this.running = undefined;
    if (request) this.#replyError(request, error);
    // The process is about to end: who waits must not wait for ever.
    for (const { channel, message } of this.#queue.splice(0)) this.#abort(channel, message);
    // Open sockets in a thread that is ended with its process would crash it.
    await this.close();
  }

  /** Answers the cells that an earlier process of this kernel left: the first one was running, the others waited. */
  async bury(requests: readonly Message[], error: ErrorContent): Promise<void> {
    const [running, ...waiting] = requests;
    for (const request of requests) this.outputs.remember(request.header);
    if (running) {
      this.outputs.publish("error", { ...error }, running.header.msg_id);
      this.#replyError(running, error);
    }
    for (const request of waiting) this.#abort("shell", request);
    await this.drain();
  }

  #replyError(request: Message, error: ErrorContent): void {
    const content = { status: "error", execution_count: this.executionCount, ...error };
    this.#reply("shell", request, "execute_reply", { ...content, user_expressions: {}, payload: [] });
    this.#status("idle", request.header);
    this.#options.onAnswered?.(request.header.msg_id);
  }

  #abort(channel: RequestChannel, request: Message): void {
    this.#status("busy", request.header);
    this.#reply(channel, request, "execute_reply", { status: "aborted", execution_count: this.executionCount });
    this.#status("idle", request.header);
    this.#options.onAnswered?.(request.header.msg_id);
  }

  // Requests in, replies out.

  #receive(channel: RequestChannel, frames: Buffer[]): void {
    const message = decode(frames, this.#signer);
    if (typeof message === "string") {
      this.#log(`A message on ${channel} was refused (${message}).`);
      return;
    }
    this.outputs.remember(message.header);
    const handler = handlers.get(message.header.msg_type);
    if (handler?.queued) {
      this.#options.onReceived?.(message);
      this.#queue.push({ channel, message });
      void this.#work();
    } else {
      void this.#answer(channel, message, handler);
    }
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#queue.shift(); next && !this.#stopping; next = this.#queue.shift()) {
      await this.#answer(next.channel, next.message, handlers.get(next.message.header.msg_type));
    }
    this.#working = false;
  }

  async #answer(channel: RequestChannel, message: Message, handler: Handler | undefined): Promise<void> {
    const type = message.header.msg_type;
    this.#status("busy", message.header);
    let reply: Reply | undefined;
    try {
      reply = handler ? await handler.handle(message, this) : this.#unknown(type);
    } catch (error) {
      const ename = error instanceof Error ? error.name : "Error";
      reply = { status: "error", ename, evalue: messageOf(error), traceback: [] };
    }
    // Text printed so far goes out before the reply: clients stop listening once they have both reply and idle.
    this.outputs.flush();
    const replyType = handler ? handler.reply : type.replace(/_request$/, "_reply");
    if (reply && replyType) this.#reply(channel, message, replyType, reply);
    this.#status("idle", message.header);
    if (handler?.queued) this.#options.onAnswered?.(message.header.msg_id);
    // Answering in the meantime does not make a kernel idle that runs a cell.
    if (this.running && this.running !== message) this.#status("busy", this.running.header);
    if (this.#stopping && !this.#finishing) await this.#finish();
  }

  #unknown(type: string): Reply | undefined {
    this.#log(`A message of the unknown type ${type} was not answered.`);
    if (!type.endsWith("_request")) return undefined;
    const evalue = `This kernel knows no message of the type ${type}.`;
    return { status: "error", ename: "UnknownMessage", evalue, traceback: [] };
  }

  async #finish(): Promise<void> {
    this.#finishing = true;
    await this.drain();
    await this.interpreter.shutdown();
    await this.drain();
    this.#onStopped();
  }

  #reply(channel: RequestChannel, request: Message, type: string, content: Reply): void {
    void this.#deliver(channel, type, content, { parent: request.header, identities: request.identities });
  }

  #status(state: "busy" | "idle", parent: Header): void {
    this.outputs.flush();
    this.#publish("status", { execution_state: state }, parent);
  }

  #publish(type: string, content: Reply, parent: Partial<Header>, extras: MessageExtras = {}): void {
    void this.#deliver("iopub", type, content, { ...extras, parent, identities: [Buffer.from(type)] });
  }

  #subscription(frame: Buffer | undefined, iopub: WelcomingSocket): void {
    if (frame?.[0] !== 1) return;
    this.#onSubscribed();
    iopub.subscribed(frame.subarray(1));
    // It is welcomed even when there is nothing to say.
    void this.#send?.iopub.send(() => []);
  }

  #deliver(channel: RequestChannel | "stdin" | "iopub", type: string, content: Reply, extras: MessageExtras) {
    const message = newMessage(type, content, this.#session, extras);
    return this.#send?.[channel].send(() => encode(message, this.#signer)) ?? Promise.resolve();
  }

  #pump(socket: AsyncIterable<Buffer[]> & { closed: boolean }, take: (frames: Buffer[]) => void): void {
    const read = async (): Promise<void> => {
      for await (const frames of socket) take(frames);
    };
    read().catch((error: unknown) => {
      if (!socket.closed) this.#log(`A socket can't be read any more: ${messageOf(error)}.`);
    });
  }

  #log(line: string): void {
    this.#options.log?.(line);
  }
}
