import { afterAll, beforeAll, expect, test } from "vitest";

import type { Expression } from "../../../generated/spark/connect/expressions_pb.ts";
import type { Relation } from "../../../generated/spark/connect/relations_pb.ts";
import type { Driver } from "../driver/driver.ts";
import { openDriver } from "../driver/driver.ts";
import { Session } from "../service/session.ts";
import { callOf, column, literalOf, named, relationOf } from "../sql/make.ts";
import { compile } from "./index.ts";

let driver: Driver;
beforeAll(async () => {
  driver = await openDriver();
});
afterAll(() => driver.close());

const range = (end = 5n): Relation => relationOf({ case: "range", value: { start: 0n, end, step: 1n } });
const int = (value: number): Expression => literalOf({ case: "integer", value });
const id = column(["id"]);
const project = (input: Relation, ...expressions: Expression[]): Relation =>
  relationOf({ case: "project", value: { input, expressions } });
const sort = (input: Relation, name: string): Relation =>
  relationOf({ case: "sort", value: { input, order: [{ child: column([name]), direction: 2 }] } });
const filter = (input: Relation, condition: Expression): Relation =>
  relationOf({ case: "filter", value: { input, condition } });
const limit = (input: Relation, count: number): Relation =>
  relationOf({ case: "limit", value: { input, limit: count } });
const withColumn = (input: Relation, name: string, expr: Expression): Relation =>
  relationOf({ case: "withColumns", value: { input, aliases: [{ expr, name: [name] }] } });

interface Run {
  readonly sql: string;
  readonly rows: readonly (readonly unknown[])[];
}

async function run(message: Relation): Promise<Run> {
  const session = new Session("s", driver);
  const { relation } = await session.resolve(message);
  const operation = await driver.begin({ timeZone: "UTC" });
  try {
    const { sql, natives } = await compile(relation, session.semantics(), operation);
    return { sql, rows: await operation.rows(sql, natives) };
  } finally {
    await operation.end();
  }
}

const count = (sql: string, part: string): number => sql.split(part).length - 1;

test("a filter and a projection of a range are one SELECT", async () => {
  const { sql, rows } = await run(project(filter(range(), callOf(">", [id, int(3)])), id));
  expect(count(sql, "SELECT")).toBe(1);
  expect(rows).toEqual([[4n]]);
});

test("columns that each come from the base share one SELECT, however many steps made them", async () => {
  let frame = range(1n);
  for (let i = 0; i < 20; i += 1) frame = withColumn(frame, `c${i}`, callOf("+", [id, int(i)]));
  const { sql, rows } = await run(frame);
  expect(count(sql, "SELECT")).toBe(1);
  expect(rows[0]?.[20]).toBe(19n);
});

test("a column used twice is computed once", async () => {
  const twice = callOf("*", [column(["r"]), column(["r"])]);
  const frame = withColumn(withColumn(range(1n), "r", callOf("rand", [int(1)])), "square", twice);
  const { sql, rows } = await run(frame);
  const [row] = rows;
  expect(count(sql, "SELECT")).toBe(2);
  expect(row?.[2]).toBe(Number(row?.[1]) ** 2);
});

test("columns that nobody needs are not computed", async () => {
  const frame = withColumn(range(3n), "unused", callOf("/", [int(1), int(0)]));
  const { sql } = await run(project(frame, id));
  expect(sql).not.toContain("/");
});

test("the order of rows is kept by what stands over a sort", async () => {
  const sorted = sort(range(), "id");
  expect((await run(withColumn(sorted, "x", int(1)))).rows.map((row) => row[0])).toEqual([4n, 3n, 2n, 1n, 0n]);
  expect((await run(filter(sorted, callOf("<", [id, int(2)])))).rows).toEqual([[1n], [0n]]);
  const computed = project(sort(withColumn(range(), "minus", callOf("negative", [id])), "minus"), id);
  expect((await run(computed)).rows).toEqual([[0n], [1n], [2n], [3n], [4n]]);
  expect((await run(limit(sorted, 2))).rows).toEqual([[4n], [3n]]);
});

test("what stands over a limit sees only its rows", async () => {
  const first = limit(sort(range(), "id"), 2);
  expect((await run(filter(first, callOf("<", [id, int(4)])))).rows).toEqual([[3n]]);
  expect((await run(limit(first, 1))).rows).toEqual([[4n]]);
  const total = relationOf({
    case: "aggregate",
    value: { input: first, groupType: 1, aggregateExpressions: [callOf("sum", [id])] },
  });
  expect((await run(total)).rows).toEqual([[7n]]);
});

test("tail gives the last rows in order", async () => {
  const tail = relationOf({ case: "tail", value: { input: sort(range(), "id"), limit: 2 } });
  expect((await run(tail)).rows).toEqual([[1n], [0n]]);
});

test("a join on the right of a join keeps its own condition", async () => {
  const named2 = (name: string) => project(range(3n), named(id, name));
  const equal = (a: string, b: string) => callOf("==", [column([a]), column([b])]);
  const inner = relationOf({
    case: "join",
    value: { left: named2("b"), right: named2("c"), joinType: 1, joinCondition: equal("b", "c") },
  });
  const outer = relationOf({
    case: "join",
    value: { left: named2("a"), right: inner, joinType: 3, joinCondition: equal("a", "b") },
  });
  expect((await run(outer)).rows).toHaveLength(3);
});

test("a constant key is a key, not a position", async () => {
  const grouped = relationOf({
    case: "aggregate",
    value: {
      input: range(),
      groupType: 1,
      groupingExpressions: [int(7)],
      aggregateExpressions: [callOf("count", [id])],
    },
  });
  expect((await run(grouped)).rows).toEqual([[7, 5n]]);
});

test("sampling splits rows without overlap", async () => {
  const part = (lowerBound: number, upperBound: number) =>
    relationOf({ case: "sample", value: { input: range(1000n), lowerBound, upperBound, seed: 5n } });
  const [low, high] = [await run(part(0, 0.3)), await run(part(0.3, 1))];
  const seen = new Set([...low.rows, ...high.rows].map((row) => row[0]));
  expect(low.rows.length).toBeGreaterThan(200);
  expect(low.rows.length).toBeLessThan(400);
  expect(seen.size).toBe(1000);
  expect(low.rows.length + high.rows.length).toBe(1000);
});
