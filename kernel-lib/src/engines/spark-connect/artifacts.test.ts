import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { create, fromBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import type { AddArtifactsRequest } from "../../generated/spark/connect/base_pb.ts";
import {
  AddArtifactsRequest_BatchSchema as BatchSchema,
  AddArtifactsRequestSchema,
  UserContextSchema,
} from "../../generated/spark/connect/base_pb.ts";
import { LocalRelationSchema, RelationSchema } from "../../generated/spark/connect/relations_pb.ts";
import { extractRows, uploadRequests } from "./artifacts.ts";

const sender = { sessionId: "s", userContext: create(UserContextSchema, { userId: "u" }), clientType: "t" };

const local = (bytes: number) =>
  create(RelationSchema, {
    relType: { case: "localRelation", value: { data: new Uint8Array(bytes).fill(7), schema: "a INT" } },
  });

function batch(...sizes: number[]): AddArtifactsRequest {
  const artifacts = sizes.map((size, index) => ({
    name: `files/${index}`,
    data: { data: new Uint8Array(size).fill(index), crc: 1n },
  }));
  return create(AddArtifactsRequestSchema, { payload: { case: "batch", value: create(BatchSchema, { artifacts }) } });
}

test("few rows stay in the plan, which is the same object", () => {
  const plan = local(1000);
  expect(extractRows(plan)).toEqual({ plan, rows: [] });
  expect(extractRows(plan).plan).toBe(plan);
});

test("many rows are named by the hash of what is uploaded, and the plan itself is not touched", () => {
  const plan = local(2 << 20);
  const { plan: named, rows } = extractRows(plan);
  expect(plan.relType.case).toBe("localRelation");
  const [one] = rows;
  const { payload } = one!.upload();
  const [artifact] = payload.case === "batch" ? payload.value.artifacts : [];
  const data = artifact!.data!.data;
  const hash = createHash("sha256").update(data).digest("hex");
  expect(artifact!.name).toBe(`cache/${hash}`);
  expect(named.relType).toMatchObject({ case: "cachedLocalRelation", value: { hash } });
  const sent = fromBinary(LocalRelationSchema, data);
  expect(sent.schema).toBe("a INT");
  expect(Buffer.compare(sent.data!, new Uint8Array(2 << 20).fill(7))).toBe(0);
});

test("a large artifact goes in chunks that make it whole again, each with its checksum", () => {
  const [begin, ...rest] = uploadRequests([batch(9 << 20)], sender);
  expect(begin?.payload).toMatchObject({
    case: "beginChunk",
    value: { name: "files/0", totalBytes: BigInt(9 << 20), numChunks: 3n },
  });
  const chunks = [begin, ...rest].map((request) => {
    const payload = request!.payload;
    return payload.case === "beginChunk" ? payload.value.initialChunk! : (payload.value as never);
  });
  expect(chunks.map(({ data }) => data.length)).toEqual([4 << 20, 4 << 20, 1 << 20]);
  for (const { data, crc } of chunks) expect(crc).toBe(BigInt(crc32(data)));
  expect([begin, ...rest].every((request) => request!.sessionId === "s" && request!.clientType === "t")).toBe(true);
});

test("small artifacts stay together beside a large one", () => {
  const kinds = [...uploadRequests([batch(10, 5 << 20, 20)], sender)].map(({ payload }) =>
    payload.case === "batch" ? payload.value.artifacts.map(({ name }) => name) : payload.case,
  );
  expect(kinds).toEqual(["beginChunk", "chunk", ["files/0", "files/2"]]);
});
