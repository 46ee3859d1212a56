import type {
  AddArtifactsRequest,
  AddArtifactsResponse,
  AnalyzePlanRequest,
  AnalyzePlanResponse,
  ConfigRequest,
  ConfigResponse,
  ExecutePlanRequest,
  ExecutePlanResponse,
  InterruptRequest,
  InterruptResponse,
} from "../generated/spark/connect/base_pb.ts";

/** Options of one call to an engine. */
export interface CallOptions {
  /** Ends the operation; the call then rejects with `OPERATION_CANCELED`. */
  signal?: AbortSignal;
}

/**
 * The one seam of Sluice: anything that answers as the Spark Connect service does.
 *
 * Requests and responses are the protocol's own messages. `execute` streams Arrow IPC batches (each a complete IPC
 * stream: schema and record batch), progress and metrics; errors are thrown as `SparkError` with Spark's condition.
 */
export interface Engine {
  /** A session that is open already, for the first who uses the engine to work in. */
  readonly sessionId?: string;
  execute(request: ExecutePlanRequest, options?: CallOptions): AsyncIterable<ExecutePlanResponse>;
  analyze(request: AnalyzePlanRequest, options?: CallOptions): Promise<AnalyzePlanResponse>;
  config(request: ConfigRequest): Promise<ConfigResponse>;
  addArtifacts(requests: AsyncIterable<AddArtifactsRequest>): Promise<AddArtifactsResponse>;
  interrupt(request: InterruptRequest): Promise<InterruptResponse>;
  /** Forgets a session, with its settings, temporary views and running operations. One that is not known is no error. */
  releaseSession(sessionId: string): Promise<void>;
  /** Ends running operations and frees everything the engine holds. Calling it again does nothing. */
  close(): Promise<void>;
}
