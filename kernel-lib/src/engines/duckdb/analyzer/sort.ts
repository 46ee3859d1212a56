// orderBy and sort.
import type { Expression_SortOrder } from "../../../generated/spark/connect/expressions_pb.ts";
import { isOrderable } from "../functions/kinds.ts";
import type { SortKey } from "../resolved/expression.ts";
import type { AnalyzerContext } from "./context.ts";
import { sortText } from "./display.ts";
import { invalidOrdering } from "./errors.ts";
import { resolveOver } from "./over.ts";
import { resolverOf } from "./projection.ts";
import type { Scope } from "./scope.ts";
import { overScope } from "./scope.ts";

export function resolveSort(input: Scope, orders: readonly Expression_SortOrder[], context: AnalyzerContext): Scope {
  const { output } = input.relation;
  const sorts: Omit<SortKey, "child">[] = [];
  const over = resolveOver(input, context, (resolver) => {
    sorts.length = 0;
    return orders.map((order) => {
      const key = resolver.sortKey(order);
      sorts.push({ ascending: key.ascending, nullsFirst: key.nullsFirst });
      return key.child;
    });
  });
  const keys = over.expressions.map((child, i): SortKey => ({ ...(sorts[i] as SortKey), child }));
  const text = resolverOf(input, context);
  for (const key of keys)
    if (!isOrderable(key.child.dataType))
      throw invalidOrdering(
        sortText(key, (part) => text.display(part)),
        key.child.dataType,
      );
  const sorted = over.restore({ kind: "sort", input: over.relation, keys, output: over.relation.output });
  return { ...overScope(input, sorted, input.merged), relation: { ...sorted, output } };
}
