// One server and what is known of it: sends requests, again where a network fault stopped them, and notices when the server
// behind the address is another one.
import { create } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import type { CallOptions, Client } from "@connectrpc/connect";
import type {
  FetchErrorDetailsResponse,
  SparkConnectService,
  UserContext,
} from "../../generated/spark/connect/base_pb.ts";
import {
  AnalyzePlanRequestSchema,
  ConfigRequestSchema,
  FetchErrorDetailsRequestSchema,
  UserContextSchema,
} from "../../generated/spark/connect/base_pb.ts";
import { SluiceError } from "../../errors.ts";
import { SparkError } from "../../sql/errors.ts";
import type { Channel, TlsOptions } from "./channel.ts";
import { openChannel } from "./channel.ts";
import type { ConnectionString } from "./connection-string.ts";
import { sessionGone, sessionGoneCondition, userError } from "./errors.ts";
import { isPassing } from "./faults.ts";
import type { Liveness } from "./liveness.ts";
import type { RetryPolicy } from "./retries.ts";
import { Attempts, defaultRetryPolicy } from "./retries.ts";
import { SessionMarks } from "./session-marks.ts";

/** Spark's service as a client of it. */
export type Service = Client<typeof SparkConnectService>;

/** What every request says of its sender. */
export interface Sender {
  readonly sessionId: string;
  readonly clientObservedServerSideSessionId?: string;
  readonly userContext: UserContext;
  readonly clientType: string;
}

/** How a connection behaves. */
export interface ConnectionOptions {
  readonly tls?: TlsOptions;
  readonly retry?: Partial<RetryPolicy>;
  readonly liveness?: Liveness;
}

/** What every answer says of its session. */
interface Answer {
  readonly serverSideSessionId: string;
}

/** What the client calls itself towards the server. */
const CLIENT_TYPE = "sluice";
/** No attempt begins later than this as long as no server was reached. */
const CONTACT_WITHIN_MS = 5000;
/** How long the server is given to take what it need not know. */
const TOLD_WITHIN_MS = 5000;
const DETAILS_WITHIN_MS = 5000;

export class Connection {
  /** Host and port. */
  readonly server: string;
  readonly #address: ConnectionString;
  readonly #retryPolicy: RetryPolicy;
  readonly #channel: Channel;
  /** The server's own id of each session; empty where it has none. */
  readonly #sessions = new Map<string, string>();
  /** Why a session is not to be used any more. */
  readonly #gone = new Map<string, string>();
  #reached = false;
  /** Set where the server has no ids of sessions. */
  #marks: SessionMarks | undefined;
  #closed = false;

  constructor(address: ConnectionString, { tls, retry, liveness }: ConnectionOptions) {
    this.#address = address;
    this.server = `${address.host}:${address.port}`;
    this.#retryPolicy = { ...defaultRetryPolicy, ...retry };
    this.#channel = openChannel(address, tls, liveness);
  }

  /** The service itself, for requests that are not tried again. */
  get service(): Service {
    return this.#channel.service;
  }

  /** The sessions that the server knows of us. */
  get sessions(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  /** Opens the connection and tells the server's version of Spark, such as `4.0.1`. */
  async open(sessionId: string): Promise<string> {
    const request = create(AnalyzePlanRequestSchema, {
      ...this.sender(sessionId),
      analyze: { case: "sparkVersion", value: {} },
    });
    const answer = await this.send(sessionId, (service, options) => service.analyzePlan(request, options));
    if (answer.serverSideSessionId === "") {
      this.#marks = new SessionMarks(this.#channel, (id, opType) =>
        this.service.config(create(ConfigRequestSchema, { ...this.sender(id), operation: { opType } })),
      );
      await this.#retried(sessionId, () => this.check(sessionId));
    }
    return answer.result.case === "sparkVersion" ? answer.result.value.version : "";
  }

  /** The head of every request of a session. */
  sender(sessionId: string): Sender {
    const observed = this.#sessions.get(sessionId);
    const user = this.#address.userId ?? "sluice";
    return {
      sessionId,
      ...(observed ? { clientObservedServerSideSessionId: observed } : {}),
      userContext: create(UserContextSchema, { userId: user, userName: user }),
      clientType: CLIENT_TYPE,
    };
  }

  /**
   * Sends a request of a session, again as long as network faults stop it.
   *
   * @throws the error as a user meets it
   */
  async send<T extends Answer>(
    sessionId: string,
    request: (service: Service, options: CallOptions) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#retried(
      sessionId,
      async () => {
        await this.check(sessionId);
        const response = await request(this.service, signal ? { signal } : {});
        this.observe(sessionId, response);
        return response;
      },
      signal,
    );
  }

  async #retried<T>(sessionId: string, attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const attempts = this.attempts();
    for (;;) {
      try {
        return await attempt();
      } catch (thrown) {
        await this.failed(thrown, sessionId, attempts, signal);
      }
    }
  }

  /**
   * Tells the server something that it can do without, again for a while where network faults stop it.
   *
   * @returns its answer; undefined where there is nobody left to tell
   * @throws the fault that was the last
   */
  async tell<T>(
    sessionId: string,
    request: (service: Service, options: CallOptions) => Promise<T>,
  ): Promise<T | undefined> {
    const attempts = new Attempts(this.#retryPolicy, TOLD_WITHIN_MS);
    for (;;) {
      if (this.#closed || this.#gone.has(sessionId)) return undefined;
      try {
        return await request(this.service, { timeoutMs: TOLD_WITHIN_MS });
      } catch (thrown) {
        if (!(thrown instanceof ConnectError) || !isPassing(thrown) || !(await attempts.next())) throw thrown;
      }
    }
  }

  /** The retries of one request: a server that was never reached is most likely not there. */
  attempts(): Attempts {
    return new Attempts(this.#retryPolicy, this.#reached ? Infinity : CONTACT_WITHIN_MS);
  }

  /** Waits after a fault that may pass; throws what the user meets when it does not, or was waited for too often. */
  async failed(thrown: unknown, sessionId: string, attempts: Attempts, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw canceled(thrown);
    if (this.#closed) throw closedError();
    if (!(thrown instanceof ConnectError) || !isPassing(thrown)) throw await this.#told(thrown, sessionId);
    const again = await attempts.next(signal).catch(() => {
      throw canceled(thrown);
    });
    if (!again) throw await this.#told(thrown, sessionId);
  }

  /** Notes what a response says of its session. */
  observe(sessionId: string, { serverSideSessionId }: Answer): void {
    this.#reached = true;
    this.#marks?.heard(sessionId);
    const known = this.#sessions.get(sessionId);
    if (known === serverSideSessionId) return;
    if (known) throw this.lost(sessionId, "INVALID_HANDLE.SESSION_CHANGED");
    this.#sessions.set(sessionId, serverSideSessionId);
  }

  /**
   * Makes sure that a session is still there, before something is asked of it.
   *
   * Servers that give sessions an id find out by themselves; older ones would make an empty session of the same name.
   */
  async check(sessionId: string): Promise<void> {
    if (this.#closed) throw closedError();
    const condition = this.#gone.get(sessionId);
    if (condition) throw sessionGone(this.server, condition);
    if (this.#marks && !(await this.#marks.isThere(sessionId)))
      throw this.lost(sessionId, "INVALID_HANDLE.SESSION_CHANGED");
  }

  /** Remembers that a session is gone, and gives the error that says so. */
  lost(sessionId: string, condition: string, cause?: unknown): SparkError {
    this.#gone.set(sessionId, condition);
    this.forget(sessionId);
    return sessionGone(this.server, condition, cause);
  }

  /** Forgets a session that was released. */
  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
    this.#marks?.forget(sessionId);
  }

  close(): void {
    this.#closed = true;
    this.#channel.close();
  }

  /** What was thrown, as the user meets it. */
  async #told(thrown: unknown, sessionId: string): Promise<Error> {
    const condition = thrown instanceof ConnectError ? sessionGoneCondition(thrown) : undefined;
    if (condition !== undefined) return this.lost(sessionId, condition, thrown);
    return userError(thrown, {
      server: this.server,
      isSpark: this.#reached,
      details: (errorId) => this.#details(sessionId, errorId),
    });
  }

  async #details(sessionId: string, errorId: string): Promise<FetchErrorDetailsResponse> {
    const request = create(FetchErrorDetailsRequestSchema, { ...this.sender(sessionId), errorId });
    return this.service.fetchErrorDetails(request, { timeoutMs: DETAILS_WITHIN_MS });
  }
}

/** The error of an operation that was ended from outside. */
export function canceled(cause?: unknown): SparkError {
  return new SparkError("OPERATION_CANCELED", "The operation was canceled.", { sqlState: "HY008", cause });
}

function closedError(): SluiceError {
  return new SluiceError("USAGE", "The connection is closed.", { next: "Make a new session." });
}
