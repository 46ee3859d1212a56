// `grouping(column)` and `grouping_id()`: placeholders until the aggregate they stand in is known.
import { SparkError } from "../../../sql/errors.ts";
import type { FunctionDefinition } from "../functions/definition.ts";
import type { Attribute, Expression } from "../resolved/expression.ts";
import { reference, scalar, semanticKey } from "./build.ts";

function onlyInGroupingSets(): SparkError {
  return new SparkError(
    "UNSUPPORTED_GROUPING_EXPRESSION",
    "grouping()/grouping_id() can only be used with GroupingSets/Cube/Rollup.",
    { sqlState: "42K0E" },
  );
}

function placeholder(name: string, dataType: "byte" | "long"): FunctionDefinition {
  return {
    name,
    kind: "scalar",
    resolve: (args) => ({ args, dataType: { kind: dataType }, nullable: false }),
    emit: () => {
      throw onlyInGroupingSets();
    },
  };
}

const grouping = placeholder("grouping", "byte");
const groupingId = placeholder("grouping_id", "long");

export function groupingFunction(name: string): FunctionDefinition | undefined {
  if (name === "grouping") return grouping;
  return name === "grouping_id" ? groupingId : undefined;
}

export function isGroupingCall(expression: Expression): boolean {
  return expression.kind === "call" && (expression.definition === grouping || expression.definition === groupingId);
}

/** Whether a bit of the id is set, as 0 or 1. */
function bit(position: number): FunctionDefinition {
  return {
    name: `groupingbit.${position}`,
    kind: "scalar",
    resolve: (args) => ({ args, dataType: { kind: "byte" }, nullable: false }),
    emit: ([id]) => `CAST((${id} >> ${position}) & 1 AS TINYINT)`,
  };
}

/** What a grouping call means over the id that the aggregate computes; `keys` are all grouping expressions. */
export function resolveGrouping(
  expression: Expression,
  keys: readonly Expression[],
  id: Attribute | undefined,
): Expression {
  if (!id || expression.kind !== "call") throw onlyInGroupingSets();
  if (expression.definition === groupingId) return reference(id);
  const [column] = expression.args;
  const at = keys.findIndex((key) => column && semanticKey(key) === semanticKey(column));
  if (at < 0)
    throw new SparkError("GROUPING_COLUMN_MISMATCH", "Column of grouping can't be found in grouping columns.", {
      sqlState: "42803",
    });
  return scalar(bit(keys.length - 1 - at), [reference(id)], { kind: "byte" }, false);
}
