// What TypeScript accepts and refuses of the frames' API. The types are checked by tsc; running this only loads it.
import { expect, expectTypeOf, test } from "vitest";
import type { DataFrame, LocalDate, Row, Timestamp, Session } from "../../src/sql/index.ts";
import { col, Decimal, functions as F, Window } from "../../src/sql/index.ts";

interface Account {
  account_id: string;
  active_ind: number | null;
  opened: Timestamp;
}

/** Never called: its body is only checked. */
async function checked(spark: Session, untyped: DataFrame, accounts: DataFrame<Account>): Promise<void> {
  const rows = await accounts.collect();
  expectTypeOf(rows).toEqualTypeOf<Row<Account>[]>();
  expectTypeOf(rows[0]?.account_id).toEqualTypeOf<string | undefined>();
  // @ts-expect-error -- the frame has no such column
  void rows[0]?.acount_id;
  // Rows of untyped frames can be read without casts.
  const [first] = await untyped.collect();
  expectTypeOf(first?.["anything"]).toBeAny();
  void (first?.amount * 2);
  // A step that keeps the columns keeps the type; one that changes them forgets it.
  expectTypeOf(accounts.filter("true").limit(1).distinct()).toEqualTypeOf<DataFrame<Account>>();
  expectTypeOf(accounts.select("account_id")).toEqualTypeOf<DataFrame>();
  expectTypeOf(accounts.select("account_id").as<{ account_id: string }>()).toEqualTypeOf<
    DataFrame<{ account_id: string }>
  >();
  // A typed frame knows a mistyped name.
  // @ts-expect-error -- the frame has no such column
  void accounts.select("acount_id");
  // @ts-expect-error -- the frame has no such column
  void accounts.col("acount_id");
  void accounts.select("ACCOUNT_ID", "*", "a.account_id", "`account_id`", ["opened"]).drop("acount_id");
  void accounts.orderBy("hidden").withColumnRenamed("hidden", "x").drop("hidden");
  // A variable may hold what a step makes of it.
  let numbers = spark.range(5);
  numbers = numbers.withColumn("x", F.lit(1));
  numbers = numbers.select("x");
  for (const row of await numbers.collect()) void row.x;
  // Typed and untyped frames mix.
  void untyped.join(accounts, "account_id").union(spark.range(1));
  void accounts.join(untyped, ["account_id"], "left").crossJoin(accounts);
  const step = (frame: DataFrame): DataFrame => frame.drop("x");
  void step(accounts);
  void accounts.transform((frame) => frame.withColumn("x", F.lit(1)));
  expectTypeOf(await accounts.toArray("active_ind")).toEqualTypeOf<(number | null)[]>();
  expectTypeOf(await spark.range(3).as<{ id: bigint }>().first()).toEqualTypeOf<Row<{ id: bigint }> | null>();
  expectTypeOf(await spark.sql`SELECT ${1}`).toEqualTypeOf<DataFrame>();
  expectTypeOf(await accounts.head(2)).toEqualTypeOf<Row<Account>[]>();
  // @ts-expect-error -- a condition is a column or SQL text, not a boolean
  void accounts.filter(true);
  // @ts-expect-error -- a column is needed, not a value
  void accounts.withColumn("x", 1);
  // @ts-expect-error -- there is no such save mode
  void accounts.write.mode("sometimes");
  // @ts-expect-error -- a lambda gives a column
  void F.transform("xs", () => 1);
  void F.sum(col("amount")).over(Window.partitionBy("a").orderBy(col("b").desc()));
  expectTypeOf(Decimal.from("1").toNumber()).toBeNumber();
  expectTypeOf<LocalDate>().toHaveProperty("year");
}

test("the types hold", () => {
  expect(checked).toBeTypeOf("function");
});
