// Unresolved expression of the protocol → resolved expression with Spark's type and nullability.
import type {
  CallFunction,
  Expression as Message,
  Expression_Cast,
  Expression_SortOrder,
  Expression_UnresolvedAttribute,
  Expression_UpdateFields,
} from "../../../generated/spark/connect/expressions_pb.ts";
import {
  Expression_Cast_EvalMode as EvalMode,
  Expression_SortOrder_NullOrdering as Nulls,
  Expression_SortOrder_SortDirection as Direction,
} from "../../../generated/spark/connect/expressions_pb.ts";
import type { DataType } from "../../../sql/types/data-type.ts";
import { fromProto, parseDataType, sqlName } from "../../../sql/types/index.ts";
import { SparkError, unsupported } from "../../../sql/errors.ts";
import { canCast } from "../casts/index.ts";
import { coerced } from "../functions/coercion.ts";
import type { ResolveContext } from "../functions/definition.ts";
import type { CastMode, Expression, LambdaVariable, SortKey } from "../resolved/expression.ts";
import { parseExpression } from "../sql/index.ts";
import { alias, isDeterministic, reference, unalias } from "./build.ts";
import { resolveCall } from "./call.ts";
import type { AnalyzerContext } from "./context.ts";
import { display, outputName } from "./display.ts";
import { mismatch, unresolvedColumn } from "./errors.ts";
import { extractPath, extractValue } from "./extract.ts";
import { constantValue, fromLiteral } from "./literal.ts";
import { lateralReference } from "./lateral.ts";
import { parseName } from "./names.ts";
import { required } from "./required.ts";
import { resolveName, resolvePlanColumn } from "./scope.ts";
import type { Match, NameScope } from "./scope.ts";
import { expandStar } from "./star.ts";
import { updateFields } from "./update-fields.ts";
import { resolveWindow } from "./window.ts";

/** Resolves expressions against the columns of one scope. */
export class ExpressionResolver {
  readonly context: AnalyzerContext;
  readonly scope: NameScope;
  readonly functions: ResolveContext;
  private readonly variables: LambdaVariable[] = [];
  /** The aliases of the select list so far. */
  private readonly laterals = new Map<string, Expression>();

  constructor(context: AnalyzerContext, scope: NameScope) {
    this.context = context;
    this.scope = scope;
    this.functions = {
      ansi: context.ansi,
      timeZone: context.timeZone,
      conf: (key) => context.conf(key),
      coerce: (expression, to) => coerced(expression, to, context),
      constant: constantValue,
    };
  }

  display(expression: Expression): string {
    return display(expression, this.context.timeZone);
  }

  /** The columns of a select list: stars and name patterns become several. */
  list(messages: readonly Message[]): Expression[] {
    return messages.flatMap((message) => expandStar(message, this) ?? [this.column(message)]);
  }

  /** A select list whose columns may name the aliases before them. */
  selectList(messages: readonly Message[]): Expression[] {
    try {
      return messages.flatMap((message) => {
        const columns = expandStar(message, this) ?? [this.column(message)];
        const [only] = columns;
        if (only?.kind === "alias" && only.names.length === 1) this.laterals.set(only.names[0] as string, only.child);
        return columns;
      });
    } finally {
      this.laterals.clear();
    }
  }

  /** One column of a select list; `s.field` keeps the field's name. */
  column(message: Message): Expression {
    const { case: kind, value } = message.exprType;
    if (kind === "expressionString") {
      const parsed = parseExpression(value.expression);
      return this.column(parsed);
    }
    if (kind !== "unresolvedAttribute") return this.resolve(message);
    const resolved = this.attribute(value);
    const isField = resolved.kind !== "attribute" && resolved.kind !== "variable";
    return isField ? alias(resolved, parseName(value.unparsedIdentifier).at(-1) as string) : resolved;
  }

  resolve(message: Message): Expression {
    const { case: kind, value } = message.exprType;
    switch (kind) {
      case "literal":
        return fromLiteral(value);
      case "unresolvedAttribute":
        return this.attribute(value);
      case "expressionString":
        return this.resolve(parseExpression(value.expression));
      case "unresolvedFunction":
        return resolveCall({ name: value.functionName, args: value.arguments, distinct: value.isDistinct }, this);
      case "callFunction":
        return this.called(value);
      case "alias": {
        const child = this.resolve(required(value.expr));
        const metadata = value.metadata ? (JSON.parse(value.metadata) as Record<string, unknown>) : undefined;
        return { ...alias(child, ...value.name), ...(metadata ? { metadata } : {}) };
      }
      case "cast":
        return this.cast(value);
      case "unresolvedExtractValue": {
        const child = unalias(this.resolve(required(value.child)));
        return extractValue(child, this.resolve(required(value.extraction)), this.functions, this.context.sameName);
      }
      case "updateFields":
        return this.updateFields(value);
      case "unresolvedNamedLambdaVariable":
        return this.variable(value.nameParts);
      case "window":
        return resolveWindow(value, this);
      case "sortOrder":
        return this.resolve(required(value.child));
      default:
        throw unsupported(`An expression of the kind ${kind ?? "empty"}`, "Write it with columns and functions.");
    }
  }

  sortKey(order: Expression_SortOrder): SortKey {
    const child = unalias(this.resolve(required(order.child)));
    const ascending = order.direction !== Direction.DESCENDING;
    const nullsFirst =
      order.nullOrdering === Nulls.SORT_NULLS_UNSPECIFIED ? ascending : order.nullOrdering === Nulls.SORT_NULLS_FIRST;
    return { child, ascending, nullsFirst };
  }

  /** Runs `body` with lambda parameters in scope. */
  withVariables<Result>(parameters: readonly LambdaVariable[], body: () => Result): Result {
    this.variables.push(...parameters);
    try {
      return body();
    } finally {
      this.variables.length -= parameters.length;
    }
  }

  private called(value: CallFunction): Expression {
    const parts = parseName(value.functionName);
    return resolveCall({ name: parts[parts.length - 1] as string, args: value.arguments, distinct: false }, this);
  }

  private match(value: Expression_UnresolvedAttribute): Match | undefined {
    const parts = parseName(value.unparsedIdentifier);
    if (value.planId !== undefined)
      return resolvePlanColumn(parts, value.unparsedIdentifier, value.planId, this.scope, this.context.sameName);
    if (this.findVariable(parts[0] as string)) return undefined;
    return resolveName(parts, this.scope, this.context.sameName);
  }

  private attribute(value: Expression_UnresolvedAttribute): Expression {
    let match: Match | undefined;
    try {
      match = this.match(value);
    } catch (error) {
      const lateral = this.lateral(value.unparsedIdentifier, error);
      if (lateral) return lateral;
      throw error;
    }
    if (!match) return this.variable(parseName(value.unparsedIdentifier));
    return extractPath(reference(match.attribute), match.rest, this.functions, this.context.sameName);
  }

  /** The alias before this column that a name means when the input has no such column. */
  private lateral(text: string, error: unknown): Expression | undefined {
    if (!(error instanceof SparkError) || !error.code.startsWith("UNRESOLVED_COLUMN")) return undefined;
    const [name = "", ...path] = parseName(text);
    const found = [...this.laterals].findLast(([aliasName]) => this.context.sameName(aliasName, name));
    if (!found) return undefined;
    if (!isDeterministic(found[1]))
      throw unsupported(`A second use of ${name}, which is random,`, "Compute it in a subquery.");
    return extractPath(lateralReference(name, found[1]), path, this.functions, this.context.sameName);
  }

  private findVariable(name: string): LambdaVariable | undefined {
    return this.variables.findLast((variable) => this.context.sameName(variable.name, name));
  }

  private variable(parts: readonly string[]): Expression {
    const [name = "", ...path] = parts;
    const found = this.findVariable(name);
    if (!found) throw unresolvedColumn(parts, this.scope.attributes);
    return extractPath(found, path, this.functions, this.context.sameName);
  }

  private cast(value: Expression_Cast): Expression {
    const child = this.resolve(required(value.expr));
    const { case: form, value: target } = value.castToType;
    if (!form) throw new Error("A cast has no type.");
    const to = form === "type" ? fromProto(target) : parseDataType(target);
    const mode = castMode(value.evalMode, this.context.ansi);
    return this.castTo(child, to, mode);
  }

  castTo(child: Expression, to: DataType, mode: CastMode): Expression {
    const from = child.dataType;
    const nullable = canCast(from, to, mode, child.nullable);
    if (nullable === undefined) {
      const cast: Expression = { kind: "cast", child, mode, explicit: true, dataType: to, nullable: true };
      const text = outputName(cast, this.context.timeZone);
      const parameters = { srcType: `"${sqlName(from)}"`, targetType: `"${sqlName(to)}"` };
      throw mismatch(
        "CAST_WITHOUT_SUGGESTION",
        text,
        `cannot cast ${parameters.srcType} to ${parameters.targetType}.`,
        parameters,
      );
    }
    return { kind: "cast", child, mode, explicit: true, dataType: to, nullable };
  }

  private updateFields(value: Expression_UpdateFields): Expression {
    const struct = unalias(this.resolve(required(value.structExpression)));
    const change = value.valueExpression && unalias(this.resolve(value.valueExpression));
    return updateFields(struct, parseName(value.fieldName), change, this);
  }
}

function castMode(mode: EvalMode, ansi: boolean): CastMode {
  if (mode === EvalMode.TRY) return "try";
  if (mode === EvalMode.LEGACY) return "legacy";
  return mode === EvalMode.ANSI || ansi ? "ansi" : "legacy";
}
