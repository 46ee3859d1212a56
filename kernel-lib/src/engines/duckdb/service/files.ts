// Reads of files, through the sources room.
import type { ReadRequest } from "../analyzer/context.ts";
import { schemaOf } from "../analyzer/leaves.ts";
import { resolveRead } from "../sources/resolve-read.ts";
import type { ScanSource } from "../sources/source.ts";
import type { Session } from "./session.ts";

export function readSource(request: ReadRequest, session: Session, signal?: AbortSignal): Promise<ScanSource> {
  return resolveRead({
    ...request,
    schema: request.schema === undefined ? undefined : schemaOf(request.schema),
    semantics: session.semantics(),
    driver: session.driver,
    signal,
  });
}
