// What changes something when it runs: temporary views, SQL statements and writes.
import type { Command, CreateDataFrameViewCommand, SqlCommand } from "../../../generated/spark/connect/commands_pb.ts";
import type { SQL } from "../../../generated/spark/connect/relations_pb.ts";
import { create } from "@bufbuild/protobuf";

import { LocalRelationSchema, RelationSchema, SQLSchema } from "../../../generated/spark/connect/relations_pb.ts";
import type { Relation } from "../../../generated/spark/connect/relations_pb.ts";
import { unsupported } from "../../../sql/errors.ts";
import { GLOBAL_TEMP } from "../analyzer/context.ts";
import { schemaNotFound, tableNotFound } from "../analyzer/errors.ts";
import { required } from "../analyzer/required.ts";
import { parseStatement } from "../sql/index.ts";
import { named, relationOf, text } from "../sql/make.ts";
import type { Part } from "./execute.ts";
import type { Session } from "./session.ts";
import { runWrite } from "./write.ts";

export async function* runCommand(command: Command, session: Session, signal: AbortSignal): AsyncGenerator<Part> {
  const { case: kind, value } = command.commandType;
  switch (kind) {
    case "createDataframeView":
      return createView(value, session, signal);
    case "sqlCommand":
      yield { kind: "relation", relation: await runSql(value, session, signal) };
      return;
    case "writeOperation":
      yield* runWrite(value, session, signal);
      return;
    default:
      throw unsupported(`The command ${kind ?? "without a kind"}`, "Use DataFrame.write.");
  }
}

async function createView(command: CreateDataFrameViewCommand, session: Session, signal: AbortSignal): Promise<void> {
  const input = required(command.input);
  // A view of a plan with a mistake in it is refused now, as Spark does.
  await session.resolve(input, signal);
  const views = command.isGlobal ? session.globalViews : session.views;
  views.set(unquoted(command.name), input, session.views.current, command.replace);
}

/** A view's name without the backquotes around it. */
function unquoted(name: string): string {
  return /^`(?:[^`]|``)+`$/.test(name) ? name.slice(1, -1).replaceAll("``", "`") : name;
}

/** Runs a statement; a query is only checked, and handed back as the relation to run. */
async function runSql(command: SqlCommand, session: Session, signal: AbortSignal): Promise<Relation> {
  const given = command.input?.relType.case === "sql" ? command.input.relType.value : undefined;
  const sql: SQL = given ?? create(SQLSchema, { ...command, $typeName: "spark.connect.SQL", query: command.sql });
  const statement = await parseStatement(sql, sql.query);
  switch (statement.kind) {
    case "query":
      await session.resolve(statement.relation, signal);
      return create(RelationSchema, { relType: { case: "sql", value: sql } });
    case "createView":
      await session.resolve(statement.relation, signal);
      session.views.set(statement.name, statement.relation, session.views.current, statement.replace);
      return nothing();
    case "dropView": {
      const { database, name } = statement;
      const isGlobal = database?.toLowerCase() === GLOBAL_TEMP;
      const views = isGlobal ? session.globalViews : database === undefined ? session.views : undefined;
      if (!views?.drop(name) && !statement.ifExists)
        throw tableNotFound(database === undefined ? [name] : [database, name]);
      return nothing();
    }
    case "use":
      // The one database there is.
      if (statement.database.toLowerCase() !== "default") throw schemaNotFound(statement.database);
      return nothing();
    case "set":
      if (statement.value !== undefined) session.configuration.set(statement.key, statement.value);
      return keyAndValue(statement.key, session.configuration.find(statement.key) ?? "<undefined>");
    case "other":
      throw unsupported(
        `The SQL statement ${statement.name}`,
        "Use SELECT, CREATE TEMPORARY VIEW or DataFrame methods.",
      );
  }
}

function nothing(): Relation {
  const value = create(LocalRelationSchema, { schema: "struct<>" });
  return create(RelationSchema, { relType: { case: "localRelation", value } });
}

function keyAndValue(key: string, value: string): Relation {
  const expressions = [named(text(key), "key"), named(text(value), "value")];
  return relationOf({ case: "project", value: { expressions } });
}
