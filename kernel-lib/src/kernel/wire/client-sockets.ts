import { randomUUID } from "node:crypto";
import { Dealer, Subscriber } from "zeromq";
import { endpoint } from "./connection.ts";
import type { ConnectionInfo } from "./connection.ts";
import { decode, encode } from "./framing.ts";
import type { Message } from "./framing.ts";
import { SendQueue } from "./send-queue.ts";
import { createSigner } from "./signer.ts";

/** The channels on which a client gets messages. */
export type ClientChannel = "shell" | "control" | "stdin" | "iopub";

/** A client's connection to a kernel. */
export interface ClientSockets {
  /** Signs and sends a message; resolves when ZeroMQ took it. */
  send(channel: "shell" | "control" | "stdin", message: Message): Promise<void>;
  /** Sends frames as they are: for tests of what a kernel must refuse. */
  sendRaw(channel: "shell" | "control", frames: (Buffer | string)[]): Promise<void>;
  /** Closes the sockets; queued messages are dropped. */
  close(): void;
}

/**
 * Connects a client to the kernel of a connection file and hands it every message that arrives.
 * Messages with a wrong signature are dropped.
 */
export function connectClient(
  connection: ConnectionInfo,
  onMessage: (channel: ClientChannel, message: Message) => void,
): ClientSockets {
  const signer = createSigner(connection);
  // The same address on shell and stdin: a kernel sends input requests to the address of the execute request.
  const options = { linger: 0, reconnectInterval: 15, routingId: randomUUID(), sendHighWaterMark: 0 };
  const dealers = { shell: new Dealer(options), control: new Dealer(options), stdin: new Dealer(options) };
  const iopub = new Subscriber({ linger: 0, reconnectInterval: 15, receiveHighWaterMark: 0 });
  const queues = {
    shell: new SendQueue(dealers.shell),
    control: new SendQueue(dealers.control),
    stdin: new SendQueue(dealers.stdin),
  };
  for (const channel of ["shell", "control", "stdin"] as const) dealers[channel].connect(endpoint(connection, channel));
  iopub.connect(endpoint(connection, "iopub"));
  iopub.subscribe();

  const pump = async (channel: ClientChannel, socket: Dealer | Subscriber): Promise<void> => {
    try {
      for await (const frames of socket) {
        const message = decode(frames, signer);
        if (typeof message !== "string") onMessage(channel, message);
      }
    } catch (error) {
      if (!socket.closed) throw error;
    }
  };
  for (const channel of ["shell", "control", "stdin"] as const) void pump(channel, dealers[channel]);
  void pump("iopub", iopub);

  return {
    send: (channel, message) => queues[channel].send(() => encode(message, signer)),
    sendRaw: (channel, frames) => queues[channel].send(() => frames),
    close() {
      for (const socket of [...Object.values(dealers), iopub]) socket.close();
    },
  };
}
