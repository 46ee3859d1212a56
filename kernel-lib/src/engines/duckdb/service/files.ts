// Reads and writes of files, through the sources room.
import type { ReadRequest } from "../analyzer/context.ts";
import type { ScanSource } from "../sources/source.ts";
import { unsupported } from "../../../sql/errors.ts";
import type { Session } from "./session.ts";

export async function readSource(_request: ReadRequest, _session: Session, _signal?: AbortSignal): Promise<ScanSource> {
  throw unsupported("Reading files", "Use createDataFrame.");
}
