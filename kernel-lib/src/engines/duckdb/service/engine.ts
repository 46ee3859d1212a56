// The embedded engine: what the Spark Connect service does, in this process.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";

import type { Engine } from "../../engine.ts";
import type * as base from "../../../generated/spark/connect/base_pb.ts";
import {
  AnalyzePlanResponseSchema,
  ConfigResponseSchema,
  ExecutePlanResponseSchema,
  InterruptRequest_InterruptType as InterruptType,
  InterruptResponseSchema,
} from "../../../generated/spark/connect/base_pb.ts";
import { SluiceError } from "../../../errors.ts";
import type { CallOptions } from "../../engine.ts";
import { GLOBAL_TEMP } from "../analyzer/context.ts";
import { required } from "../analyzer/required.ts";
import type { Driver } from "../driver/driver.ts";
import type { Progress } from "../driver/operation.ts";
import { canceled, planError } from "../errors.ts";
import { analyzePlan } from "./analyze.ts";
import { addArtifacts } from "./artifacts.ts";
import { configure } from "./configure.ts";
import type { Part } from "./execute.ts";
import { executePlan } from "./execute.ts";
import type { RunningOperation } from "./session.ts";
import { Session } from "./session.ts";
import { Views } from "./views.ts";

type Response = MessageInitShape<typeof ExecutePlanResponseSchema>;

export class EmbeddedEngine implements Engine {
  private readonly driver: Driver;
  private readonly sessions = new Map<string, Session>();
  private readonly globalViews = new Views(GLOBAL_TEMP);
  private closed: Promise<void> | undefined;

  constructor(driver: Driver) {
    this.driver = driver;
  }

  async *execute(request: base.ExecutePlanRequest, options: CallOptions = {}): AsyncIterable<base.ExecutePlanResponse> {
    const session = this.session(request.sessionId);
    const operation = begin(request, session);
    const forward = (): void => operation.controller.abort();
    options.signal?.addEventListener("abort", forward, { once: true });
    if (options.signal?.aborted) forward();
    const respond = (response: Response): base.ExecutePlanResponse =>
      create(ExecutePlanResponseSchema, {
        sessionId: session.id,
        serverSideSessionId: session.serverSideId,
        operationId: operation.id,
        responseId: randomUUID(),
        ...response,
      });
    try {
      let offset = 0n;
      for await (const part of executePlan(required(request.plan), session, operation.controller.signal)) {
        if (operation.controller.signal.aborted) throw canceled();
        yield respond(responseOf(part, offset));
        if (part.kind === "batch") offset += BigInt(part.batch.rowCount);
      }
      if (isReattachable(request)) yield respond({ responseType: { case: "resultComplete", value: {} } });
    } catch (error) {
      throw operation.controller.signal.aborted ? canceled(error) : planError(error);
    } finally {
      options.signal?.removeEventListener("abort", forward);
      session.operations.delete(operation.id);
    }
  }

  async analyze(request: base.AnalyzePlanRequest, options: CallOptions = {}): Promise<base.AnalyzePlanResponse> {
    const session = this.session(request.sessionId);
    try {
      const result = await analyzePlan(request, session, options.signal);
      return create(AnalyzePlanResponseSchema, { ...identity(session), result });
    } catch (error) {
      throw planError(error);
    }
  }

  async config(request: base.ConfigRequest): Promise<base.ConfigResponse> {
    const session = this.session(request.sessionId);
    const pairs = configure(required(request.operation), session.configuration);
    return create(ConfigResponseSchema, { ...identity(session), pairs });
  }

  addArtifacts(requests: AsyncIterable<base.AddArtifactsRequest>): Promise<base.AddArtifactsResponse> {
    return addArtifacts(requests, (id) => this.session(id));
  }

  async interrupt(request: base.InterruptRequest): Promise<base.InterruptResponse> {
    const session = this.session(request.sessionId);
    const { value } = request.interrupt;
    const meant = [...session.operations.values()].filter((operation) => {
      // One that was interrupted is ending, and is told once.
      if (operation.controller.signal.aborted) return false;
      if (request.interruptType === InterruptType.ALL) return true;
      if (request.interruptType === InterruptType.TAG) return operation.tags.includes(value ?? "");
      return operation.id === value;
    });
    for (const operation of meant) operation.controller.abort();
    return create(InterruptResponseSchema, {
      ...identity(session),
      interruptedIds: meant.map((operation) => operation.id),
    });
  }

  releaseSession(sessionId: string): Promise<void> {
    for (const operation of this.sessions.get(sessionId)?.operations.values() ?? []) operation.controller.abort();
    this.sessions.delete(sessionId);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    for (const session of this.sessions.values())
      for (const operation of session.operations.values()) operation.controller.abort();
    this.sessions.clear();
    await this.driver.close();
  }

  private session(id: string): Session {
    if (this.closed) throw new SluiceError("USAGE", "The engine is closed.", { next: "Make a new session." });
    let session = this.sessions.get(id);
    if (!session) {
      session = new Session(id, this.driver, this.globalViews);
      this.sessions.set(id, session);
    }
    return session;
  }
}

function begin(request: base.ExecutePlanRequest, session: Session): RunningOperation {
  const id = request.operationId || randomUUID();
  if (session.operations.has(id))
    throw new SluiceError("USAGE", `The operation ${id} runs already.`, {
      next: "Give each operation an id of its own.",
    });
  const operation = { id, tags: request.tags, controller: new AbortController() };
  session.operations.set(id, operation);
  return operation;
}

function identity(session: Session) {
  return { sessionId: session.id, serverSideSessionId: session.serverSideId };
}

function isReattachable(request: base.ExecutePlanRequest): boolean {
  return request.requestOptions.some(
    ({ requestOption }) => requestOption.case === "reattachOptions" && requestOption.value.reattachable,
  );
}

/** DuckDB tells a share of the work; the protocol counts tasks: a hundred of them. */
function progressOf(progress: Progress) {
  const numCompletedTasks = BigInt(Math.floor(progress.fraction * 100));
  const stage = { stageId: 0n, numTasks: 100n, numCompletedTasks, done: progress.fraction >= 1 };
  return { stages: [stage], numInflightTasks: 1n };
}

function responseOf(part: Part, offset: bigint): Response {
  switch (part.kind) {
    case "schema":
      return { schema: part.schema };
    case "batch": {
      const { rowCount, data } = part.batch;
      return { responseType: { case: "arrowBatch", value: { rowCount: BigInt(rowCount), data, startOffset: offset } } };
    }
    case "metrics":
      return { observedMetrics: [part.metrics] };
    case "progress":
      return { responseType: { case: "executionProgress", value: progressOf(part.progress) } };
    case "relation":
      return { responseType: { case: "sqlCommandResult", value: { relation: part.relation } } };
  }
}
