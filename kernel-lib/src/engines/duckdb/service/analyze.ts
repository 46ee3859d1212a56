// Questions about a plan that do not run it.
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";

import type { AnalyzePlanRequest, AnalyzePlanResponseSchema, Plan } from "../../../generated/spark/connect/base_pb.ts";
import type { Relation as Message } from "../../../generated/spark/connect/relations_pb.ts";
import { StorageLevelSchema } from "../../../generated/spark/connect/common_pb.ts";
import { fromJson, parseSchema, toDdl, toProto, treeString } from "../../../sql/types/index.ts";
import { unsupported } from "../../../sql/errors.ts";
import { required } from "../analyzer/required.ts";
import { compile } from "../compiler/index.ts";
import type { Relation } from "../resolved/relation.ts";
import { inputsOf, planText } from "./explain.ts";
import { schemaOf } from "./run.ts";
import type { Session } from "./session.ts";

type Result = NonNullable<MessageInitShape<typeof AnalyzePlanResponseSchema>["result"]>;

/** The Spark version whose answers the engine gives. */
export const SPARK_VERSION = "4.0.1";

function relationOf(plan: Plan | undefined): Message {
  const { case: kind, value } = required(plan).opType;
  if (kind !== "root") throw unsupported("Analyzing a command", "Analyze a DataFrame.");
  return value;
}

export async function analyzePlan(
  request: AnalyzePlanRequest,
  session: Session,
  signal?: AbortSignal,
): Promise<Result> {
  const { case: kind, value } = request.analyze;
  const relation = async (plan: Plan | undefined): Promise<Relation> =>
    (await session.resolve(relationOf(plan), signal)).relation;
  switch (kind) {
    case "schema":
      return { case: kind, value: { schema: toProto(schemaOf(await relation(value.plan))) } };
    case "treeString":
      return { case: kind, value: { treeString: treeString(schemaOf(await relation(value.plan)), value.level) } };
    case "explain":
      return { case: kind, value: { explainString: await explain(await relation(value.plan), session) } };
    case "isLocal": {
      const { relType } = relationOf(value.plan);
      return { case: kind, value: { isLocal: relType.case === "localRelation" } };
    }
    case "isStreaming":
      return { case: kind, value: { isStreaming: false } };
    case "inputFiles":
      if (readsFiles(await relation(value.plan))) throw unsupported("inputFiles", "explain() names the files.");
      return { case: kind, value: { files: [] } };
    case "sparkVersion":
      return { case: kind, value: { version: SPARK_VERSION } };
    case "ddlParse":
      return { case: kind, value: { parsed: toProto(parseSchema(value.ddlString)) } };
    case "jsonToDdl": {
      const type = fromJson(value.jsonString);
      if (type.kind !== "struct") throw unsupported("DDL of a type that is not a struct", "Give the JSON of a struct.");
      return { case: kind, value: { ddlString: toDdl(type) } };
    }
    case "sameSemantics": {
      const target = planText(await relation(value.targetPlan));
      return { case: kind, value: { result: target === planText(await relation(value.otherPlan)) } };
    }
    case "semanticHash":
      return { case: kind, value: { result: hash(planText(await relation(value.plan))) } };
    case "persist":
    case "unpersist":
      await session.resolve(required(value.relation), signal);
      return { case: kind, value: {} };
    case "getStorageLevel":
      return { case: kind, value: { storageLevel: create(StorageLevelSchema, { replication: 1 }) } };
    default:
      throw unsupported("This analysis", "Ask for the schema or an explanation.");
  }
}

function readsFiles(relation: Relation): boolean {
  return relation.kind === "scan" || inputsOf(relation).some(readsFiles);
}

async function explain(relation: Relation, session: Session): Promise<string> {
  const semantics = session.semantics();
  const operation = await session.driver.begin({ timeZone: semantics.timeZone });
  try {
    const { sql } = await compile(relation, semantics, operation);
    return `== Optimized Logical Plan ==\n${planText(relation)}\n\n== Physical Plan ==\n${sql}\n`;
  } finally {
    await operation.end();
  }
}

/** 32 bits of the text. */
function hash(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0;
  return sum;
}
