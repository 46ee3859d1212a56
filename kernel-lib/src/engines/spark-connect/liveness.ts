// Finds a connection dead that nobody closed: a machine that went away, a proxy that forgot us.
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";

/** How long a connection may be silent while an answer is awaited, and how long it has to prove that it lives. Milliseconds. */
export interface Liveness {
  readonly silence: number;
  readonly patience: number;
}

export const defaultLiveness: Liveness = { silence: 30_000, patience: 15_000 };

/** A gRPC server closes a connection with more pings than this in one silence… */
const QUICK_PINGS = 3;
/** …unless they are so far apart. */
const SLOW_PINGS_MS = 310_000;

/** Watches one connection while it has open requests; only then does it keep the process from ending. */
export class Watch {
  readonly #session: ClientHttp2Session;
  readonly #liveness: Liveness;
  #streams = 0;
  #heard = Date.now();
  /** Pings since it was heard, and when the next is due. */
  #pings = 0;
  #due = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(session: ClientHttp2Session, liveness: Liveness) {
    this.#session = session;
    this.#liveness = liveness;
    session.once("close", () => clearTimeout(this.#timer));
  }

  /** Whether no request is open. */
  get isIdle(): boolean {
    return this.#streams === 0;
  }

  /** A request was opened. */
  opened(stream: ClientHttp2Stream): void {
    this.#streams += 1;
    if (this.#streams === 1) this.#session.ref();
    this.heard();
    stream.once("response", () => this.heard());
    stream.once("close", () => {
      this.#streams -= 1;
      if (this.#streams > 0) return;
      clearTimeout(this.#timer);
      if (!this.#session.destroyed) this.#session.unref();
    });
    if (this.#streams === 1) this.#wait();
  }

  /** Something was answered. */
  heard(): void {
    this.#heard = Date.now();
    this.#pings = 0;
    this.#due = this.#heard + this.#liveness.silence;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), Math.max(0, this.#due - Date.now())).unref();
  }

  #look(): void {
    if (Date.now() < this.#due) this.#wait();
    else this.#ping();
  }

  #ping(): void {
    let answered = false;
    const sent = this.#session.ping(() => {
      answered = true;
      clearTimeout(this.#timer);
      if (this.#streams > 0 && !this.#session.destroyed) this.#wait();
    });
    if (!sent) return;
    this.#pings += 1;
    this.#due = Date.now() + (this.#pings < QUICK_PINGS ? this.#liveness.silence : SLOW_PINGS_MS);
    const giveUp = (): void => {
      if (answered || this.#session.destroyed) return;
      this.#session.destroy(Object.assign(new Error("The connection is silent."), { code: "ETIMEDOUT" }));
    };
    // A program that computed all the while must read the answer before it judges.
    this.#timer = setTimeout(() => setImmediate(giveUp), this.#liveness.patience).unref();
  }
}
