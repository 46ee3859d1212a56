// Makers of Connect's expressions: one function a message.
import { create } from "@bufbuild/protobuf";
import type {
  Expression,
  Expression_Window_WindowFrame_FrameBoundary as FrameBoundary,
  Expression_SortOrder as SortOrder,
} from "../../generated/spark/connect/expressions_pb.ts";
import type { DataType } from "../types/data-type.ts";
import {
  Expression_AliasSchema,
  Expression_Cast_EvalMode,
  ExpressionSchema,
  Expression_SortOrder_NullOrdering as Nulls,
  Expression_SortOrder_SortDirection as Direction,
  Expression_SortOrderSchema,
  Expression_Window_WindowFrame_FrameBoundarySchema,
  Expression_Window_WindowFrame_FrameType as FrameType,
} from "../../generated/spark/connect/expressions_pb.ts";
import { toProto } from "../types/proto.ts";
import { literalOf } from "./literals.ts";

/** A column by name, of the frame with that plan id when one is given. `*` and `a.*` mean all columns. */
export function attribute(name: string, planId?: bigint): Expression {
  if (name === "*") return star(undefined, planId);
  if (name.endsWith(".*")) return star(name, planId);
  return create(ExpressionSchema, {
    exprType: {
      case: "unresolvedAttribute",
      value: { unparsedIdentifier: name, ...(planId === undefined ? {} : { planId }) },
    },
  });
}

/** All columns, of `target.*` when that is given. */
export function star(target?: string, planId?: bigint): Expression {
  return create(ExpressionSchema, {
    exprType: {
      case: "unresolvedStar",
      value: {
        ...(target === undefined ? {} : { unparsedTarget: target }),
        ...(planId === undefined ? {} : { planId }),
      },
    },
  });
}

/** The columns whose names match a pattern in backquotes. */
export function regex(colName: string, planId: bigint): Expression {
  return create(ExpressionSchema, { exprType: { case: "unresolvedRegex", value: { colName, planId } } });
}

/** A JavaScript value as an expression. */
export function literal(value: unknown): Expression {
  return create(ExpressionSchema, { exprType: { case: "literal", value: literalOf(value).literal } });
}

/** A call of one of Spark's functions or operators. */
export function call(functionName: string, args: readonly Expression[], isDistinct = false): Expression {
  return create(ExpressionSchema, {
    exprType: { case: "unresolvedFunction", value: { functionName, arguments: [...args], isDistinct } },
  });
}

/** A call by a name that SQL resolves, qualified names and user functions included. */
export function callFunction(functionName: string, args: readonly Expression[]): Expression {
  return create(ExpressionSchema, {
    exprType: { case: "callFunction", value: { functionName, arguments: [...args] } },
  });
}

/** An expression written in SQL. */
export function sqlExpression(expression: string): Expression {
  return create(ExpressionSchema, { exprType: { case: "expressionString", value: { expression } } });
}

/** A new name, or several for a generator's columns. */
export function alias(
  expr: Expression,
  name: readonly string[],
  metadata?: Readonly<Record<string, unknown>>,
): Expression {
  const value = create(Expression_AliasSchema, {
    expr,
    name: [...name],
    ...(metadata ? { metadata: JSON.stringify(metadata) } : {}),
  });
  return create(ExpressionSchema, { exprType: { case: "alias", value } });
}

/** A cast to a type, or to the text of a type that the engine reads. */
export function cast(expr: Expression, to: DataType | string, isTry = false): Expression {
  return create(ExpressionSchema, {
    exprType: {
      case: "cast",
      value: {
        expr,
        castToType: typeof to === "string" ? { case: "typeStr", value: to } : { case: "type", value: toProto(to) },
        ...(isTry ? { evalMode: Expression_Cast_EvalMode.TRY } : {}),
      },
    },
  });
}

/** A sort key. */
export function sortOrder(child: Expression, ascending: boolean, nullsFirst: boolean): Expression {
  return create(ExpressionSchema, {
    exprType: {
      case: "sortOrder",
      value: {
        child,
        direction: ascending ? Direction.ASCENDING : Direction.DESCENDING,
        nullOrdering: nullsFirst ? Nulls.SORT_NULLS_FIRST : Nulls.SORT_NULLS_LAST,
      },
    },
  });
}

/** The sort key in an expression; other expressions sort upwards with nulls first, as Spark does. */
export function asSortOrder(expression: Expression): SortOrder {
  if (expression.exprType.case === "sortOrder") return expression.exprType.value;
  return create(Expression_SortOrderSchema, {
    child: expression,
    direction: Direction.ASCENDING,
    nullOrdering: Nulls.SORT_NULLS_FIRST,
  });
}

/** One end of a window's frame. */
export type Boundary = "current" | "unbounded" | Expression;

/** What a window is made of. */
export interface WindowParts {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly Expression[];
  readonly frame?: { readonly type: "rows" | "range"; readonly lower: Boundary; readonly upper: Boundary };
}

/** A function over a window. */
export function windowed(windowFunction: Expression, parts: WindowParts): Expression {
  const { frame } = parts;
  return create(ExpressionSchema, {
    exprType: {
      case: "window",
      value: {
        windowFunction,
        partitionSpec: [...parts.partitionBy],
        orderSpec: parts.orderBy.map(asSortOrder),
        ...(frame
          ? {
              frameSpec: {
                frameType: frame.type === "rows" ? FrameType.ROW : FrameType.RANGE,
                lower: boundary(frame.lower),
                upper: boundary(frame.upper),
              },
            }
          : {}),
      },
    },
  });
}

function boundary(value: Boundary): FrameBoundary {
  return create(Expression_Window_WindowFrame_FrameBoundarySchema, {
    boundary:
      value === "current"
        ? { case: "currentRow", value: true }
        : value === "unbounded"
          ? { case: "unbounded", value: true }
          : { case: "value", value },
  });
}

/** A field of a struct, an element of an array or the value of a key. */
export function extractValue(child: Expression, extraction: Expression): Expression {
  return create(ExpressionSchema, { exprType: { case: "unresolvedExtractValue", value: { child, extraction } } });
}

/** A struct with a field set, or dropped where no value is given. */
export function updateField(structExpression: Expression, fieldName: string, valueExpression?: Expression): Expression {
  return create(ExpressionSchema, {
    exprType: {
      case: "updateFields",
      value: { structExpression, fieldName, ...(valueExpression ? { valueExpression } : {}) },
    },
  });
}

/** A parameter of a lambda, as its body uses it. */
export function lambdaVariable(name: string): Expression {
  return create(ExpressionSchema, {
    exprType: { case: "unresolvedNamedLambdaVariable", value: { nameParts: [name] } },
  });
}

/** A lambda function. */
export function lambda(body: Expression, parameters: readonly string[]): Expression {
  return create(ExpressionSchema, {
    exprType: {
      case: "lambdaFunction",
      value: { function: body, arguments: parameters.map((name) => ({ nameParts: [name] })) },
    },
  });
}
