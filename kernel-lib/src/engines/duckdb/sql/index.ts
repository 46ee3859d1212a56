// spark.sql text and expression strings → the protocol's own messages.
import type { Expression } from "../../../generated/spark/connect/expressions_pb.ts";
import type { Relation, SQL } from "../../../generated/spark/connect/relations_pb.ts";
import { unsupported } from "../../../sql/errors.ts";

export async function parseSql(_sql: SQL): Promise<Relation> {
  throw unsupported("SQL", "Use DataFrame methods.");
}

export function parseExpression(_text: string): Expression {
  throw unsupported("SQL", "Use DataFrame methods.");
}
