// Uploads: rows of big local relations, in one piece or in chunks.
import { create } from "@bufbuild/protobuf";

import type { AddArtifactsRequest, AddArtifactsResponse } from "../../../generated/spark/connect/base_pb.ts";
import { AddArtifactsResponseSchema } from "../../../generated/spark/connect/base_pb.ts";
import { unsupported } from "../../../sql/errors.ts";
import type { Session } from "./session.ts";

export async function addArtifacts(
  requests: AsyncIterable<AddArtifactsRequest>,
  sessionOf: (id: string) => Session,
): Promise<AddArtifactsResponse> {
  const names: string[] = [];
  let session: Session | undefined;
  let open: { name: string; chunks: Uint8Array[] } | undefined;
  const store = (name: string, data: Uint8Array): void => {
    if (!name.startsWith("cache/"))
      throw unsupported(`The artifact ${name}`, "Only rows of local relations can be uploaded.");
    session?.artifacts.set(name, data);
    names.push(name);
  };
  const closeOpen = (): void => {
    if (open) store(open.name, Buffer.concat(open.chunks));
    open = undefined;
  };
  for await (const request of requests) {
    session = sessionOf(request.sessionId);
    const { case: kind, value } = request.payload;
    if (kind === "chunk") {
      open?.chunks.push(value.data);
      continue;
    }
    closeOpen();
    if (kind === "batch")
      for (const artifact of value.artifacts) store(artifact.name, artifact.data?.data ?? new Uint8Array());
    else if (kind === "beginChunk") open = { name: value.name, chunks: [value.initialChunk?.data ?? new Uint8Array()] };
  }
  closeOpen();
  return create(AddArtifactsResponseSchema, {
    sessionId: session?.id ?? "",
    serverSideSessionId: session?.serverSideId ?? "",
    artifacts: names.map((name) => ({ name, isCrcSuccessful: true })),
  });
}
