// The HTTP/2 connection of a channel: opened by the first request, and again by the first after it was lost.
import { connect as connectHttp2 } from "node:http2";
import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  ClientSessionRequestOptions,
  Http2Session,
  OutgoingHttpHeaders,
} from "node:http2";
import type { Socket } from "node:net";
import type { GrpcTransportOptions } from "@connectrpc/connect-node";
import type { Liveness } from "./liveness.ts";
import { Watch } from "./liveness.ts";

// A batch of results is some megabytes: with HTTP/2's own 64 KiB the server would wait for us again and again. What was sent
// and did not arrive must be less than the 10 MB of responses that the server keeps for who asks for them again.
const STREAM_WINDOW = 4 << 20;
const CONNECTION_WINDOW = 32 << 20;
const MAX_FRAME = 1 << 20;
const CONNECT_WITHIN_MS = 10_000;
/** A server of HTTP/2 speaks first. */
const GREETED_WITHIN_MS = 5000;

const settings = { initialWindowSize: STREAM_WINDOW, maxFrameSize: MAX_FRAME, enablePush: false };

type SessionManager = NonNullable<GrpcTransportOptions["sessionManager"]>;

/**
 * Keeps one connection for all requests.
 *
 * Unlike connect-node's own manager it waits for the server's greeting, widens the window, and pings only as often as a Spark
 * server permits.
 */
export class Http2Connection implements SessionManager {
  readonly authority: string;
  readonly #openSocket: () => Socket;
  readonly #liveness: Liveness;
  /** One, and those before it whose last requests are still answered. */
  readonly #watches = new Map<Http2Session, Watch>();
  #current: Promise<ClientHttp2Session> | undefined;
  #opened = 0;

  constructor(url: string, openSocket: () => Socket, liveness: Liveness) {
    this.authority = new URL(url).origin;
    this.#openSocket = openSocket;
    this.#liveness = liveness;
  }

  /** How often it was opened so far. */
  get opened(): number {
    return this.#opened;
  }

  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: Omit<ClientSessionRequestOptions, "signal">,
  ): Promise<ClientHttp2Stream> {
    const session = await this.connect();
    const stream = session.request({ ...headers, ":method": method, ":path": path }, options);
    this.#watches.get(session)?.opened(stream);
    return stream;
  }

  notifyResponseByteRead({ session }: ClientHttp2Stream): void {
    if (session) this.#watches.get(session)?.heard();
  }

  /** Opens it, if it is not open. */
  async connect(): Promise<ClientHttp2Session> {
    this.#current ??= this.#open();
    const opening = this.#current;
    try {
      const session = await opening;
      if (!session.closed && !session.destroyed) return session;
    } catch (error) {
      if (this.#current === opening) this.#current = undefined;
      throw error;
    }
    if (this.#current === opening) this.#current = undefined;
    return this.connect();
  }

  /** Ends it at once, with all its requests. */
  abort(): void {
    for (const session of this.#watches.keys()) session.destroy();
  }

  #open(): Promise<ClientHttp2Session> {
    this.#opened += 1;
    const socket = this.#openSocket();
    const session = connectHttp2(this.authority, { createConnection: () => socket, settings });
    this.#watches.set(session, new Watch(session, this.#liveness));
    session.once("close", () => this.#watches.delete(session));
    session.once("goaway", () => this.#watches.get(session)?.isIdle && session.destroy());
    return new Promise((resolve, reject) => {
      const endWith = (code: string) => () => session.destroy(fault(code));
      let timer = setTimeout(endWith("ETIMEDOUT"), CONNECT_WITHIN_MS);
      let isConnected = false;
      session.once("connect", () => {
        isConnected = true;
        clearTimeout(timer);
        timer = setTimeout(endWith("ESILENT"), GREETED_WITHIN_MS);
      });
      session.once("remoteSettings", () => {
        clearTimeout(timer);
        session.setLocalWindowSize(CONNECTION_WINDOW);
        // An idle connection lets the process end.
        session.unref();
        resolve(session);
      });
      const closed = (error?: NodeJS.ErrnoException): void => {
        clearTimeout(timer);
        const isReset = error === undefined || error.code === "ECONNRESET" || error.code === "EPIPE";
        reject(isConnected && isReset ? fault("ECLOSED") : (error ?? fault("ECONNRESET")));
      };
      session.on("error", closed);
      session.once("close", () => closed());
    });
  }
}

/** `ETIMEDOUT`: not connected in time; connected, and then `ESILENT`: not a word, or `ECLOSED`: closed. */
function fault(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error("The server did not answer."), { code });
}
