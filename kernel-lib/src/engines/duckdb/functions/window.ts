// Functions that exist over windows only.
import type { DataType } from "../../../sql/types/data-type.ts";
import type { Expression } from "../resolved/expression.ts";
import type { FunctionDefinition } from "./definition.ts";
import { commonType } from "./coercion.ts";
import { BOOLEAN, DOUBLE, INT, NULL } from "./kinds.ts";
import { ANY, checkCount, constantOf, resolveRow, typeOf } from "./makers.ts";
import { valueOf } from "./aggregate-makers.ts";
import { cast } from "./sql-text.ts";
import { dataDifferentTypes } from "./type-errors.ts";

function ranking(name: string, result: DataType, display: string): FunctionDefinition {
  return {
    name,
    kind: "window",
    // Spark lets rank() be written with arguments and ignores them.
    resolve: () => ({ args: [], dataType: result, nullable: false }),
    emit: (_args, _call, context) => cast(context.aggregate(`${name}()`), result),
    display: () => `${display}()`,
  };
}

const ntile: FunctionDefinition = {
  name: "ntile",
  kind: "window",
  resolve: (args, context) =>
    resolveRow(
      "ntile",
      { parameters: [INT], optional: 1, defaults: [constantOf(1, INT)], result: INT, nullable: false },
      args,
      context,
    ),
  emit: ([buckets], _call, context) => cast(context.aggregate(`ntile(${buckets})`), INT),
};

/** lag and lead: value, offset (1), value where there is no such row (null), and whether nulls are skipped. */
function neighbour(name: "lag" | "lead"): FunctionDefinition {
  return {
    name,
    kind: "window",
    resolve(args, context) {
      checkCount(name, args.length, 1, 4);
      const [value, offset = constantOf(1, INT), other = constantOf(null, NULL), ...rest] = args as [
        Expression,
        ...Expression[],
      ];
      const type = commonType(value.dataType, other.dataType, context.ansi);
      if (!type) throw dataDifferentTypes(name, [value.dataType, other.dataType]);
      const all = [context.coerce(value, type), context.coerce(offset, INT), context.coerce(other, type), ...rest];
      return { args: all, dataType: type, nullable: value.nullable || other.nullable };
    },
    emit([value, offset, other], call, context) {
      const skips = valueOf(call.args[3]) === true ? " IGNORE NULLS" : "";
      return context.aggregate(`${name}(${value}, ${offset}, ${other}${skips})`);
    },
    display: ([value, offset = "1", other = "NULL"]) => `${name}(${value}, ${offset}, ${other})`,
  };
}

const nthValue: FunctionDefinition = {
  name: "nth_value",
  kind: "window",
  resolve: (args, context) =>
    resolveRow(
      "nth_value",
      { parameters: [ANY, INT, BOOLEAN], optional: 1, result: (all) => typeOf(all, 0), nullable: true },
      args,
      context,
    ),
  emit([value, position], call, context) {
    const skips = valueOf(call.args[2]) === true ? " IGNORE NULLS" : "";
    return context.aggregate(`nth_value(${value}, ${position}${skips})`);
  },
  display: (args) => `nth_value(${args.slice(0, 2).join(", ")})`,
};

export const windowFunctions: FunctionDefinition[] = [
  ranking("row_number", INT, "row_number"),
  ranking("rank", INT, "RANK"),
  ranking("dense_rank", INT, "DENSE_RANK"),
  ranking("percent_rank", DOUBLE, "PERCENT_RANK"),
  ranking("cume_dist", DOUBLE, "cume_dist"),
  ntile,
  neighbour("lag"),
  neighbour("lead"),
  nthValue,
];
