// Relations without an input: ranges, rows that came with the plan, files, tables and views.
import { tableFromIPC } from "apache-arrow";

import type { LocalRelation, Range, Read, Relation as Message } from "../../../generated/spark/connect/relations_pb.ts";
import type { StructField, StructType } from "../../../sql/types/data-type.ts";
import { fromJson, parseSchema } from "../../../sql/types/index.ts";
import { unsupported } from "../../../sql/errors.ts";
import { coerced } from "../functions/coercion.ts";
import type { Attribute, Expression } from "../resolved/expression.ts";
import { duckdbType, structTypeOfArrow } from "../types.ts";
import { alias, reference } from "./build.ts";
import type { AnalyzerContext, ReadRequest } from "./context.ts";
import { GLOBAL_TEMP } from "./context.ts";
import { assignmentArity, tableNotFound } from "./errors.ts";
import { parseName } from "./names.ts";
import { project } from "./projection.ts";
import type { Scope } from "./scope.ts";
import { leafScope } from "./scope.ts";

/** New attributes for the fields of a schema. */
export function attributesOf(schema: StructType, context: AnalyzerContext): Attribute[] {
  return schema.fields.map((field) => ({
    id: context.fresh("c"),
    name: field.name,
    dataType: field.dataType,
    nullable: field.nullable,
    qualifier: [],
    ...(field.metadata ? { metadata: field.metadata } : {}),
  }));
}

export function resolveRange(message: Range, context: AnalyzerContext): Scope {
  const fields = [{ name: "id", dataType: { kind: "long" } as const, nullable: false }];
  const { start = 0n, end, step } = message;
  return leafScope({ kind: "range", start, end, step, output: attributesOf({ kind: "struct", fields }, context) });
}

/** One row without columns, for `SELECT 1`. */
export function oneRow(_context: AnalyzerContext): Scope {
  return leafScope({ kind: "range", start: 0n, end: 1n, step: 1n, output: [] });
}

export function resolveLocal(message: LocalRelation, context: AnalyzerContext): Scope {
  const arrow = message.data?.length ? message.data : undefined;
  const given = message.schema ? schemaOf(message.schema) : undefined;
  if (!arrow) {
    const schema = given ?? { kind: "struct", fields: [] };
    return leafScope({ kind: "local", data: { schema }, output: attributesOf(schema, context) });
  }
  const sent = structTypeOfArrow(tableFromIPC(arrow).schema);
  const stored = given && sameStorage(sent, given) ? given : sent;
  const scope = leafScope({ kind: "local", data: { schema: stored, arrow }, output: attributesOf(stored, context) });
  return given && stored !== given ? retyped(scope, given, context) : scope;
}

function sameStorage(a: StructType, b: StructType): boolean {
  return (
    a.fields.length === b.fields.length &&
    a.fields.every((field, i) => duckdbType(field.dataType) === duckdbType((b.fields[i] as StructField).dataType))
  );
}

/** The columns by position, cast to the types of the schema. */
function retyped(scope: Scope, schema: StructType, context: AnalyzerContext): Scope {
  const { output } = scope.relation;
  if (output.length !== schema.fields.length) throw assignmentArity(output.length, schema.fields.length);
  const expressions = output.map((attribute, i): Expression => {
    const field = schema.fields[i] as StructField;
    return alias({ ...coerced(reference(attribute), field.dataType, context), nullable: field.nullable }, field.name);
  });
  return leafScope(project(scope.relation, expressions, context));
}

/** A schema as clients write it: JSON or DDL; a single type is a column named `value`. */
export function schemaOf(text: string): StructType {
  if (!text.trim().startsWith("{")) return parseSchema(text);
  const type = fromJson(text);
  return type.kind === "struct"
    ? type
    : { kind: "struct", fields: [{ name: "value", dataType: type, nullable: true }] };
}

/** Resolves the plan of a view. */
export type ResolveView = (relation: Message, context: AnalyzerContext) => Promise<Scope>;

export async function resolveRead(message: Read, context: AnalyzerContext, resolveView: ResolveView): Promise<Scope> {
  if (message.isStreaming) throw unsupported("A streaming read", "Use read instead of readStream, or a Spark session.");
  const { case: kind, value } = message.readType;
  if (kind === "dataSource") {
    return scan(
      {
        format: value.format ?? "parquet",
        schema: value.schema || undefined,
        options: value.options,
        paths: value.paths,
      },
      context,
    );
  }
  if (kind !== "namedTable") throw unsupported("A read without a source", "Name a table or a format.");
  const parts = parseName(value.unparsedIdentifier);
  const [first = "", second] = parts;
  if (second !== undefined && parts.length === 2 && FILE_FORMATS.has(first.toLowerCase()))
    return scan({ format: first.toLowerCase(), schema: undefined, options: value.options, paths: [second] }, context);
  return viewScope(parts, context, resolveView);
}

const FILE_FORMATS = new Set(["csv", "json", "parquet", "text"]);

async function scan(request: ReadRequest, context: AnalyzerContext): Promise<Scope> {
  const source = await context.read(request);
  return leafScope({ kind: "scan", source, output: attributesOf(source.schema, context) });
}

async function viewScope(parts: readonly string[], context: AnalyzerContext, resolveView: ResolveView): Promise<Scope> {
  const isGlobal = parts.length === 2 && parts[0]?.toLowerCase() === GLOBAL_TEMP;
  const name = parts.at(-1)?.toLowerCase() ?? "";
  const view = isGlobal ? context.globalViews.get(name) : parts.length === 1 ? context.views.get(name) : undefined;
  if (!view) throw tableNotFound(parts);
  // The view's plan sees the views of its own time, so that a view can be replaced by a plan that reads it.
  const { relation } = await resolveView(view.relation, { ...context, views: view.views });
  const output = relation.output.map((attribute) => ({ ...attribute, qualifier: [view.name] }));
  return leafScope({ ...relation, output, named: true });
}
