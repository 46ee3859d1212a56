import type { Signer } from "./signer.ts";

// A message on the wire:  identity… | <IDS|MSG> | signature | header | parent header | metadata | content | buffer…
const DELIMITER = Buffer.from("<IDS|MSG>");

/** The header of a Jupyter message. */
export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
}

/** A Jupyter message as both ends see it. */
export interface Message {
  /** Routing frames before the delimiter: the client's address on a ROUTER, the topic on IOPub. */
  identities: Buffer[];
  header: Header;
  parentHeader: Partial<Header>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers: Uint8Array[];
}

/** Why frames were not taken as a message. */
export type Refusal = "NO_DELIMITER" | "TOO_SHORT" | "BAD_SIGNATURE" | "BAD_JSON";

/** Turns a message into signed frames. */
export function encode(message: Message, signer: Signer): (Buffer | string | Uint8Array)[] {
  const parts = [message.header, message.parentHeader, message.metadata, message.content].map((part) =>
    Buffer.from(JSON.stringify(part)),
  );
  return [...message.identities, DELIMITER, signer.sign(parts), ...parts, ...message.buffers];
}

/** Reads frames into a message, or says why they are refused. */
export function decode(frames: readonly Buffer[], signer: Signer): Message | Refusal {
  const at = frames.findIndex((frame) => frame.equals(DELIMITER));
  if (at < 0) return "NO_DELIMITER";
  const parts = frames.slice(at + 2, at + 6);
  const signature = frames[at + 1];
  if (parts.length < 4 || signature === undefined) return "TOO_SHORT";
  if (!signer.verify(parts, signature.toString())) return "BAD_SIGNATURE";
  try {
    const [header, parentHeader, metadata, content] = parts.map((part) => asObject(JSON.parse(part.toString())));
    if (typeof header?.["msg_type"] !== "string" || typeof header["msg_id"] !== "string") return "BAD_JSON";
    return {
      identities: frames.slice(0, at),
      header: header as unknown as Header,
      parentHeader: parentHeader as Partial<Header>,
      metadata: metadata ?? {},
      content: content ?? {},
      buffers: frames.slice(at + 6),
    };
  } catch {
    return "BAD_JSON";
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
