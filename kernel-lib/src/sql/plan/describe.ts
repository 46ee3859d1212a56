// Short text of an expression, for printing a Column.
import type { Expression, Expression_Literal } from "../../generated/spark/connect/expressions_pb.ts";
import {
  Expression_SortOrder_NullOrdering as Nulls,
  Expression_SortOrder_SortDirection as Direction,
} from "../../generated/spark/connect/expressions_pb.ts";
import { LocalDate, LocalDateTime, Timestamp } from "../values/calendar.ts";

const infix = new Set(["==", "<=>", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "and", "or", "&", "|", "^"]);

/** The expression as text in the manner of SQL. It is for people; it need not parse again. */
export function describe(expression: Expression | undefined): string {
  const kind = expression?.exprType;
  switch (kind?.case) {
    case "literal":
      return literalText(kind.value);
    case "unresolvedAttribute":
      return kind.value.unparsedIdentifier;
    case "unresolvedStar":
      return kind.value.unparsedTarget ?? "*";
    case "unresolvedRegex":
      return kind.value.colName;
    case "expressionString":
      return kind.value.expression;
    case "unresolvedFunction":
      return callText(kind.value.functionName, kind.value.arguments.map(describe), kind.value.isDistinct);
    case "callFunction":
      return callText(kind.value.functionName, kind.value.arguments.map(describe), false);
    case "alias":
      return `${describe(kind.value.expr)} AS ${kind.value.name.join(", ")}`;
    case "cast": {
      const to = kind.value.castToType;
      const type = to.case === "typeStr" ? to.value : (to.value?.kind.case ?? "");
      return `CAST(${describe(kind.value.expr)} AS ${type.toUpperCase()})`;
    }
    case "sortOrder": {
      const { child, direction, nullOrdering } = kind.value;
      return `${describe(child)} ${direction === Direction.DESCENDING ? "DESC" : "ASC"} NULLS ${nullOrdering === Nulls.SORT_NULLS_LAST ? "LAST" : "FIRST"}`;
    }
    case "unresolvedExtractValue":
      return `${describe(kind.value.child)}[${describe(kind.value.extraction)}]`;
    case "updateFields":
      return `update_fields(${describe(kind.value.structExpression)}, ${kind.value.fieldName})`;
    case "lambdaFunction":
      return `lambdafunction(${describe(kind.value.function)}, ${kind.value.arguments.map(({ nameParts }) => nameParts.join(".")).join(", ")})`;
    case "unresolvedNamedLambdaVariable":
      return kind.value.nameParts.join(".");
    case "window":
      return `${describe(kind.value.windowFunction)} OVER (…)`;
    case "namedArgumentExpression":
      return `${kind.value.key} => ${describe(kind.value.value)}`;
    default:
      return "";
  }
}

function callText(name: string, args: readonly string[], distinct: boolean): string {
  if (infix.has(name) && args.length === 2) return `(${args[0]} ${name} ${args[1]})`;
  if (name === "not" && args.length === 1) return `(NOT ${args[0]})`;
  return `${name}(${distinct ? "DISTINCT " : ""}${args.join(", ")})`;
}

function literalText({ literalType }: Expression_Literal): string {
  switch (literalType.case) {
    case "null":
    case undefined:
      return "NULL";
    case "string":
    case "boolean":
    case "byte":
    case "short":
    case "integer":
    case "long":
    case "float":
    case "double":
      return String(literalType.value);
    case "decimal":
      return literalType.value.value;
    case "date":
      return new LocalDate(literalType.value).toString();
    case "timestamp":
      return new Timestamp(literalType.value).toString();
    case "timestampNtz":
      return new LocalDateTime(literalType.value).toString();
    case "array":
      return `[${literalType.value.elements.map(literalText).join(", ")}]`;
    default:
      return literalType.case;
  }
}
