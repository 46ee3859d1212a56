// spark.sql text and expression strings → the protocol's own messages.
import type { Expression } from "../../../generated/spark/connect/expressions_pb.ts";
import type { SqlCommand } from "../../../generated/spark/connect/commands_pb.ts";
import type { Relation, SQL } from "../../../generated/spark/connect/relations_pb.ts";
import { parseError } from "./errors.ts";
import type { Parameters } from "./expression.ts";
import { ExpressionReader } from "./expression.ts";
import { expressionOf } from "./make.ts";
import type { Node } from "./parser.ts";
import { kindOf, loadParser, nameOf, nodes, parseStatements } from "./parser.ts";
import { positionalName } from "./prepare.ts";
import { QueryReader } from "./query.ts";

export { ParserNotLoaded, loadParser } from "./parser.ts";

/** The literals and expressions that are bound to a text's parameters: they stand in the tree, never in the text. */
type Bound = Pick<SQL, "args" | "posArgs" | "namedArguments" | "posArguments">;

function parametersOf(bound: Bound): Parameters {
  const parameters = new Map<string, Expression>();
  for (const [name, value] of Object.entries(bound.args))
    parameters.set(name, expressionOf({ case: "literal", value }));
  for (const [name, value] of Object.entries(bound.namedArguments)) parameters.set(name, value);
  bound.posArgs.forEach((value, i) => parameters.set(positionalName(i), expressionOf({ case: "literal", value })));
  bound.posArguments.forEach((value, i) => parameters.set(positionalName(i), value));
  return parameters;
}

/** What one statement asks for. */
export type Statement =
  | { readonly kind: "query"; readonly relation: Relation }
  | { readonly kind: "createView"; readonly name: string; readonly replace: boolean; readonly relation: Relation }
  | {
      readonly kind: "dropView";
      readonly database: string | undefined;
      readonly name: string;
      readonly ifExists: boolean;
    }
  | { readonly kind: "use"; readonly database: string }
  | { readonly kind: "set"; readonly key: string; readonly value: string | undefined }
  | { readonly kind: "other"; readonly name: string };

/** What the text of a SQL command asks for. */
export async function parseStatement(command: SqlCommand | SQL, query: string): Promise<Statement> {
  await loadParser();
  const setting = /^\s*set\s+([\w.]+)\s*(?:=\s*(.*?))?\s*;?\s*$/is.exec(query);
  if (setting) return { kind: "set", key: setting[1] as string, value: setting[2] };
  const statement = onlyStatement(query);
  if (QueryReader.isQuery(statement))
    return { kind: "query", relation: new QueryReader(parametersOf(command)).read(statement) };
  const [kind, node] = kindOf(statement);
  if (kind === "create_view" && node["temporary"] === true) {
    const relation = new QueryReader(parametersOf(command)).read(node["query"]);
    return { kind: "createView", name: nameOf(node["name"]), replace: node["or_replace"] === true, relation };
  }
  if (kind === "drop_view") {
    const { schema } = node["name"] as Node;
    const database = schema ? nameOf(schema) : undefined;
    return { kind: "dropView", database, name: nameOf(node["name"]), ifExists: node["if_exists"] === true };
  }
  if (kind === "use") return { kind: "use", database: nameOf(node["this"]) };
  return { kind: "other", name: kind.replaceAll("_", " ") };
}

export async function parseSql(sql: SQL): Promise<Relation> {
  await loadParser();
  return new QueryReader(parametersOf(sql)).read(onlyStatement(sql.query));
}

const SELECT = "SELECT ";

/** @throws ParserNotLoaded the first time; load the parser and call again. */
export function parseExpression(text: string): Expression {
  const [kind, select] = kindOf(onlyStatement(`${SELECT}${text}`, SELECT.length));
  const list = kind === "select" ? nodes(select["expressions"]) : [];
  if (list.length !== 1 || select["from"])
    throw parseError(`Syntax error in the expression '${text}'.`, { error: `'${text}'`, hint: "" });
  return new ExpressionReader(new Map()).read(list[0]);
}

function onlyStatement(text: string, added = 0): Node {
  const statements = parseStatements(text, added);
  const [statement] = statements;
  if (!statement || statements.length > 1)
    throw parseError("One statement at a time can be run.", { error: "';'", hint: "" });
  return statement;
}
