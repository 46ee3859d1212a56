// SQL statements with bound parameters.
import type { Relation } from "../generated/spark/connect/relations_pb.ts";
import type { Client } from "./client.ts";
import { SluiceError } from "../errors.ts";
import { expressionOf } from "./column.ts";
import { sqlCommand } from "./plan/commands.ts";
import { isPlainObject } from "./plan/literals.ts";
import { relation } from "./plan/relations.ts";

/** Runs a statement, given as a tagged template or as text with parameters, and gives the relation of its rows. */
export async function runSql(
  client: Client,
  text: TemplateStringsArray | string,
  values: readonly unknown[],
): Promise<Relation> {
  const plan =
    typeof text === "string" ? withArguments(text, values) : sqlCommand(text.join("?"), {}, values.map(expressionOf));
  for await (const response of client.execute(plan)) {
    const { responseType } = response;
    if (responseType.case === "sqlCommandResult" && responseType.value.relation?.relType.case !== undefined) {
      return relation(responseType.value.relation.relType);
    }
  }
  throw new SluiceError("PROTOCOL", "The engine did not answer the statement with a relation.");
}

function withArguments(text: string, [args]: readonly unknown[]) {
  if (args === undefined) return sqlCommand(text, {}, []);
  if (Array.isArray(args)) return sqlCommand(text, {}, args.map(expressionOf));
  if (!isPlainObject(args)) {
    throw new SluiceError("USAGE", "The parameters of sql() must be an array or an object.", {
      next: "Write spark.sql(text, { name: value }) or spark.sql(text, [value]).",
    });
  }
  const named = Object.entries(args).map(([name, value]) => [name, expressionOf(value)] as const);
  return sqlCommand(text, Object.fromEntries(named), []);
}
