// unpivot, also called melt: one row for each value column.
import type { Unpivot } from "../../../generated/spark/connect/relations_pb.ts";
import type { DataType } from "../../../sql/types/data-type.ts";
import { SparkError } from "../../../sql/errors.ts";
import { coerced, commonTypeOf } from "../functions/coercion.ts";
import type { Attribute, Expression } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import { alias, literal, reference, unalias } from "./build.ts";
import type { AnalyzerContext } from "./context.ts";
import { outputName } from "./display.ts";
import { project, resolverOf } from "./projection.ts";
import type { Scope } from "./scope.ts";
import { overScope } from "./scope.ts";

export function resolveUnpivot(message: Unpivot, input: Scope, context: AnalyzerContext): Scope {
  const resolver = resolverOf(input, context);
  const ids = resolver.list(message.ids);
  const chosen = new Set(ids.flatMap((id) => (id.kind === "attribute" ? [id.attribute.id] : [])));
  const others = input.relation.output.filter((attribute) => !chosen.has(attribute.id)).map(reference);
  const values = message.values ? resolver.list(message.values.values) : others;
  if (values.length === 0)
    throw new SparkError(
      "UNPIVOT_REQUIRES_VALUE_COLUMNS",
      "At least one value column needs to be specified for UNPIVOT, all columns specified as ids.",
      {
        sqlState: "42K0A",
      },
    );
  const valueType = commonTypeOf(
    values.map((value) => value.dataType),
    context.ansi,
  );
  if (!valueType) {
    const types = values.map((value) => `${outputName(value, context.timeZone)}`).join(", ");
    throw new SparkError(
      "UNPIVOT_VALUE_DATA_TYPE_MISMATCH",
      `Unpivot value columns must share a least common type, some types do not: [${types}].`,
      {
        sqlState: "42K09",
        messageParameters: { types },
      },
    );
  }
  const columns = rowColumns(message, ids, values, valueType, context);
  const rows = values.map((value) => {
    const name = literal(outputName(value, context.timeZone), { kind: "string" });
    const row = [...ids.map(unalias), name, coerced(unalias(value), valueType, context)];
    return project(
      input.relation,
      row.map((expression, i) => alias(expression, (columns[i] as Attribute).name)),
      context,
    );
  });
  const relation = rows.reduce((left, right): Relation => {
    const output = columns.map((column, i) => ({ ...column, id: (left.output[i] as Attribute).id }));
    return { kind: "setOperation", type: "union", all: true, left, right, output };
  });
  return overScope(input, {
    ...relation,
    output: columns.map((column, i) => ({ ...column, id: (relation.output[i] as Attribute).id })),
  });
}

function rowColumns(
  message: Unpivot,
  ids: readonly Expression[],
  values: readonly Expression[],
  valueType: DataType,
  context: AnalyzerContext,
): Attribute[] {
  const attribute = (name: string, dataType: DataType, nullable: boolean): Attribute => ({
    id: context.fresh("c"),
    name,
    dataType,
    nullable,
    qualifier: [],
  });
  return [
    ...ids.map((id) => attribute(outputName(id, context.timeZone), id.dataType, id.nullable)),
    attribute(message.variableColumnName, { kind: "string" }, false),
    attribute(
      message.valueColumnName,
      valueType,
      values.some((value) => value.nullable),
    ),
  ];
}
