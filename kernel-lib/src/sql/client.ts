// Talks to an engine: one request a call, with the session's id, its stop signal and its progress listeners.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  AnalyzePlanResponse,
  ConfigResponse,
  ExecutePlanResponse,
  ExecutePlanResponse_ExecutionProgress as ProgressMessage,
  Plan,
} from "../generated/spark/connect/base_pb.ts";
import type { Engine } from "../engines/engine.ts";
import {
  AnalyzePlanRequestSchema,
  ConfigRequestSchema,
  ExecutePlanRequestSchema,
  InterruptRequest_InterruptType as InterruptType,
  InterruptRequestSchema,
} from "../generated/spark/connect/base_pb.ts";
import { SparkError } from "./errors.ts";

/** How far an operation has come. */
export interface Progress {
  readonly completedTasks: number;
  readonly totalTasks: number;
  /** Bytes read so far. */
  readonly inputBytes: number;
}

/** What every action takes. */
export interface ActionOptions {
  /** Ends the operation on the engine; the action rejects with `OPERATION_CANCELED`. */
  readonly signal?: AbortSignal;
  /** Told of progress as the engine reports it. */
  readonly onProgress?: (progress: Progress) => void;
}

/** What a client needs from its session. */
export interface ClientOptions {
  readonly engine: () => Promise<Engine>;
  /** Settings of the session, sent before its first call. */
  readonly settings?: readonly (readonly [string, string])[];
  /** The signal that the notebook's stop button ends, asked for at the start of each operation. */
  readonly interruptSignal?: () => AbortSignal | undefined;
}

type AnalyzeInit = NonNullable<MessageInitShape<typeof AnalyzePlanRequestSchema>["analyze"]>;
type ConfigInit = NonNullable<NonNullable<MessageInitShape<typeof ConfigRequestSchema>["operation"]>["opType"]>;

/** One session's connection to its engine. */
export class Client {
  readonly sessionId = randomUUID();
  readonly progressListeners = new Set<(progress: Progress) => void>();
  readonly #options: ClientOptions;
  #closed = false;
  #configured: Promise<void> | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  get #request() {
    return { sessionId: this.sessionId, userContext: { userId: "sluice" }, clientType: "sluice" };
  }

  async #engine(): Promise<Engine> {
    if (this.#closed) {
      throw new SparkError(
        "SESSION_CLOSED",
        "The session has been stopped. Make another with Session.builder.getOrCreate().",
      );
    }
    const engine = await this.#options.engine();
    this.#configured ??= this.#configure(engine);
    await this.#configured;
    return engine;
  }

  async #configure(engine: Engine): Promise<void> {
    const pairs = (this.#options.settings ?? []).map(([key, value]) => ({ key, value }));
    if (pairs.length === 0) return;
    const opType = { case: "set" as const, value: { pairs } };
    await engine.config(create(ConfigRequestSchema, { ...this.#request, operation: { opType } }));
  }

  #signal(own?: AbortSignal): { signal: AbortSignal } | Record<string, never> {
    const signals = [own, this.#options.interruptSignal?.()].filter((signal) => signal !== undefined);
    return signals.length === 0 ? {} : { signal: AbortSignal.any(signals) };
  }

  /** Runs a plan and gives every response but progress, which goes to the listeners. */
  async *execute(plan: Plan, options: ActionOptions = {}): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    const engine = await this.#engine();
    const request = create(ExecutePlanRequestSchema, { ...this.#request, operationId: randomUUID(), plan });
    for await (const response of engine.execute(request, this.#signal(options.signal))) {
      if (response.responseType.case === "executionProgress") this.#tell(response.responseType.value, options);
      yield response;
    }
  }

  #tell(message: ProgressMessage, options: ActionOptions): void {
    const sum = (of: (stage: ProgressMessage["stages"][number]) => bigint): number =>
      message.stages.reduce((total, stage) => total + Number(of(stage)), 0);
    const progress: Progress = {
      completedTasks: sum((stage) => stage.numCompletedTasks),
      totalTasks: sum((stage) => stage.numTasks),
      inputBytes: sum((stage) => stage.inputBytesRead),
    };
    for (const listener of [...this.progressListeners, options.onProgress]) listener?.(progress);
  }

  /** Runs a plan to its end, for its effect. */
  async run(plan: Plan, options: ActionOptions = {}): Promise<ExecutePlanResponse[]> {
    const responses: ExecutePlanResponse[] = [];
    for await (const response of this.execute(plan, options)) responses.push(response);
    return responses;
  }

  /** Asks about a plan without running it. */
  async analyze(analyze: AnalyzeInit, options: ActionOptions = {}): Promise<AnalyzePlanResponse["result"]> {
    const engine = await this.#engine();
    const request = create(AnalyzePlanRequestSchema, { ...this.#request, analyze });
    const { result } = await engine.analyze(request, this.#signal(options.signal));
    return result;
  }

  /** Reads or changes the session's settings. */
  async config(opType: ConfigInit): Promise<ConfigResponse["pairs"]> {
    const engine = await this.#engine();
    const request = create(ConfigRequestSchema, { ...this.#request, operation: { opType } });
    return (await engine.config(request)).pairs;
  }

  /** Ends every operation of the session; gives the ids of those ended. */
  async interruptAll(): Promise<string[]> {
    const engine = await this.#engine();
    const request = create(InterruptRequestSchema, { ...this.#request, interruptType: InterruptType.ALL });
    return (await engine.interrupt(request)).interruptedIds;
  }

  /** Refuses further calls. */
  close(): void {
    this.#closed = true;
  }
}
