// Talks to an engine: one request a call, with the session's id, its stop signal and its progress listeners.
import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  AddArtifactsRequest,
  AnalyzePlanResponse,
  ConfigResponse,
  ExecutePlanResponse,
  ExecutePlanResponse_ExecutionProgress as ProgressMessage,
  ExecutePlanResponse_Metrics as MetricsMessage,
  Plan,
} from "../generated/spark/connect/base_pb.ts";
import type { Engine } from "../engines/engine.ts";
import {
  AddArtifactsRequestSchema,
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

/** What one node of the executed plan did, as the engine tells it. */
export interface PlanMetrics {
  /** The node, such as `HashAggregate`. */
  readonly name: string;
  readonly planId: number;
  /** The plan id of the node above it. */
  readonly parent: number;
  /** By name, such as `numOutputRows`: the value and Spark's kind of it (`sum`, `size`, `timing`). */
  readonly values: Readonly<Record<string, { readonly value: bigint; readonly type: string }>>;
}

/** What every action takes. */
export interface ActionOptions {
  /** Ends the operation on the engine; the action rejects with `OPERATION_CANCELED`. */
  readonly signal?: AbortSignal;
  /** Told of progress as the engine reports it. */
  readonly onProgress?: (progress: Progress) => void;
  /** Told what each node of the plan did, where the engine tells it: Spark at the end of a query, the embedded engine never. */
  readonly onMetrics?: (metrics: readonly PlanMetrics[]) => void;
}

/** What a client needs from its session. */
export interface ClientOptions {
  readonly engine: () => Promise<Engine>;
  /** Settings of the session, sent before its first call. */
  readonly settings?: readonly (readonly [string, string])[];
  /** The signal that the notebook's stop button ends, asked for at the start of each operation. */
  readonly interruptSignal?: (() => AbortSignal | undefined) | undefined;
  /** Told of each wait for the engine: a notebook's cell goes on at least as long. */
  readonly keepCellOpen?: ((work: Promise<unknown>) => void) | undefined;
  /** Works in the session that the engine opened, when it did. */
  readonly adoptsSession?: boolean;
}

type AnalyzeInit = NonNullable<MessageInitShape<typeof AnalyzePlanRequestSchema>["analyze"]>;
type ConfigInit = NonNullable<NonNullable<MessageInitShape<typeof ConfigRequestSchema>["operation"]>["opType"]>;

/** One session's connection to its engine. */
export class Client {
  /** Marks that the operations of this session carry from now on. */
  readonly tags = new Set<string>();
  readonly progressListeners = new Set<(progress: Progress) => void>();
  readonly #options: ClientOptions;
  #sessionId: string = randomUUID();
  #closed = false;
  #used: Engine | undefined;
  #configured: Promise<void> | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  get #request() {
    return { sessionId: this.#sessionId, userContext: { userId: "sluice" }, clientType: "sluice" };
  }

  #engine(): Promise<Engine> {
    return this.#waiting(this.#openedEngine());
  }

  #waiting<T>(work: Promise<T>): Promise<T> {
    this.#options.keepCellOpen?.(work);
    return work;
  }

  // Each wait by itself: a result that nobody reads on holds nothing up.
  async *#waitingForEach<T>(source: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    const iterator = source[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.#waiting(iterator.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  async #openedEngine(): Promise<Engine> {
    if (this.#closed) {
      throw new SparkError(
        "SESSION_CLOSED",
        "The session has been stopped. Make another with Session.builder.getOrCreate().",
      );
    }
    const engine = await this.#options.engine();
    if (!this.#used && this.#options.adoptsSession && engine.sessionId) this.#sessionId = engine.sessionId;
    this.#used = engine;
    this.#configured ??= this.#configure(engine);
    await this.#configured;
    return engine;
  }

  /** Makes the engine ready, with the session's settings. */
  async open(): Promise<void> {
    await this.#engine();
  }

  async #configure(engine: Engine): Promise<void> {
    const pairs = (this.#options.settings ?? []).map(([key, value]) => ({ key, value }));
    if (pairs.length === 0) return;
    try {
      await this.#set(engine, pairs);
    } catch (thrown) {
      if (!isFixed(thrown)) throw thrown;
      for (const pair of pairs) await this.#setIfFree(engine, pair);
    }
  }

  async #set(engine: Engine, pairs: { key: string; value: string }[]): Promise<void> {
    const opType = { case: "set" as const, value: { pairs } };
    await engine.config(create(ConfigRequestSchema, { ...this.#request, operation: { opType } }));
  }

  // As PySpark: what is fixed for a cluster that runs must not keep a program from running there.
  async #setIfFree(engine: Engine, pair: { key: string; value: string }): Promise<void> {
    await this.#set(engine, [pair]).catch((thrown: unknown) => {
      if (!isFixed(thrown)) throw thrown;
      if (pair.key === "spark.app.name") return;
      process.emitWarning(`The setting ${pair.key} was not applied: the server has fixed it.`, {
        code: "SLUICE_SETTING",
      });
    });
  }

  #signal(own?: AbortSignal): { signal: AbortSignal } | Record<string, never> {
    const signals = [own, this.#options.interruptSignal?.()].filter((signal) => signal !== undefined);
    return signals.length === 0 ? {} : { signal: AbortSignal.any(signals) };
  }

  /** Runs a plan and gives every response but progress, which goes to the listeners. */
  async *execute(plan: Plan, options: ActionOptions = {}): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    // Those of the moment of the call, whatever becomes of them while the engine opens.
    const tags = [...this.tags];
    const engine = await this.#engine();
    const request = create(ExecutePlanRequestSchema, { ...this.#request, operationId: randomUUID(), plan, tags });
    for await (const response of this.#waitingForEach(engine.execute(request, this.#signal(options.signal)))) {
      if (response.responseType.case === "executionProgress") this.#tell(response.responseType.value, options);
      if (response.metrics) options.onMetrics?.(metricsOf(response.metrics));
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
    const { result } = await this.#waiting(engine.analyze(request, this.#signal(options.signal)));
    return result;
  }

  /** Reads or changes the session's settings. */
  async config(opType: ConfigInit): Promise<ConfigResponse["pairs"]> {
    const engine = await this.#engine();
    const request = create(ConfigRequestSchema, { ...this.#request, operation: { opType } });
    return (await this.#waiting(engine.config(request))).pairs;
  }

  /** Ends operations of the session: all, those with a tag, or one. Gives the ids of those ended. */
  async interrupt(which: { readonly tag: string } | { readonly operationId: string } | "all"): Promise<string[]> {
    const engine = await this.#engine();
    const request = create(InterruptRequestSchema, { ...this.#request, ...interruptOf(which) });
    return (await engine.interrupt(request)).interruptedIds;
  }

  /** Uploads files to the session. */
  async addArtifacts(artifacts: Iterable<AddArtifactsRequest["payload"]>): Promise<void> {
    const engine = await this.#engine();
    const head = this.#request;
    const requests = (async function* () {
      for (const payload of artifacts) yield create(AddArtifactsRequestSchema, { ...head, payload });
    })();
    await this.#waiting(engine.addArtifacts(requests));
  }

  /** Refuses further calls, and lets the engine forget the session. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#used?.releaseSession(this.#sessionId);
  }
}

function isFixed(thrown: unknown): boolean {
  return thrown instanceof SparkError && /^CANNOT_MODIFY_(STATIC_)?CONFIG/.test(thrown.code);
}

function interruptOf(which: { readonly tag: string } | { readonly operationId: string } | "all") {
  if (which === "all") return { interruptType: InterruptType.ALL };
  if ("tag" in which) {
    return { interruptType: InterruptType.TAG, interrupt: { case: "operationTag" as const, value: which.tag } };
  }
  const { operationId } = which;
  return { interruptType: InterruptType.OPERATION_ID, interrupt: { case: "operationId" as const, value: operationId } };
}

function metricsOf({ metrics }: MetricsMessage): PlanMetrics[] {
  return metrics.map(({ name, planId, parent, executionMetrics }) => ({
    name,
    planId: Number(planId),
    parent: Number(parent),
    values: Object.fromEntries(
      Object.entries(executionMetrics).map(([key, { value, metricType }]) => [key, { value, type: metricType }]),
    ),
  }));
}
