import type { Header } from "./wire/framing.ts";

/** Publishes one message on IOPub. */
export type Publish = (
  type: string,
  content: Record<string, unknown>,
  parent: Partial<Header>,
  extras?: { metadata?: Record<string, unknown>; buffers?: Uint8Array[] },
) => void;

const FLUSH_AFTER_MS = 20;
const FLUSH_AT_CHARACTERS = 256 * 1024;
/** Late output can name any of the last requests; older ones fall back to no parent. */
const REMEMBERED_REQUESTS = 20_000;

interface Pending {
  parent: string;
  name: "stdout" | "stderr";
  texts: string[];
  size: number;
}

/**
 * Puts output on IOPub under the request that it belongs to. Text is gathered for up to 20 ms, so that a thousand
 * printed lines are a few messages; anything else that is published sends the gathered text first, so order is kept.
 */
export class Outputs {
  readonly #publish: Publish;
  readonly #parents = new Map<string, Partial<Header>>();
  #pending: Pending | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: Publish) {
    this.#publish = publish;
  }

  /** Remembers a request's header, so that output can name it by its id. */
  remember(header: Header): void {
    this.#parents.set(header.msg_id, header);
    if (this.#parents.size > REMEMBERED_REQUESTS) {
      const oldest = this.#parents.keys().next().value;
      if (oldest !== undefined) this.#parents.delete(oldest);
    }
  }

  /** The header of a remembered request, or an empty one. */
  parentOf(id: string): Partial<Header> {
    return this.#parents.get(id) ?? {};
  }

  /** Adds text to a stream. */
  stream(parent: string, name: "stdout" | "stderr", text: string): void {
    const pending = this.#pending;
    if (pending?.parent === parent && pending.name === name) {
      pending.texts.push(text);
      pending.size += text.length;
    } else {
      this.flush();
      this.#pending = { parent, name, texts: [text], size: text.length };
      this.#timer = setTimeout(() => this.flush(), FLUSH_AFTER_MS);
    }
    if ((this.#pending?.size ?? 0) >= FLUSH_AT_CHARACTERS) this.flush();
  }

  /** Sends the gathered text. */
  flush(): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = undefined;
    clearTimeout(this.#timer);
    this.#publish("stream", { name: pending.name, text: pending.texts.join("") }, this.parentOf(pending.parent));
  }

  /** Sends the gathered text and then a message. */
  publish(
    type: string,
    content: Record<string, unknown>,
    parent: string,
    extras?: { metadata?: Record<string, unknown>; buffers?: Uint8Array[] },
  ): void {
    this.flush();
    this.#publish(type, content, this.parentOf(parent), extras);
  }
}
