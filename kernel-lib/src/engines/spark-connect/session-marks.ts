// Servers before 4.0 give a session no id of their own, and make an empty one without a word when the one that was asked for
// is gone: after a restart, an hour without a request, or when a hundred others came after it. A setting with a value of ours
// marks each session, and is looked for when it may have been lost.
import { randomUUID } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ConfigRequestSchema, ConfigResponse } from "../../generated/spark/connect/base_pb.ts";
import type { Channel } from "./channel.ts";

type Operation = NonNullable<NonNullable<MessageInitShape<typeof ConfigRequestSchema>["operation"]>["opType"]>;

interface Mark {
  readonly value: string;
  /** The connection on which it was last seen, as {@link Channel.connections} counts them. */
  connection: number;
  heardAt: number;
}

const KEY = "spark.sluice.session";
/** A session that was used since is among the hundred that a server keeps. */
const TRUSTED_MS = 60_000;

export class SessionMarks {
  readonly #channel: Channel;
  readonly #config: (sessionId: string, operation: Operation) => Promise<ConfigResponse>;
  readonly #marks = new Map<string, Mark>();
  /** Sessions that are being marked: two marks at once would be mistaken for a session that was lost. */
  readonly #marking = new Map<string, Promise<void>>();

  constructor(channel: Channel, config: (sessionId: string, operation: Operation) => Promise<ConfigResponse>) {
    this.#channel = channel;
    this.#config = config;
  }

  /** Whether the server still has the session; one that was not met before is marked. */
  async isThere(sessionId: string, now = Date.now()): Promise<boolean> {
    const known = this.#marks.get(sessionId);
    if (!known) {
      const marking =
        this.#marking.get(sessionId) ?? this.#mark(sessionId).finally(() => this.#marking.delete(sessionId));
      this.#marking.set(sessionId, marking);
      await marking;
      return true;
    }
    await this.#channel.connect();
    const { connections } = this.#channel;
    if (known.connection === connections && now - known.heardAt < TRUSTED_MS) return true;
    if ((await this.#read(sessionId)) !== known.value) return false;
    known.connection = connections;
    known.heardAt = Date.now();
    return true;
  }

  /** The session answered. */
  heard(sessionId: string): void {
    const known = this.#marks.get(sessionId);
    if (known) known.heardAt = Date.now();
  }

  forget(sessionId: string): void {
    this.#marks.delete(sessionId);
  }

  async #mark(sessionId: string): Promise<void> {
    await this.#channel.connect();
    const connection = this.#channel.connections;
    const value = (await this.#read(sessionId)) ?? (await this.#write(sessionId));
    this.#marks.set(sessionId, { value, connection, heardAt: Date.now() });
  }

  async #read(sessionId: string): Promise<string | undefined> {
    const { pairs } = await this.#config(sessionId, { case: "getOption", value: { keys: [KEY] } });
    return pairs[0]?.value;
  }

  async #write(sessionId: string): Promise<string> {
    const value = randomUUID();
    await this.#config(sessionId, { case: "set", value: { pairs: [{ key: KEY, value }] } });
    return value;
  }
}
