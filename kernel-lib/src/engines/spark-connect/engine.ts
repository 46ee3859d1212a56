// A real Spark behind the seam: the client of its Spark Connect service.
import { create } from "@bufbuild/protobuf";
import type * as base from "../../generated/spark/connect/base_pb.ts";
import {
  AddArtifactsResponseSchema,
  AnalyzePlanRequestSchema,
  ConfigRequestSchema,
  ExecutePlanRequestSchema,
  InterruptRequestSchema,
  ReleaseSessionRequestSchema,
} from "../../generated/spark/connect/base_pb.ts";
import { SluiceError } from "../../errors.ts";
import type { CallOptions, Engine } from "../engine.ts";
import type { LargeRows } from "./artifacts.ts";
import { extractRows, uploadRequests } from "./artifacts.ts";
import type { Connection } from "./connection.ts";
import { fitVersion } from "./features.ts";
import { Operation, reattachable } from "./operation.ts";

/** How long the end of a session is waited for when the engine is closed. */
const RELEASE_WITHIN_MS = 3000;

export class SparkConnectEngine implements Engine {
  readonly #connection: Connection;
  readonly #version: string;
  /** What is still being told to the server. */
  readonly #pending = new Set<Promise<unknown>>();
  readonly #running = new Set<Operation>();
  readonly #uploaded = new Map<string, Promise<void>>();
  readonly sessionId: string;
  readonly #isShared: boolean;
  #closed: Promise<void> | undefined;

  /** @param isShared - the address names the session: others may work in it too, so it is not ended here */
  constructor(connection: Connection, version: string, sessionId: string, isShared: boolean) {
    this.#connection = connection;
    this.#version = version;
    this.sessionId = sessionId;
    this.#isShared = isShared;
  }

  async *execute(request: base.ExecutePlanRequest, options: CallOptions = {}): AsyncIterable<base.ExecutePlanResponse> {
    const { sessionId } = request;
    const plan = await this.#prepare(request.plan, sessionId, options.signal);
    const prepared = create(ExecutePlanRequestSchema, {
      ...request,
      ...this.#connection.sender(sessionId),
      plan,
      requestOptions: [reattachable()],
    });
    const operation = new Operation(this.#connection, prepared, this.#pending, options.signal);
    this.#running.add(operation);
    try {
      yield* operation.responses();
    } finally {
      this.#running.delete(operation);
    }
  }

  async analyze(request: base.AnalyzePlanRequest, options: CallOptions = {}): Promise<base.AnalyzePlanResponse> {
    const { sessionId } = request;
    const analyze = await this.#prepare(request.analyze, sessionId, options.signal);
    return this.#connection.send(
      sessionId,
      (service, call) => {
        const sender = this.#connection.sender(sessionId);
        return service.analyzePlan(create(AnalyzePlanRequestSchema, { ...request, ...sender, analyze }), call);
      },
      options.signal,
    );
  }

  config(request: base.ConfigRequest): Promise<base.ConfigResponse> {
    const { sessionId } = request;
    return this.#connection.send(sessionId, (service, call) =>
      service.config(create(ConfigRequestSchema, { ...request, ...this.#connection.sender(sessionId) }), call),
    );
  }

  /** Uploads artifacts; they are held in memory until the server has them. */
  async addArtifacts(requests: AsyncIterable<base.AddArtifactsRequest>): Promise<base.AddArtifactsResponse> {
    const all: base.AddArtifactsRequest[] = [];
    for await (const request of requests) all.push(request);
    const [first] = all;
    if (first === undefined) return create(AddArtifactsResponseSchema);
    const { sessionId } = first;
    return this.#connection.send(sessionId, (service, call) =>
      service.addArtifacts(stream(uploadRequests(all, this.#connection.sender(sessionId))), call),
    );
  }

  interrupt(request: base.InterruptRequest): Promise<base.InterruptResponse> {
    const { sessionId } = request;
    return this.#connection.send(sessionId, (service, call) =>
      service.interrupt(create(InterruptRequestSchema, { ...request, ...this.#connection.sender(sessionId) }), call),
    );
  }

  async releaseSession(sessionId: string): Promise<void> {
    // A shared session goes on, and so would they; servers before 4.0 know no end of a session.
    for (const operation of this.#running) if (operation.sessionId === sessionId) operation.cancel();
    if ((this.#isShared && sessionId === this.sessionId) || !this.#connection.sessions.includes(sessionId)) return;
    // A server writes the plans of operations that end with their session, and with them passwords in options, to its log.
    await Promise.all(this.#pending);
    const { clientObservedServerSideSessionId: _, ...sender } = this.#connection.sender(sessionId);
    const request = create(ReleaseSessionRequestSchema, sender);
    this.#connection.forget(sessionId);
    // Servers before 4.0 have no such request, and forget a session an hour after its last one.
    await this.#connection.service.releaseSession(request, { timeoutMs: RELEASE_WITHIN_MS }).catch(() => undefined);
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    await Promise.all(this.#pending);
    await Promise.all(this.#connection.sessions.map((sessionId) => this.releaseSession(sessionId)));
    this.#connection.close();
  }

  /** A request's plan as this server takes it, when its big rows have been uploaded, once for each session. */
  async #prepare<T>(plan: T, sessionId: string, signal?: AbortSignal): Promise<T> {
    const { plan: prepared, rows } = extractRows(fitVersion(plan, this.#version));
    for (const one of rows) await this.#uploadOnce(sessionId, one, signal);
    return prepared;
  }

  async #uploadOnce(sessionId: string, rows: LargeRows, signal?: AbortSignal): Promise<void> {
    const key = `${sessionId} ${rows.hash}`;
    // Another's upload may fail for reasons that are none of ours, such as its signal.
    if (
      await this.#uploaded.get(key)?.then(
        () => true,
        () => false,
      )
    )
      return;
    const upload = this.#upload(sessionId, rows.upload(), signal);
    this.#uploaded.set(key, upload);
    await upload.catch((error: unknown) => {
      this.#uploaded.delete(key);
      throw error;
    });
  }

  async #upload(sessionId: string, artifact: base.AddArtifactsRequest, signal?: AbortSignal): Promise<void> {
    const { artifacts } = await this.#connection.send(
      sessionId,
      (service, call) =>
        service.addArtifacts(stream(uploadRequests([artifact], this.#connection.sender(sessionId))), call),
      signal,
    );
    if (artifacts.every(({ isCrcSuccessful }) => isCrcSuccessful)) return;
    throw new SluiceError("PROTOCOL", `Rows that were uploaded arrived damaged at ${this.#connection.server}.`, {
      next: "Run it again.",
    });
  }
}

async function* stream<T>(messages: Iterable<T>): AsyncGenerator<T, void, undefined> {
  yield* messages;
}
