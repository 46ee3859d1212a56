import { randomUUID } from "node:crypto";
import type { CommEvent } from "../../interpreter.ts";

/** A message on a comm. */
export interface CommMessage {
  data: unknown;
  metadata: Record<string, unknown>;
  buffers: Uint8Array[];
}

/** What may go with a comm message. */
export interface CommOptions {
  metadata?: Record<string, unknown>;
  buffers?: Uint8Array[];
}

/** An open side channel to the frontend. */
export interface Comm {
  readonly id: string;
  readonly target: string;
  send(data: unknown, options?: CommOptions): void;
  close(data?: unknown): void;
  onMessage(handler: (message: CommMessage) => unknown): void;
  onClose(handler: (message: CommMessage) => unknown): void;
}

/**
 * Side channels to the frontend, such as widgets use.
 *
 * @example
 * ```ts notebook
 * comms.register("echo", (comm) => comm.onMessage(({ data, buffers }) => comm.send(data, { buffers })));
 * const comm = comms.open("my-widget", { value: 1 });
 * ```
 */
export interface Comms {
  /** Says what happens when the frontend opens a comm of this target. */
  register(target: string, opened: (comm: Comm, message: CommMessage) => unknown): void;
  /** Opens a comm from here. */
  open(target: string, data?: unknown, options?: CommOptions): Comm;
}

interface OpenComm {
  comm: Comm;
  message?: (message: CommMessage) => unknown;
  closed?: (message: CommMessage) => unknown;
}

/** Keeps the comms of a session. */
export class SessionComms implements Comms {
  readonly #targets = new Map<string, (comm: Comm, message: CommMessage) => unknown>();
  readonly #open = new Map<string, OpenComm>();
  readonly #send: (event: CommEvent) => void;

  constructor(send: (event: CommEvent) => void) {
    this.#send = send;
  }

  register(target: string, opened: (comm: Comm, message: CommMessage) => unknown): void {
    this.#targets.set(target, opened);
  }

  open(target: string, data: unknown = {}, options: CommOptions = {}): Comm {
    const comm = this.#make(randomUUID(), target);
    this.#say("open", comm, data, options);
    return comm;
  }

  /** Takes a message from the frontend; resolves when its handler is done. */
  async receive(event: CommEvent): Promise<void> {
    const { id, data, metadata, buffers } = event;
    const message = { data, metadata, buffers };
    if (event.action === "open") {
      const target = event.target ?? "";
      const opened = this.#targets.get(target);
      const comm = this.#make(id, target);
      // The protocol has it so: an unknown target is closed again.
      if (opened) await opened(comm, message);
      else comm.close();
      return;
    }
    const open = this.#open.get(id);
    if (event.action === "close") this.#open.delete(id);
    await (event.action === "close" ? open?.closed?.(message) : open?.message?.(message));
  }

  #make(id: string, target: string): Comm {
    const open: OpenComm = {
      comm: {
        id,
        target,
        send: (data, options = {}) => this.#say("message", open.comm, data, options),
        close: (data = {}) => {
          if (this.#open.delete(id)) this.#say("close", open.comm, data, {});
        },
        onMessage: (handler) => void (open.message = handler),
        onClose: (handler) => void (open.closed = handler),
      },
    };
    this.#open.set(id, open);
    return open.comm;
  }

  #say(action: CommEvent["action"], comm: Comm, data: unknown, options: CommOptions): void {
    const { metadata = {}, buffers = [] } = options;
    this.#send({ action, id: comm.id, target: comm.target, data, metadata, buffers });
  }
}
