// fillna, dropna and replace.
import type { NADrop, NAFill, NAReplace } from "../../../generated/spark/connect/relations_pb.ts";
import { coerced } from "../functions/coercion.ts";
import { isFloating, isNumeric } from "../functions/kinds.ts";
import type { Attribute, Expression, Literal } from "../resolved/expression.ts";
import { alias, literal, reference } from "./build.ts";
import { caller } from "./caller.ts";
import type { Caller } from "./caller.ts";
import { namedColumns } from "./columns.ts";
import type { AnalyzerContext } from "./context.ts";
import { required } from "./required.ts";
import { fromLiteral } from "./literal.ts";
import { projectColumns } from "./project.ts";
import type { Scope } from "./scope.ts";
import { overScope } from "./scope.ts";

/** A value goes only into columns of its own sort: numbers into numbers, text into text. */
function fits(value: Literal, attribute: Attribute): boolean {
  if (isNumeric(value.dataType)) return isNumeric(attribute.dataType);
  return value.dataType.kind === attribute.dataType.kind;
}

export function resolveFill(message: NAFill, input: Scope, context: AnalyzerContext): Scope {
  const call = caller(context);
  const values = message.values.map(fromLiteral);
  const columns = namedColumns(message.cols, input, context);
  const expressions = input.relation.output.map((attribute): Expression => {
    const at = columns.findIndex((column) => column.id === attribute.id);
    if (columns.length > 0 && at < 0) return reference(attribute);
    const value = values[values.length > 1 ? at : 0];
    if (!value || !fits(value, attribute)) return reference(attribute);
    const filler = coerced(value, attribute.dataType, context);
    const column = isFloating(attribute.dataType)
      ? call("nanvl", reference(attribute), literal(null, attribute.dataType))
      : reference(attribute);
    return alias(call("coalesce", column, filler), attribute.name);
  });
  return projectColumns(input, expressions, context);
}

export function resolveDropNa(message: NADrop, input: Scope, context: AnalyzerContext): Scope {
  const call = caller(context);
  const columns = message.cols.length > 0 ? namedColumns(message.cols, input, context) : input.relation.output;
  const minimum = message.minNonNulls ?? columns.length;
  const present = (attribute: Attribute): Expression => {
    const isPresent = call("isnotnull", reference(attribute));
    return isFloating(attribute.dataType)
      ? call("and", isPresent, call("not", call("isnan", reference(attribute))))
      : isPresent;
  };
  const condition =
    minimum >= columns.length
      ? columns
          .map(present)
          .reduce<Expression | undefined>((all, one) => (all ? call("and", all, one) : one), undefined)
      : atLeast(columns.map(present), minimum, call);
  if (!condition) return overScope(input, input.relation, input.merged);
  const { output } = input.relation;
  return overScope(input, { kind: "filter", input: input.relation, condition, output }, input.merged);
}

function atLeast(conditions: readonly Expression[], minimum: number, call: Caller): Expression {
  const one = literal(1, { kind: "integer" });
  const zero = literal(0, { kind: "integer" });
  const counted = conditions
    .map((condition) => call("when", condition, one, zero))
    .reduce((sum, next) => call("+", sum, next));
  return call(">=", counted, literal(minimum, { kind: "integer" }));
}

export function resolveReplace(message: NAReplace, input: Scope, context: AnalyzerContext): Scope {
  const call = caller(context);
  const columns = message.cols.length > 0 ? namedColumns(message.cols, input, context) : input.relation.output;
  const pairs = message.replacements.map((replacement) => ({
    from: fromLiteral(required(replacement.oldValue)),
    to: fromLiteral(required(replacement.newValue)),
  }));
  const expressions = input.relation.output.map((attribute): Expression => {
    const chosen = columns.some((column) => column.id === attribute.id);
    const fitting = chosen ? pairs.filter((pair) => fits(pair.from, attribute)) : [];
    if (fitting.length === 0) return reference(attribute);
    const branches = fitting.flatMap(({ from, to }) => {
      const isOld =
        from.value === null
          ? call("isnull", reference(attribute))
          : call("==", reference(attribute), coerced(from, attribute.dataType, context));
      return [isOld, coerced(to, attribute.dataType, context)];
    });
    return alias(call("when", ...branches, reference(attribute)), attribute.name);
  });
  return projectColumns(input, expressions, context);
}
