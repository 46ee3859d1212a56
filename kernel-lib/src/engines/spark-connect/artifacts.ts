// Uploads to a session on the server: rows of big local relations, jars and files.
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import type {
  AddArtifactsRequest,
  AddArtifactsRequest_SingleChunkArtifact as SingleChunkArtifact,
} from "../../generated/spark/connect/base_pb.ts";
import {
  AddArtifactsRequest_ArtifactChunkSchema as ChunkSchema,
  AddArtifactsRequest_BatchSchema as BatchSchema,
  AddArtifactsRequest_BeginChunkedArtifactSchema as BeginSchema,
  AddArtifactsRequestSchema,
} from "../../generated/spark/connect/base_pb.ts";
import type { LocalRelation } from "../../generated/spark/connect/relations_pb.ts";
import { CachedLocalRelationSchema, LocalRelationSchema } from "../../generated/spark/connect/relations_pb.ts";
import type { Sender } from "./connection.ts";
import { rewriteMessage } from "./rewrite-message.ts";

/** Rows of more bytes than this are uploaded once, and named by their hash from then on. */
const UPLOAD_FROM = 1 << 20;
/** Far below what a server takes at once (128 MiB), so that an upload is never held in memory twice. */
const CHUNK = 4 << 20;

/** The hash of each relation that was uploaded, so that its bytes are looked at once. */
const hashes = new WeakMap<LocalRelation, string>();

/** A plan with its big local relations named by their hashes, and those relations. */
export function extractRows<T>(plan: T): { plan: T; rows: LargeRows[] } {
  const rows: LargeRows[] = [];
  const nameOf = (relation: LocalRelation) => {
    const one = new LargeRows(relation);
    rows.push(one);
    return create(CachedLocalRelationSchema, { hash: one.hash });
  };
  const name = (value: object): object =>
    isLargeRows(value) ? { case: "cachedLocalRelation", value: nameOf(value.value) } : value;
  return { plan: rewriteMessage(plan, name), rows };
}

/** A big local relation. */
export class LargeRows {
  readonly hash: string;
  readonly #relation: LocalRelation;
  #bytes: Uint8Array | undefined;

  constructor(relation: LocalRelation) {
    this.#relation = relation;
    this.hash = hashes.get(relation) ?? createHash("sha256").update(this.#encoded()).digest("hex");
    hashes.set(relation, this.hash);
  }

  upload(): AddArtifactsRequest {
    const data = this.#encoded();
    const value = create(BatchSchema, { artifacts: [{ name: `cache/${this.hash}`, data: chunkOf(data) }] });
    return create(AddArtifactsRequestSchema, { payload: { case: "batch", value } });
  }

  #encoded(): Uint8Array {
    this.#bytes ??= toBinary(LocalRelationSchema, this.#relation);
    return this.#bytes;
  }
}

function isLargeRows(value: object): value is { case: "localRelation"; value: LocalRelation } {
  const { case: kind, value: relation } = value as { case?: unknown; value?: LocalRelation };
  return kind === "localRelation" && (relation?.data?.byteLength ?? 0) > UPLOAD_FROM;
}

/** The requests of an upload with their sender, and with each large artifact cut in chunks. */
export function* uploadRequests(
  requests: readonly AddArtifactsRequest[],
  sender: Sender,
): Generator<AddArtifactsRequest> {
  for (const { payload } of requests) {
    const large = payload.case === "batch" ? payload.value.artifacts.filter(isLarge) : [];
    const small = payload.case === "batch" ? payload.value.artifacts.filter((one) => !isLarge(one)) : [];
    for (const { name, data } of large) yield* chunked(name, data?.data ?? new Uint8Array(), sender);
    if (payload.case !== "batch") yield create(AddArtifactsRequestSchema, { ...sender, payload });
    else if (small.length > 0) {
      const value = create(BatchSchema, { artifacts: small });
      yield create(AddArtifactsRequestSchema, { ...sender, payload: { case: "batch", value } });
    }
  }
}

function isLarge({ data }: SingleChunkArtifact): boolean {
  return (data?.data.byteLength ?? 0) > CHUNK;
}

function* chunked(name: string, data: Uint8Array, sender: Sender): Generator<AddArtifactsRequest> {
  const numChunks = Math.ceil(data.byteLength / CHUNK);
  for (let index = 0; index < numChunks; index += 1) {
    const chunk = chunkOf(data.subarray(index * CHUNK, (index + 1) * CHUNK));
    const begin = { name, totalBytes: BigInt(data.byteLength), numChunks: BigInt(numChunks), initialChunk: chunk };
    const payload =
      index === 0
        ? { case: "beginChunk" as const, value: create(BeginSchema, begin) }
        : { case: "chunk" as const, value: chunk };
    yield create(AddArtifactsRequestSchema, { ...sender, payload });
  }
}

function chunkOf(data: Uint8Array) {
  return create(ChunkSchema, { data, crc: BigInt(crc32(data)) });
}
