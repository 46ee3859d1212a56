// Writes of a DataFrame to files or another sink.
import type { WriteOperation } from "../../../generated/spark/connect/commands_pb.ts";
import { unsupported } from "../../../sql/errors.ts";
import type { Part } from "./execute.ts";
import type { Session } from "./session.ts";

// eslint-disable-next-line require-yield
export async function* runWrite(
  _command: WriteOperation,
  _session: Session,
  _signal: AbortSignal,
): AsyncGenerator<Part> {
  throw unsupported("Writing files", "Use collect.");
}
