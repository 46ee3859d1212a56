import { afterAll, beforeAll, expect, test } from "vitest";
import { openDriver } from "../driver/driver.ts";
import type { Driver } from "../driver/driver.ts";
import { Session } from "../service/session.ts";
import { callOf, column, literalOf, named, relationOf } from "../sql/make.ts";
import { compile } from "./index.ts";

let driver: Driver;
beforeAll(async () => {
  driver = await openDriver();
});
afterAll(() => driver.close());

test("a large grouping that holds its rows is done in parts, with every row in its group", async () => {
  const rows = 1_200_000n;
  const key = named(callOf("%", [column(["id"]), literalOf({ case: "long", value: 400_000n })]), "k");
  const input = relationOf({ case: "range", value: { start: 0n, end: rows, step: 1n } });
  const grouped = relationOf({
    case: "aggregate",
    value: {
      input,
      groupType: 1,
      groupingExpressions: [key],
      aggregateExpressions: [named(callOf("collect_list", [column(["id"])]), "ids")],
    },
  });
  const session = new Session("s", driver);
  const { relation } = await session.resolve(grouped);
  const operation = await driver.begin({ timeZone: "UTC" });
  try {
    const { sql, natives } = await compile(relation, session.semantics(), operation);
    expect(sql).toContain("staged_2");
    const [k, ids] = relation.output.map((attribute) => attribute.id);
    const [row] = await operation.rows(
      `SELECT count(*), sum(len(${ids})), count(DISTINCT ${k}), bool_and(list_bool_and(list_transform(${ids}, lambda x: x % 400000 = ${k}))) FROM (${sql})`,
      natives,
    );
    expect(row?.map(String)).toEqual(["400000", String(rows), "400000", "true"]);
    expect(await operation.rows("SELECT table_name FROM duckdb_tables() WHERE temporary")).toEqual([["staged_2"]]);
  } finally {
    await operation.end();
  }
});

test("a small grouping stays one SELECT", async () => {
  const session = new Session("s", driver);
  const input = relationOf({ case: "range", value: { start: 0n, end: 10n, step: 1n } });
  const aggregate = { input, groupType: 1, groupingExpressions: [column(["id"])] };
  const { relation } = await session.resolve(
    relationOf({
      case: "aggregate",
      value: { ...aggregate, aggregateExpressions: [callOf("collect_list", [column(["id"])])] },
    }),
  );
  const operation = await driver.begin({ timeZone: "UTC" });
  try {
    expect((await compile(relation, session.semantics(), operation)).sql).not.toContain("staged");
  } finally {
    await operation.end();
  }
});
