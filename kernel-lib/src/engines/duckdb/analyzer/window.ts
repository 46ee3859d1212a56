// `function OVER (PARTITION BY … ORDER BY … frame)`.
import type {
  Expression_Window,
  Expression_Window_WindowFrame_FrameBoundary as Boundary,
} from "../../../generated/spark/connect/expressions_pb.ts";
import { Expression_Window_WindowFrame_FrameType as FrameType } from "../../../generated/spark/connect/expressions_pb.ts";
import { SparkError } from "../../../sql/errors.ts";
import type { Expression, FrameBound, WindowCall, WindowFrame } from "../resolved/expression.ts";
import { literal, unalias } from "./build.ts";
import type { ExpressionResolver } from "./expression.ts";
import { required } from "./required.ts";
import { constantValue } from "./literal.ts";
import { checkedFrame } from "./window-frame.ts";

export function resolveWindow(message: Expression_Window, resolver: ExpressionResolver): WindowCall {
  const called = unalias(resolver.resolve(required(message.windowFunction)));
  const allowed = called.kind === "aggregate" || (called.kind === "call" && called.definition.kind === "window");
  if (!allowed)
    throw new SparkError(
      "UNSUPPORTED_EXPR_FOR_WINDOW",
      `Expression "${resolver.display(called)}" not supported within a window function.`,
      {
        sqlState: "42P20",
        messageParameters: { sqlExpr: `"${resolver.display(called)}"` },
      },
    );
  const orderBy = message.orderSpec.map((order) => resolver.sortKey(order));
  if (called.definition.kind === "window" && orderBy.length === 0)
    throw new SparkError(
      "_LEGACY_ERROR_TEMP_1037",
      `Window function ${resolver.display(called)} requires window to be ordered, please add ORDER BY clause.`,
      { messageParameters: { wf: resolver.display(called) } },
    );
  const given = message.frameSpec && frameOf(message.frameSpec, resolver);
  const frame = given && checkedFrame(given, orderBy, resolver);
  return {
    kind: "window",
    function: called,
    partitionBy: message.partitionSpec.map((part) => unalias(resolver.resolve(part))),
    orderBy,
    ...(frame ? { frame } : {}),
    dataType: called.dataType,
    nullable: called.nullable,
  };
}

function frameOf(spec: NonNullable<Expression_Window["frameSpec"]>, resolver: ExpressionResolver): WindowFrame {
  return {
    unit: spec.frameType === FrameType.ROW ? "rows" : "range",
    lower: bound(spec.lower, resolver),
    upper: bound(spec.upper, resolver),
  };
}

function bound(boundary: Boundary | undefined, resolver: ExpressionResolver): FrameBound {
  const { case: kind, value } = required(boundary).boundary;
  if (kind === "currentRow") return "currentRow";
  if (kind === "unbounded") return "unbounded";
  const offset = unalias(resolver.resolve(required(value)));
  const constant = constantValue(offset);
  if ((typeof constant === "number" || typeof constant === "bigint") && constant < 0)
    return { offset: positive(offset, constant), preceding: true };
  return { offset, preceding: false };
}

function positive(offset: Expression, constant: number | bigint): Expression {
  return literal(-constant, offset.dataType);
}
