// Plans that PySpark's client sent to real Spark, with its answers: each engine gives the same schema, the same table and the
// same conditions.
import { randomUUID } from "node:crypto";
import { create, fromBinary } from "@bufbuild/protobuf";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect } from "vitest";

import type { Engine } from "../../src/engines/engine.ts";
import type { Relation } from "../../src/generated/spark/connect/relations_pb.ts";
import {
  AnalyzePlanRequestSchema,
  ConfigRequestSchema,
  ExecutePlanRequestSchema,
  PlanSchema,
} from "../../src/generated/spark/connect/base_pb.ts";
import type { Plan } from "../../src/generated/spark/connect/base_pb.ts";
import { RelationSchema } from "../../src/generated/spark/connect/relations_pb.ts";
import type { SparkError } from "../../src/sql/errors.ts";
import { contractTest, goldVersion, openEngine, readGold } from "./under-test.ts";

interface Case {
  readonly name: string;
  /** A Plan message in base64; absent when `sql` is the query. */
  readonly plan?: string;
  readonly sql?: string;
  readonly ordered?: boolean;
  readonly tree?: string;
  readonly show?: string;
  /** Of the cases about show itself: what it was asked for, and the text. */
  readonly numRows?: number;
  readonly truncate?: number;
  readonly vertical?: boolean | "html";
  readonly text?: string;
  readonly error?: {
    readonly condition: string | null;
    readonly sqlState: string | null;
    readonly parameters: Readonly<Record<string, string>> | null;
  };
}

interface Gold {
  readonly timeZone: string;
  readonly views: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
}

const gold = readGold<Gold>("relations");
const sessionId = randomUUID();
const contract = contractTest("relations");
let engine: Engine;

function planOf(base64: string): Plan {
  return fromBinary(PlanSchema, Buffer.from(base64, "base64"));
}

function rootOf(plan: Plan): Relation {
  if (plan.opType.case !== "root") throw new Error("The plan is not a relation.");
  return plan.opType.value;
}

function relationOf(entry: Case): Relation {
  if (entry.plan) return rootOf(planOf(entry.plan));
  return create(RelationSchema, { relType: { case: "sql", value: { query: entry.sql ?? "" } } });
}

async function treeString(relation: Relation): Promise<string> {
  const plan = { opType: { case: "root", value: relation } } as const;
  const request = create(AnalyzePlanRequestSchema, { sessionId, analyze: { case: "treeString", value: { plan } } });
  const { result } = await engine.analyze(request);
  return result.case === "treeString" ? result.value.treeString : "";
}

async function textOf(root: Relation): Promise<string> {
  const request = create(ExecutePlanRequestSchema, { sessionId, plan: { opType: { case: "root", value: root } } });
  let text = "";
  for await (const response of engine.execute(request)) {
    if (response.responseType.case === "arrowBatch")
      text += String(tableFromIPC(response.responseType.value.data).getChildAt(0)?.get(0));
  }
  return text;
}

function show(input: Relation): Promise<string> {
  const value = { input, numRows: 100, truncate: 0, vertical: false };
  return textOf(create(RelationSchema, { relType: { case: "showString", value } }));
}

/** The lines of a table; sorted where the query gives no order. */
function lines(table: string, ordered: boolean): string[] {
  const all = table.trimEnd().split("\n");
  return ordered ? all : [...all.slice(0, 3), ...all.slice(3).sort()];
}

beforeAll(async () => {
  engine = await openEngine();
  const pairs = [
    { key: "spark.sql.session.timeZone", value: gold.timeZone },
    { key: "spark.sql.ansi.enabled", value: "true" },
  ];
  await engine.config(
    create(ConfigRequestSchema, { sessionId, operation: { opType: { case: "set", value: { pairs } } } }),
  );
  for (const [name, plan] of Object.entries(gold.views)) {
    const commandType = {
      case: "createDataframeView",
      value: { name, replace: true, isGlobal: false, input: rootOf(planOf(plan)) },
    } as const;
    const request = create(ExecutePlanRequestSchema, {
      sessionId,
      plan: { opType: { case: "command", value: { commandType } } },
    });
    for await (const response of engine.execute(request)) expect(response.sessionId).toBe(sessionId);
  }
});

afterAll(() => engine.close());

describe("show", () => {
  for (const entry of gold.cases.filter((candidate) => candidate.text !== undefined))
    contract(entry.name, async () => {
      const { numRows = 20, truncate = 20, vertical } = entry;
      const input = relationOf(entry);
      const relType =
        vertical === "html"
          ? ({ case: "htmlString", value: { input, numRows, truncate } } as const)
          : ({ case: "showString", value: { input, numRows, truncate, vertical: vertical === true } } as const);
      expect(await textOf(create(RelationSchema, { relType }))).toBe(entry.text);
    });
});

describe("answers", () => {
  for (const entry of gold.cases.filter((candidate) => candidate.show !== undefined))
    contract(entry.name, async () => {
      const relation = relationOf(entry);
      expect(await treeString(relation)).toBe(entry.tree);
      const ordered = entry.ordered ?? false;
      expect(lines(await show(relation), ordered)).toEqual(lines(entry.show ?? "", ordered));
    });
});

describe("conditions", () => {
  for (const entry of gold.cases.filter((candidate) => candidate.error))
    contract(entry.name, async () => {
      const error = (await show(relationOf(entry)).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )) as SparkError | undefined;
      expect(error?.code).toBe(entry.error?.condition);
      // Servers before 4.0 tell neither over Spark Connect.
      if (goldVersion === "3.5.5") return;
      expect(error?.sqlState ?? null).toBe(entry.error?.sqlState);
      expect(error?.messageParameters).toMatchObject(entry.error?.parameters ?? {});
    });
});
