// An engine for unit tests: it keeps what it was asked and answers local relations and prepared batches.
import { create } from "@bufbuild/protobuf";
import type {
  AnalyzePlanRequest,
  ConfigRequest,
  ExecutePlanRequest,
  ExecutePlanResponse,
} from "../generated/spark/connect/base_pb.ts";
import type { CallOptions, Engine } from "../engines/engine.ts";
import type { Relation } from "../generated/spark/connect/relations_pb.ts";
import {
  AddArtifactsResponseSchema,
  AnalyzePlanResponseSchema,
  ConfigResponseSchema,
  ExecutePlanResponseSchema,
  InterruptResponseSchema,
} from "../generated/spark/connect/base_pb.ts";
import { Session } from "./session.ts";
import { fromJson } from "./types/json.ts";
import { toProto } from "./types/proto.ts";

/** Records requests and echoes the rows of local relations. */
export class RecordingEngine implements Engine {
  readonly executed: ExecutePlanRequest[] = [];
  readonly analyzed: AnalyzePlanRequest[] = [];
  readonly configured: ConfigRequest[] = [];
  /** Answers instead of the echo, when set. */
  answer: ((request: ExecutePlanRequest) => ExecutePlanResponse[]) | undefined;
  signal: AbortSignal | undefined;
  closed = false;

  async *execute(request: ExecutePlanRequest, options: CallOptions = {}): AsyncGenerator<ExecutePlanResponse> {
    this.executed.push(request);
    this.signal = options.signal;
    const responses = this.answer ? this.answer(request) : echo(request);
    for (const response of responses) yield await Promise.resolve(response);
  }

  async analyze(request: AnalyzePlanRequest) {
    this.analyzed.push(request);
    const root = request.analyze.case === "schema" ? request.analyze.value.plan?.opType.value : undefined;
    const schema = localSchema(root as Relation | undefined);
    return create(
      AnalyzePlanResponseSchema,
      schema ? { result: { case: "schema", value: { schema: toProto(schema) } } } : {},
    );
  }

  async config(request: ConfigRequest) {
    this.configured.push(request);
    return create(ConfigResponseSchema, {});
  }

  async addArtifacts() {
    return create(AddArtifactsResponseSchema, {});
  }

  async interrupt() {
    return create(InterruptResponseSchema, { interruptedIds: ["1"] });
  }

  async releaseSession() {
    await Promise.resolve();
  }

  async close() {
    this.closed = true;
  }
}

/** A session on a recording engine. */
export function recordingSession(): { engine: RecordingEngine; session: Session } {
  const engine = new RecordingEngine();
  return { engine, session: new Session({ engine: async () => engine }) };
}

function localSchema(relation: Relation | undefined) {
  const local = relation?.relType.case === "localRelation" ? relation.relType.value : undefined;
  return local?.schema === undefined ? undefined : fromJson(local.schema);
}

function echo(request: ExecutePlanRequest): ExecutePlanResponse[] {
  const root = request.plan?.opType.case === "root" ? request.plan.opType.value : undefined;
  const schema = localSchema(root);
  if (root?.relType.case !== "localRelation" || !schema) return [];
  const data = root.relType.value.data ?? new Uint8Array();
  return [
    create(ExecutePlanResponseSchema, { schema: toProto(schema) }),
    create(ExecutePlanResponseSchema, { responseType: { case: "arrowBatch", value: { data, rowCount: 0n } } }),
  ];
}
