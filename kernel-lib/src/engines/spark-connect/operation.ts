// One execution: its responses in order, each once, whatever becomes of the connection.
import { setTimeout as sleep } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import type { CallOptions } from "@connectrpc/connect";
import type { ExecutePlanRequest, ExecutePlanResponse } from "../../generated/spark/connect/base_pb.ts";
import {
  ExecutePlanRequest_RequestOptionSchema as RequestOptionSchema,
  InterruptRequest_InterruptType as InterruptType,
  InterruptRequestSchema,
  ReattachExecuteRequestSchema,
  ReleaseExecuteRequestSchema,
} from "../../generated/spark/connect/base_pb.ts";
import { SparkError } from "../../sql/errors.ts";
import type { Connection, Service } from "./connection.ts";
import { canceled } from "./connection.ts";
import { hasCondition } from "./faults.ts";
import { Attempts, defaultRetryPolicy } from "./retries.ts";

/** Below what a server keeps at most by itself (10 MB): each request takes time from those that carry rows. */
const RELEASE_FROM = 4 << 20;

/** Before the next request, when the server ended one without an answer. */
const PAUSE_MS = 50;

/** How long a request to execute may be on its way after it was given up. */
const START_WITHIN_MS = 5000;

type Release = NonNullable<MessageInitShape<typeof ReleaseExecuteRequestSchema>["release"]>;

/** The option that lets an execution be taken up again after its connection was lost. */
export function reattachable() {
  const requestOption = { case: "reattachOptions" as const, value: { reattachable: true } };
  return create(RequestOptionSchema, { requestOption });
}

/**
 * Runs a reattachable execution.
 *
 * The server keeps each response until it is released, so what is lost on the way is asked for again, from the last response
 * that arrived whole. Leaving the loop, or the signal, ends the operation on the server.
 */
export class Operation {
  readonly #connection: Connection;
  readonly #request: ExecutePlanRequest;
  readonly #signal: AbortSignal | undefined;
  readonly #pending: Set<Promise<unknown>>;
  /** The last response that arrived whole. */
  #last: string | undefined;
  /** Whether the server is known to have the operation: from then on it must not be started again. */
  #arrived = false;
  #releasing = false;
  /** Bytes that arrived since the server was told last that it need not keep them. */
  #kept = 0;
  #ended = false;

  /** @param pending - holds what is still being told to the server, for who closes the connection */
  constructor(
    connection: Connection,
    request: ExecutePlanRequest,
    pending: Set<Promise<unknown>>,
    signal: AbortSignal | undefined,
  ) {
    this.#connection = connection;
    this.#request = request;
    this.#pending = pending;
    this.#signal = signal;
  }

  async *responses(): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    const { sessionId } = this.#request;
    const attempts = this.#connection.attempts();
    const cancel = (): void => this.#end(false);
    if (this.#signal?.aborted) throw canceled();
    // Told at once: who iterates may be busy with what came before.
    this.#signal?.addEventListener("abort", cancel, { once: true });
    let open = this.#execute;
    let complete = false;
    try {
      for (;;) {
        let isAnswered = false;
        const stream = new AbortController();
        try {
          await this.#connection.check(sessionId);
          for await (const response of open(this.#connection.service, this.#callOptions(stream.signal))) {
            isAnswered = true;
            this.#arrived = true;
            attempts.reset();
            this.#connection.observe(sessionId, response);
            if (response.responseId !== "") this.#last = response.responseId;
            if (response.responseType.case === "resultComplete") {
              complete = true;
              return;
            }
            yield response;
            this.#releaseUntil(response);
          }
          // The server ends a long stream from time to time, to be asked for the rest.
          this.#arrived = true;
          if (this.#signal?.aborted) throw canceled();
          if (!isAnswered) await sleep(PAUSE_MS);
          open = this.#reattach;
        } catch (thrown) {
          if (this.#ended) throw canceled(thrown);
          const isUnknown = open === this.#reattach && isCondition(thrown, "INVALID_HANDLE.OPERATION_NOT_FOUND");
          if (isUnknown && this.#arrived) throw dropped(this.#connection.server, thrown);
          if (isCondition(thrown, "INVALID_CURSOR.DISCONNECTED")) this.#arrived = true;
          // An execution that was thought lost, and was late.
          const isLate = isCondition(thrown, "INVALID_HANDLE.OPERATION_ALREADY_EXISTS");
          if (!isUnknown && !isLate) await this.#connection.failed(thrown, sessionId, attempts, this.#signal);
          open = isUnknown ? this.#execute : this.#reattach;
        } finally {
          // Who leaves the loop leaves a stream that nobody reads: it would keep the connection busy, and the process alive.
          // A complete result ends by itself; a reset for each would look like misuse to a proxy.
          if (!complete) stream.abort();
        }
      }
    } finally {
      this.#signal?.removeEventListener("abort", cancel);
      this.#end(complete);
    }
  }

  readonly #execute = (service: Service, options: CallOptions): AsyncIterable<ExecutePlanResponse> =>
    service.executePlan(this.#request, options);

  readonly #reattach = (service: Service, options: CallOptions): AsyncIterable<ExecutePlanResponse> => {
    const lastResponseId = this.#last === undefined ? {} : { lastResponseId: this.#last };
    return service.reattachExecute(create(ReattachExecuteRequestSchema, { ...this.#head, ...lastResponseId }), options);
  };

  get sessionId(): string {
    return this.#request.sessionId;
  }

  get #head() {
    const { sessionId, operationId = "" } = this.#request;
    return { ...this.#connection.sender(sessionId), operationId };
  }

  #callOptions(stream: AbortSignal): CallOptions {
    return { signal: this.#signal ? AbortSignal.any([this.#signal, stream]) : stream };
  }

  /** Tells the server that it need not keep what has arrived; while that is on its way, later responses wait for the next time. */
  #releaseUntil({ responseId, responseType }: ExecutePlanResponse): void {
    if (responseType.case === "arrowBatch") this.#kept += responseType.value.data.byteLength;
    if (this.#releasing || this.#kept < RELEASE_FROM || responseId === "") return;
    this.#releasing = true;
    this.#kept = 0;
    const release = { case: "releaseUntil" as const, value: { responseId } };
    this.#tell(this.#release(release).finally(() => (this.#releasing = false)));
  }

  /** Ends the operation; who waits for it gets `OPERATION_CANCELED`. */
  cancel(): void {
    this.#end(false);
  }

  /** Lets the server forget the operation; one that is not complete is interrupted first. */
  #end(complete: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    const release = (): Promise<unknown> => this.#release({ case: "releaseAll", value: {} });
    this.#tell(
      complete
        ? release()
        : this.#interrupt()
            .catch(() => undefined)
            .then(release),
    );
  }

  /** Interrupts the operation; again for a while when the server does not know it yet, for it may be about to start it. */
  async #interrupt(): Promise<void> {
    const { operationId, ...sender } = this.#head;
    const request = create(InterruptRequestSchema, {
      ...sender,
      interruptType: InterruptType.OPERATION_ID,
      interrupt: { case: "operationId", value: operationId },
    });
    const attempts = new Attempts(defaultRetryPolicy, START_WITHIN_MS);
    do {
      const answer = await this.#connection.tell(sender.sessionId, (service, options) =>
        service.interrupt(request, options),
      );
      if (this.#arrived || !answer || answer.interruptedIds.includes(operationId)) return;
    } while (await attempts.next());
  }

  #release(release: Release): Promise<unknown> {
    const request = create(ReleaseExecuteRequestSchema, { ...this.#head, release });
    return this.#connection.tell(this.#request.sessionId, (service, options) =>
      service.releaseExecute(request, options),
    );
  }

  // What can't be told is no fault of the result: the server forgets abandoned operations by itself.
  #tell(told: Promise<unknown>): void {
    const quiet = told.catch(() => undefined).finally(() => this.#pending.delete(quiet));
    this.#pending.add(quiet);
  }
}

function isCondition(thrown: unknown, condition: string): boolean {
  return thrown instanceof ConnectError && hasCondition(thrown, condition);
}

function dropped(server: string, cause: unknown): SparkError {
  return new SparkError(
    "INVALID_HANDLE.OPERATION_NOT_FOUND",
    `The server ${server} has dropped this operation before its end: somebody ended it, or it was out of reach for too long. Run it again.`,
    { sqlState: "HY000", cause },
  );
}
