/** A message as ZeroMQ takes it. */
export type Frames = (Buffer | string | Uint8Array)[];

/** The part of a ZeroMQ socket that sends. */
export interface SendingSocket {
  send(frames: Frames): Promise<void>;
}

/** Sends messages on one socket, one after the other: ZeroMQ allows one send at a time for each socket. */
export class SendQueue {
  #tail: Promise<void> = Promise.resolve();
  readonly #socket: SendingSocket;
  readonly #onError: (error: unknown) => void;

  constructor(socket: SendingSocket, onError: (error: unknown) => void = () => undefined) {
    this.#socket = socket;
    this.#onError = onError;
  }

  /**
   * Queues a message; resolves once ZeroMQ took it. A failure goes to `onError` and does not stop the queue. The frames are
   * made when it is their turn, so that what the caller does next need not wait for them.
   */
  send(frames: () => Frames): Promise<void> {
    this.#tail = this.#tail.then(() => this.#socket.send(frames())).catch(this.#onError);
    return this.#tail;
  }

  /** Resolves when everything queued so far was sent. */
  drained(): Promise<void> {
    return this.#tail;
  }
}
