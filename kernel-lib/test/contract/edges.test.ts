// Answers of real Spark at the edges of types, found by comparing random statements.
import { afterAll, beforeAll, expect } from "vitest";
import { Session } from "../../src/sql/index.ts";
import { contractTest } from "./under-test.ts";

const test = contractTest("edges");

const spark = await Session.builder.config("spark.sql.ansi.enabled", false).create();
beforeAll(async () => {
  const view = await spark.sql(
    "SELECT CAST(a AS TINYINT) a, CAST(d AS DOUBLE) d, CAST(m AS DECIMAL(10,2)) m FROM VALUES ('1', '0.0', '1.10'), ('5', '-0.0', '99999999.99'), ('-128', 'NaN', '-0.05') AS v(a, d, m)",
  );
  await view.createOrReplaceTempView("edges");
});
afterAll(() => spark.stop());

const rows = async (sql: string) => (await (await spark.sql(sql)).collect()).map(String);

const answers: [sql: string, expected: string[]][] = [
  ["SELECT a FROM edges ORDER BY m", ["Row(a=-128)", "Row(a=1)", "Row(a=5)"]],
  ["SELECT d, count(*) n FROM edges GROUP BY d ORDER BY d", ["Row(d=0.0, n=2)", "Row(d=nan, n=1)"]],
  ["SELECT DISTINCT d FROM edges ORDER BY d", ["Row(d=0.0)", "Row(d=nan)"]],
  ["SELECT m * m p FROM edges WHERE a = 5", ["Row(p=Decimal('9999999998000000.0001'))"]],
  [
    "SELECT CAST(7e-20D AS DECIMAL(10,2)) x, CAST('66e-5' AS DECIMAL(10,2)) y",
    ["Row(x=Decimal('0.00'), y=Decimal('0.00'))"],
  ],
  ["SELECT stddev(d) s FROM edges WHERE isnan(d)", ["Row(s=None)"]],
  ["SELECT signum(-0.0D) s, round(-0.2D) r, CAST(4.9E-324D AS STRING) t", ["Row(s=-0.0, r=0.0, t='4.9E-324')"]],
  ["SELECT unix_timestamp(TIMESTAMP'1969-12-31 23:59:59.999999') u", ["Row(u=0)"]],
  [
    "SELECT 1.5 k, count(*) n FROM edges GROUP BY ROLLUP(1) ORDER BY k",
    ["Row(k=None, n=3)", "Row(k=Decimal('1.5'), n=3)"],
  ],
  ["SELECT a FROM VALUES (array(1, 0)), (array(1, null)) AS t(a) ORDER BY a", ["Row(a=[1, None])", "Row(a=[1, 0])"]],
  ["VALUES (3), (1), (2)", ["Row(col1=3)", "Row(col1=1)", "Row(col1=2)"]],
];
for (const [sql, expected] of answers) test(sql, async () => expect(await rows(sql)).toEqual(expected));

test("seeded random numbers repeat, also in conditions and aggregates", async () => {
  for (const sql of [
    "SELECT id, rand(5) r, randn(5) n FROM range(50)",
    "SELECT id FROM range(500) WHERE rand(7) < 0.3",
    "SELECT avg(r) a FROM (SELECT rand(3) r FROM range(50))",
  ])
    expect(await rows(sql)).toEqual(await rows(sql));
  const [mean = ""] = await rows("SELECT round(avg(r), 1) a FROM (SELECT rand(3) r FROM range(5000))");
  expect(mean).toBe("Row(a=0.5)");
});

test("a random number in an aggregate is refused", async () => {
  await expect(rows("SELECT avg(rand(3)) a FROM range(50)")).rejects.toMatchObject({
    code: "AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC_EXPRESSION",
  });
});

test("a key that stands twice in grouping sets counts twice", async () => {
  expect(await rows("SELECT a x, a y, count(*) FROM edges GROUP BY CUBE(1, 2)")).toHaveLength(10);
});

test("a star among expressions stands for the columns there are", async () => {
  const frame = spark.range(2).selectExpr("id", "named_struct('x', id, 'y', 'z') s");
  const texts = async (...expressions: string[]) =>
    (
      await frame
        .alias("f")
        .selectExpr(...expressions)
        .collect()
    ).map(String);
  expect(await texts("*", "id * 2 twice")).toEqual([
    "Row(id=0, s=Row(x=0, y='z'), twice=0)",
    "Row(id=1, s=Row(x=1, y='z'), twice=2)",
  ]);
  expect(await texts("s.*")).toEqual(["Row(x=0, y='z')", "Row(x=1, y='z')"]);
  expect(await texts("f.*", "id")).toHaveLength(2);
});
