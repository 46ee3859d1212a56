// Unresolved relation of the protocol → resolved relation. One function for each kind; the bigger ones have their own file.
import type { Relation as Message } from "../../../generated/spark/connect/relations_pb.ts";
import { unsupported } from "../../../sql/errors.ts";
import { parseSql } from "../sql/index.ts";
import { resolveAggregate } from "./aggregate.ts";
import * as columns from "./columns.ts";
import type { AnalyzerContext } from "./context.ts";
import { required } from "./required.ts";
import { resolveFilter } from "./filter.ts";
import { resolveJoin } from "./join.ts";
import * as leaves from "./leaves.ts";
import * as na from "./na.ts";
import { resolveProject } from "./project.ts";
import * as rows from "./rows.ts";
import type { Scope } from "./scope.ts";
import { markPlan, overScope } from "./scope.ts";
import { resolveSetOperation } from "./set-operation.ts";
import { resolveSort } from "./sort.ts";
import { resolveDescribe, resolveSummary } from "./statistics.ts";
import { resolveUnpivot } from "./unpivot.ts";

/** The resolved relation with what names mean in it. */
export async function resolveRelation(message: Message, context: AnalyzerContext): Promise<Scope> {
  const scope = await resolveKind(message, context);
  if (message.common?.planId !== undefined) markPlan(scope, message.common.planId);
  return scope;
}

async function resolveKind(message: Message, context: AnalyzerContext): Promise<Scope> {
  const { case: kind, value } = message.relType;
  const input = () => resolveRelation(required((value as { input?: Message }).input), context);
  switch (kind) {
    case "range":
      return leaves.resolveRange(value, context);
    case "localRelation":
      return leaves.resolveLocal(value, context);
    case "cachedLocalRelation":
      return leaves.resolveLocal(context.cachedRelation(value.hash), context);
    case "read":
      return leaves.resolveRead(value, context, resolveRelation);
    case "sql":
      return resolveRelation(await parseSql(value), context);
    case "project":
      return resolveProject(value.input ? await input() : leaves.oneRow(context), value.expressions, context);
    case "filter":
      return resolveFilter(await input(), required(value.condition), context);
    case "sort":
      return resolveSort(await input(), value.order, context);
    case "join":
      return resolveJoin(
        value,
        await resolveRelation(required(value.left), context),
        await resolveRelation(required(value.right), context),
        context,
      );
    case "setOp":
      return resolveSetOperation(
        value,
        await resolveRelation(required(value.leftInput), context),
        await resolveRelation(required(value.rightInput), context),
        context,
      );
    case "aggregate":
      return resolveAggregate(value, await input(), context);
    case "withColumns":
      return columns.resolveWithColumns(value, await input(), context);
    case "withColumnsRenamed":
      return columns.resolveRenamed(value, await input(), context);
    case "drop":
      return columns.resolveDrop(value, await input(), context);
    case "toDf":
      return columns.resolveToDf(value, await input());
    case "toSchema":
      return columns.resolveToSchema(value, await input(), context);
    case "subqueryAlias":
      return columns.resolveSubqueryAlias(value, await input());
    case "limit":
      return rows.resolveLimit(await input(), { limit: value.limit });
    case "offset":
      return rows.resolveLimit(await input(), { offset: value.offset });
    case "tail":
      return rows.resolveTail(await input(), value.limit);
    case "deduplicate":
      return rows.resolveDeduplicate(value, await input(), context);
    case "sample":
      return rows.resolveSample(value, await input());
    case "fillNa":
      return na.resolveFill(value, await input(), context);
    case "dropNa":
      return na.resolveDropNa(value, await input(), context);
    case "replace":
      return na.resolveReplace(value, await input(), context);
    case "unpivot":
      return resolveUnpivot(value, await input(), context);
    case "describe":
      return resolveDescribe(value, await input(), context);
    case "summary":
      return resolveSummary(value, await input(), context);
    case "hint":
    case "repartition":
    case "repartitionByExpression": {
      const scope = await input();
      return overScope(scope, scope.relation, scope.merged);
    }
    default:
      throw unsupported(`The relation ${kind ?? "without a kind"}`, "Use another DataFrame method.");
  }
}
