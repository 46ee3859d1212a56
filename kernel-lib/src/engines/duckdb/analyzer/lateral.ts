// `SELECT a + 1 AS b, b * 2`: a column that names an alias before it.
import type { FunctionDefinition } from "../functions/definition.ts";
import type { Expression } from "../resolved/expression.ts";
import { scalar } from "./build.ts";

/** The aliased expression once more, under the name Spark shows for it. */
export function lateralReference(name: string, expression: Expression): Expression {
  const definition: FunctionDefinition = {
    name: "lateralaliasreference",
    kind: "scalar",
    resolve: (args) => ({ args, dataType: expression.dataType, nullable: expression.nullable }),
    display: () => `lateralAliasReference(${name})`,
    emit: ([value = "NULL"]) => value,
  };
  return scalar(definition, [expression], expression.dataType, expression.nullable);
}
