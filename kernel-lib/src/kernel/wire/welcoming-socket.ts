import { setImmediate as turn } from "node:timers/promises";
import type { XPublisher } from "zeromq";
import type { Frames, SendingSocket } from "./send-queue.ts";

/** Sends on IOPub; whoever subscribes gets a welcome before anything else, as JEP 65 has it. */
export class WelcomingSocket implements SendingSocket {
  readonly #socket: XPublisher;
  readonly #welcome: (topic: Buffer) => Frames;
  readonly #topics: Buffer[] = [];

  constructor(socket: XPublisher, welcome: (topic: Buffer) => Frames) {
    this.#socket = socket;
    this.#welcome = welcome;
  }

  /** Takes the topic of a new subscription, which the next `send` welcomes. */
  subscribed(topic: Buffer): void {
    this.#topics.push(topic);
  }

  /** Welcomes new subscribers, and sends the frames if there are any. */
  async send(frames: Frames): Promise<void> {
    // ZeroMQ gives a subscriber what is sent from the moment it knows of it, whether or not the subscription was read here.
    // A message of no frames is not sent, and makes it hand over what it knows.
    while (this.#socket.readable) {
      await this.#socket.send([]);
      await turn();
    }
    for (const topic of this.#topics.splice(0)) await this.#socket.send(this.#welcome(topic));
    if (frames.length > 0) await this.#socket.send(frames);
  }
}
