// Relations that add, rename, drop or retype columns.
import type {
  Drop,
  SubqueryAlias,
  ToDF,
  ToSchema,
  WithColumns,
  WithColumnsRenamed,
} from "../../../generated/spark/connect/relations_pb.ts";
import type { DataType } from "../../../sql/types/data-type.ts";
import { fromProto } from "../../../sql/types/index.ts";
import { SparkError } from "../../../sql/errors.ts";
import { coerced } from "../functions/coercion.ts";
import { sameType } from "../functions/kinds.ts";
import type { Attribute, Expression } from "../resolved/expression.ts";
import { alias, reference } from "./build.ts";
import type { AnalyzerContext } from "./context.ts";
import { assignmentArity, columnAlreadyExists, unresolvedColumn } from "./errors.ts";
import { required } from "./required.ts";
import { projectColumns } from "./project.ts";
import { resolverOf } from "./projection.ts";
import { parseName } from "./names.ts";
import type { Scope } from "./scope.ts";
import { overScope } from "./scope.ts";

export function resolveWithColumns(message: WithColumns, input: Scope, context: AnalyzerContext): Scope {
  const resolver = resolverOf(input, context);
  const added = message.aliases.map((item) => {
    const [name = ""] = item.name;
    const metadata = item.metadata ? (JSON.parse(item.metadata) as Record<string, unknown>) : undefined;
    const child = resolver.resolve(required(item.expr));
    return { name, expression: { ...alias(child, ...item.name), ...(metadata ? { metadata } : {}) } };
  });
  added.forEach((item, i) => {
    if (added.slice(0, i).some((other) => context.sameName(other.name, item.name)))
      throw columnAlreadyExists(item.name);
  });
  const { output } = input.relation;
  const kept = output.map(
    (attribute) =>
      added.find((item) => context.sameName(item.name, attribute.name))?.expression ?? reference(attribute),
  );
  const isNew = (name: string) => !output.some((attribute) => context.sameName(name, attribute.name));
  const appended = added.filter((item) => isNew(item.name)).map((item) => item.expression);
  return projectColumns(input, [...kept, ...appended], context);
}

export function resolveRenamed(message: WithColumnsRenamed, input: Scope, context: AnalyzerContext): Scope {
  const renames =
    message.renames.length > 0
      ? message.renames.map((rename) => [rename.colName, rename.newColName] as const)
      : Object.entries(message.renameColumnsMap);
  let names = input.relation.output.map((attribute) => attribute.name);
  for (const [from, to] of renames) names = names.map((name) => (context.sameName(name, from) ? to : name));
  return renamed(input, names);
}

/** The same attributes under new names; the ids stay, as nothing is computed. */
function renamed(input: Scope, names: readonly string[]): Scope {
  const output = input.relation.output.map((attribute, i) => {
    const name = names[i] as string;
    return name === attribute.name ? attribute : { ...attribute, name, qualifier: [] };
  });
  return overScope(input, { ...input.relation, output }, input.merged);
}

export function resolveToDf(message: ToDF, input: Scope): Scope {
  const count = input.relation.output.length;
  if (message.columnNames.length !== count) throw assignmentArity(count, message.columnNames.length);
  return renamed(input, message.columnNames);
}

export function resolveDrop(message: Drop, input: Scope, context: AnalyzerContext): Scope {
  const resolver = resolverOf(input, context);
  const dropped = new Set<string>();
  for (const column of message.columns) {
    try {
      const expression = resolver.resolve(column);
      if (expression.kind === "attribute") dropped.add(expression.attribute.id);
    } catch (error) {
      // Dropping a column that is not there does nothing.
      const absent =
        error instanceof SparkError && /^(UNRESOLVED_COLUMN|CANNOT_RESOLVE_DATAFRAME_COLUMN)/.test(error.code);
      if (!absent) throw error;
    }
  }
  const names = message.columnNames;
  const kept = input.relation.output.filter(
    (attribute) => !dropped.has(attribute.id) && !names.some((name) => context.sameName(name, attribute.name)),
  );
  return projectColumns(input, kept.map(reference), context);
}

export function resolveSubqueryAlias(message: SubqueryAlias, input: Scope): Scope {
  const qualifier = [...message.qualifier, message.alias];
  const output = input.relation.output.map((attribute) => ({ ...attribute, qualifier }));
  return overScope(input, { ...input.relation, output, named: true });
}

export function resolveToSchema(message: ToSchema, input: Scope, context: AnalyzerContext): Scope {
  const schema = fromProto(required(message.schema));
  if (schema.kind !== "struct") throw unresolvedColumn(["value"], input.relation.output);
  const expressions = schema.fields.map((field): Expression => {
    const [attribute] = attributesNamed(field.name, input, context);
    if (!attribute) throw unresolvedColumn([field.name], input.relation.output);
    if (attribute.nullable && !field.nullable)
      throw new SparkError(
        "NULLABLE_COLUMN_OR_FIELD",
        `Column or field \`${field.name}\` is nullable while it's required to be non-nullable.`,
        {
          sqlState: "42000",
          messageParameters: { name: `\`${field.name}\`` },
        },
      );
    return alias(typed(reference(attribute), field.dataType, context), field.name);
  });
  return projectColumns(input, expressions, context);
}

function typed(expression: Expression, to: DataType, context: AnalyzerContext): Expression {
  return sameType(expression.dataType, to) ? expression : coerced(expression, to, context);
}

/** Every attribute with the name. */
export function attributesNamed(name: string, input: Scope, context: AnalyzerContext): Attribute[] {
  return input.relation.output.filter((attribute) => context.sameName(attribute.name, name));
}

/** The attributes that a list of column names means, for methods with a subset. */
export function namedColumns(names: readonly string[], input: Scope, context: AnalyzerContext): Attribute[] {
  return names.flatMap((name) => {
    const matches = attributesNamed(name, input, context);
    if (matches.length === 0) throw unresolvedColumn(safeParts(name), input.relation.output);
    return matches;
  });
}

function safeParts(name: string): string[] {
  return name.includes("`") ? [name] : parseName(name);
}
