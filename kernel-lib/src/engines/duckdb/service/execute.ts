// Runs a plan: rows of a relation, or a command.
import { Table, Utf8, tableToIPC, vectorFromArray } from "apache-arrow";

import type {
  ExecutePlanResponse_ObservedMetrics as ObservedMetrics,
  Plan,
} from "../../../generated/spark/connect/base_pb.ts";
import type { Relation as Message } from "../../../generated/spark/connect/relations_pb.ts";
import type { DataType } from "../../../generated/spark/connect/types_pb.ts";
import { toProto } from "../../../sql/types/index.ts";
import { required } from "../analyzer/required.ts";
import type { Progress } from "../driver/operation.ts";
import { runCommand } from "./commands.ts";
import type { Batch } from "./run.ts";
import { runRelation, schemaOf } from "./run.ts";
import type { Session } from "./session.ts";
import { firstRows, htmlText, tableText, verticalText } from "./show.ts";

/** One thing a running plan has to say. */
export type Part =
  | { readonly kind: "schema"; readonly schema: DataType }
  | { readonly kind: "batch"; readonly batch: Batch }
  | { readonly kind: "metrics"; readonly metrics: ObservedMetrics }
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "relation"; readonly relation: Message };

export async function* executePlan(plan: Plan, session: Session, signal: AbortSignal): AsyncGenerator<Part> {
  const { case: kind, value } = plan.opType;
  if (kind === "command") yield* runCommand(value, session, signal);
  else yield* executeRelation(required(value), session, signal);
}

async function* executeRelation(message: Message, session: Session, signal: AbortSignal): AsyncGenerator<Part> {
  const { case: kind, value } = message.relType;
  if (kind === "showString" || kind === "htmlString") {
    const { relation } = await session.resolve(required(value.input), signal);
    const shown = await firstRows(relation, value.numRows, value.truncate, session, signal);
    if (kind === "htmlString") yield* oneText("html_string", htmlText(shown, value.numRows));
    else if (value.vertical) yield* oneText("show_string", verticalText(shown, value.numRows));
    else yield* oneText("show_string", tableText(shown, value.numRows, value.truncate > 0));
    return;
  }
  const { relation } = await session.resolve(message, signal);
  yield { kind: "schema", schema: toProto(schemaOf(relation)) };
  for await (const batch of runRelation(relation, session, signal)) yield { kind: "batch", batch };
}

/** A result of one row with one text. */
function* oneText(name: string, text: string): Generator<Part> {
  const schema = { kind: "struct", fields: [{ name, dataType: { kind: "string" }, nullable: false }] } as const;
  yield { kind: "schema", schema: toProto(schema) };
  const table = new Table({ [name]: vectorFromArray([text], new Utf8()) });
  yield { kind: "batch", batch: { rowCount: 1, data: tableToIPC(table, "stream") } };
}
