// One execution: its responses in order, each once, whatever becomes of the connection.
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
import type { Connection, Service } from "./connection.ts";
import { canceled } from "./connection.ts";
import { hasCondition, isFromServer } from "./faults.ts";

/** How long the server is given to take the end of an operation. */
const RELEASE_WITHIN_MS = 5000;

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
  #releasing = false;

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
    await this.#connection.check(sessionId);
    const attempts = this.#connection.attempts();
    let complete = false;
    let lost = false;
    let open = this.#execute;
    try {
      for (;;) {
        try {
          for await (const response of open(this.#connection.service, this.#callOptions())) {
            attempts.reset();
            lost = false;
            this.#connection.observe(sessionId, response);
            if (response.responseId !== "") this.#last = response.responseId;
            if (response.responseType.case === "resultComplete") {
              complete = true;
              return;
            }
            yield response;
            this.#releaseUntil(response.responseId);
          }
          // The server ends a long stream from time to time, to be asked for the rest.
          if (this.#signal?.aborted) throw canceled();
        } catch (thrown) {
          if (this.#isUnknown(thrown)) {
            // Never arrived there, if nothing came back but a fault of the way; else it was ended by somebody.
            if (this.#last !== undefined || !lost) throw canceled(thrown);
            open = this.#execute;
            lost = false;
            continue;
          }
          await this.#connection.failed(thrown, sessionId, attempts, this.#signal);
          lost = !(thrown instanceof ConnectError && isFromServer(thrown));
        }
        await this.#connection.check(sessionId);
        open = this.#reattach;
      }
    } finally {
      this.#end(complete);
    }
  }

  readonly #execute = (service: Service, options: CallOptions): AsyncIterable<ExecutePlanResponse> =>
    service.executePlan(this.#request, options);

  readonly #reattach = (service: Service, options: CallOptions): AsyncIterable<ExecutePlanResponse> => {
    const lastResponseId = this.#last === undefined ? {} : { lastResponseId: this.#last };
    return service.reattachExecute(create(ReattachExecuteRequestSchema, { ...this.#head, ...lastResponseId }), options);
  };

  get #head() {
    const { sessionId, operationId = "" } = this.#request;
    return { ...this.#connection.sender(sessionId), operationId };
  }

  #callOptions(): CallOptions {
    return this.#signal ? { signal: this.#signal } : {};
  }

  #isUnknown(thrown: unknown): boolean {
    return thrown instanceof ConnectError && hasCondition(thrown, "INVALID_HANDLE.OPERATION_NOT_FOUND");
  }

  /** Tells the server that it need not keep what has arrived; while that is on its way, later responses wait for the next time. */
  #releaseUntil(responseId: string): void {
    if (this.#releasing || responseId === "") return;
    this.#releasing = true;
    const release = { case: "releaseUntil" as const, value: { responseId } };
    this.#tell(this.#release(release).finally(() => (this.#releasing = false)));
  }

  /** Lets the server forget the operation; one that is not complete is interrupted first. */
  #end(complete: boolean): void {
    const release = (): Promise<unknown> => this.#release({ case: "releaseAll", value: {} });
    this.#tell(
      complete
        ? release()
        : this.#interrupt()
            .catch(() => undefined)
            .then(release),
    );
  }

  #interrupt(): Promise<unknown> {
    const { operationId, ...sender } = this.#head;
    const request = create(InterruptRequestSchema, {
      ...sender,
      interruptType: InterruptType.OPERATION_ID,
      interrupt: { case: "operationId", value: operationId },
    });
    return this.#connection.service.interrupt(request, { timeoutMs: RELEASE_WITHIN_MS });
  }

  #release(release: Release): Promise<unknown> {
    const request = create(ReleaseExecuteRequestSchema, { ...this.#head, release });
    return this.#connection.service.releaseExecute(request, { timeoutMs: RELEASE_WITHIN_MS });
  }

  // What can't be told is no fault of the result: the server forgets abandoned operations by itself.
  #tell(told: Promise<unknown>): void {
    const quiet = told.catch(() => undefined).finally(() => this.#pending.delete(quiet));
    this.#pending.add(quiet);
  }
}
