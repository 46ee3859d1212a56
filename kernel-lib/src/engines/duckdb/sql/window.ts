// ORDER BY items and OVER clauses.
import { create } from "@bufbuild/protobuf";

import type { Expression, Expression_SortOrder } from "../../../generated/spark/connect/expressions_pb.ts";
import { Expression_SortOrderSchema } from "../../../generated/spark/connect/expressions_pb.ts";
import { unsupported } from "../../../sql/errors.ts";
import type { ExpressionReader } from "./expression.ts";
import { callOf, expressionOf } from "./make.ts";
import { negated } from "./literal.ts";
import type { Node } from "./parser.ts";

export function sortOrder(node: Node, reader: Pick<ExpressionReader, "read">): Expression_SortOrder {
  const nullsFirst = node["nulls_first"];
  return create(Expression_SortOrderSchema, {
    child: reader.read(node["this"]),
    direction: node["desc"] === true ? 2 : 1,
    nullOrdering: nullsFirst === true ? 1 : nullsFirst === false ? 2 : 0,
  });
}

export function windowOf(node: Node, reader: ExpressionReader): Expression {
  const over = node["over"] as Node;
  if (over["window_name"]) throw unsupported("A named window", "Write the window after OVER.");
  const frame = over["frame"] as Node | null | undefined;
  return expressionOf({
    case: "window",
    value: {
      windowFunction: reader.read(node["this"]),
      partitionSpec: reader.all(over["partition_by"]),
      orderSpec: reader.sortOrders(over["order_by"]),
      ...(frame
        ? {
            frameSpec: {
              frameType: frame["kind"] === "Rows" ? 1 : 2,
              lower: boundary(frame["start"], reader),
              upper: boundary(frame["end"] ?? "CurrentRow", reader),
            },
          }
        : {}),
    },
  });
}

function boundary(bound: unknown, reader: ExpressionReader) {
  if (bound === "CurrentRow") return { boundary: { case: "currentRow", value: true } } as const;
  if (bound === "UnboundedPreceding" || bound === "UnboundedFollowing")
    return { boundary: { case: "unbounded", value: true } } as const;
  const [side, size] = Object.entries(bound as Node)[0] as [string, unknown];
  const value = reader.read(size);
  const signed = side === "Preceding" ? (negated(value) ?? callOf("negative", [value])) : value;
  return { boundary: { case: "value", value: signed } } as const;
}
