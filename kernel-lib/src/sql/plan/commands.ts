// Makers of Connect's commands, and of plans for relations and commands.
import { create } from "@bufbuild/protobuf";
import type { Plan } from "../../generated/spark/connect/base_pb.ts";
import type { Expression } from "../../generated/spark/connect/expressions_pb.ts";
import type { Relation } from "../../generated/spark/connect/relations_pb.ts";
import { PlanSchema } from "../../generated/spark/connect/base_pb.ts";
import {
  WriteOperation_SaveMode as SaveMode,
  WriteOperation_SaveTable_TableSaveMethod as SaveMethod,
} from "../../generated/spark/connect/commands_pb.ts";
import { SparkError } from "../errors.ts";

/** The plan that gives a relation's rows. */
export function rootPlan(root: Relation): Plan {
  return create(PlanSchema, { opType: { case: "root", value: root } });
}

/** The plan that registers a relation as a view. */
export function createView(input: Relation, name: string, options: { isGlobal: boolean; replace: boolean }): Plan {
  return create(PlanSchema, {
    opType: {
      case: "command",
      value: { commandType: { case: "createDataframeView", value: { input, name, ...options } } },
    },
  });
}

/** The plan that runs an SQL statement with bound parameters. */
export function sqlCommand(
  sql: string,
  named: Readonly<Record<string, Expression>>,
  positional: readonly Expression[],
): Plan {
  const value = { sql, namedArguments: { ...named }, posArguments: [...positional] };
  return create(PlanSchema, {
    opType: { case: "command", value: { commandType: { case: "sqlCommand", value } } },
  });
}

const saveModes: Record<string, SaveMode> = {
  append: SaveMode.APPEND,
  overwrite: SaveMode.OVERWRITE,
  error: SaveMode.ERROR_IF_EXISTS,
  errorifexists: SaveMode.ERROR_IF_EXISTS,
  default: SaveMode.ERROR_IF_EXISTS,
  ignore: SaveMode.IGNORE,
};

/** Where and how a relation is written. */
export interface Write {
  readonly format?: string;
  readonly mode?: string;
  readonly options: Readonly<Record<string, string>>;
  readonly partitioningColumns: readonly string[];
  readonly sortColumns: readonly string[];
  readonly bucketBy?: { readonly numBuckets: number; readonly columns: readonly string[] };
  readonly target?:
    { readonly path: string } | { readonly table: string; readonly method: "saveAsTable" | "insertInto" };
}

/**
 * Checks the name of a save mode.
 *
 * @throws SparkError `INVALID_SAVE_MODE`
 */
export function saveModeOf(mode: string): SaveMode {
  const saveMode = saveModes[mode.toLowerCase()];
  if (saveMode === undefined) {
    throw new SparkError(
      "INVALID_SAVE_MODE",
      `The specified save mode "${mode}" is invalid. Valid save modes include "append", "overwrite", "ignore", "error", "errorifexists", and "default".`,
      { sqlState: "42000" },
    );
  }
  return saveMode;
}

/** The plan that writes a relation. */
export function writePlan(input: Relation, write: Write): Plan {
  const { target } = write;
  const value = {
    input,
    mode: write.mode === undefined ? SaveMode.UNSPECIFIED : saveModeOf(write.mode),
    options: { ...write.options },
    partitioningColumns: [...write.partitioningColumns],
    sortColumnNames: [...write.sortColumns],
    ...(write.format === undefined ? {} : { source: write.format }),
    ...(write.bucketBy
      ? { bucketBy: { numBuckets: write.bucketBy.numBuckets, bucketColumnNames: [...write.bucketBy.columns] } }
      : {}),
    ...(target ? { saveType: saveType(target) } : {}),
  };
  return create(PlanSchema, {
    opType: { case: "command", value: { commandType: { case: "writeOperation", value } } },
  });
}

function saveType(target: NonNullable<Write["target"]>) {
  if ("path" in target) return { case: "path" as const, value: target.path };
  const saveMethod = target.method === "insertInto" ? SaveMethod.INSERT_INTO : SaveMethod.SAVE_AS_TABLE;
  return { case: "table" as const, value: { tableName: target.table, saveMethod } };
}
