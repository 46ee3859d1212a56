// What changes something when it runs: temporary views, SQL statements and writes.
import type { Command, CreateDataFrameViewCommand } from "../../../generated/spark/connect/commands_pb.ts";
import { unsupported } from "../../../sql/errors.ts";
import { required } from "../analyzer/expression.ts";
import type { Part } from "./execute.ts";
import type { Session } from "./session.ts";

export async function* runCommand(command: Command, session: Session, signal: AbortSignal): AsyncGenerator<Part> {
  const { case: kind, value } = command.commandType;
  switch (kind) {
    case "createDataframeView":
      return createView(value, session, signal);
    default:
      throw unsupported(`The command ${kind ?? "without a kind"}`, "Use DataFrame methods.");
  }
}

async function createView(command: CreateDataFrameViewCommand, session: Session, signal: AbortSignal): Promise<void> {
  const input = required(command.input);
  // A view of a plan with a mistake in it is refused now, as Spark does.
  await session.resolve(input, signal);
  session.setView(command.name, input, command.replace);
}
