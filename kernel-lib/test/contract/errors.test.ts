// Errors as a program sees them: condition, SQLSTATE and parameters are Spark's, whatever the engine.
import { afterAll, beforeAll, expect } from "vitest";
import { col, functions as F, Session, SparkError } from "../../src/sql/index.ts";
import { contractTest, goldVersion } from "./under-test.ts";

const test = contractTest("errors");

const spark = await Session.builder.config("spark.sql.ansi.enabled", true).create();
beforeAll(() => spark.range(5).selectExpr("id", "cast(id as string) name").createOrReplaceTempView("people"));
afterAll(() => spark.stop());

async function thrownBy(run: () => Promise<unknown>): Promise<SparkError> {
  const thrown = await run().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(SparkError);
  return thrown as SparkError;
}

const people = () => spark.table("people");
const sql = (text: string) => async () => (await spark.sql(text)).collect();

const faults: [what: string, run: () => Promise<unknown>, code: string, sqlState: string][] = [
  ["a column that is not there", sql("SELECT nme FROM people"), "UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703"],
  ["the same by the frame", () => people().select("nme").collect(), "UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703"],
  ["a table that is not there", sql("SELECT * FROM nowhere"), "TABLE_OR_VIEW_NOT_FOUND", "42P01"],
  ["the same by the session", () => spark.table("nowhere").collect(), "TABLE_OR_VIEW_NOT_FOUND", "42P01"],
  ["a function that is not there", sql("SELECT nofunction(1)"), "UNRESOLVED_ROUTINE", "42883"],
  ["a division by zero", sql("SELECT 1 / (id - id) FROM people"), "DIVIDE_BY_ZERO", "22012"],
  ["text that is no number", sql("SELECT cast(concat('x', name) AS INT) FROM people"), "CAST_INVALID_INPUT", "22018"],
  ["a number too large", sql("SELECT cast(id + 3000000000 AS INT) FROM people"), "CAST_OVERFLOW", "22003"],
  ["a sum too large", sql("SELECT id + 9223372036854775807 FROM people"), "ARITHMETIC_OVERFLOW", "22003"],
  ["an index beyond the end", sql("SELECT array(id)[id + 1] FROM people"), "INVALID_ARRAY_INDEX", "22003"],
  [
    "a wrong number of arguments",
    sql("SELECT substring(name) FROM people"),
    "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
    "42605",
  ],
  ["a wrong type", sql("SELECT size(id) FROM people"), "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09"],
  ["an ambiguous name", sql("SELECT id FROM people a, people b"), "AMBIGUOUS_REFERENCE", "42704"],
  ["a column outside the grouping", sql("SELECT name, id FROM people GROUP BY id"), "MISSING_AGGREGATION", "42803"],
  ["different numbers of columns", sql("SELECT 1 UNION SELECT 1, 2"), "NUM_COLUMNS_MISMATCH", "42826"],
  ["a statement that is none", sql("SELEC 1"), "PARSE_SYNTAX_ERROR", "42601"],
  ["a view that is there", () => people().createTempView("people"), "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", "42P07"],
  ["files that are not there", () => spark.read.parquet("/no/such/folder").collect(), "PATH_NOT_FOUND", "42K03"],
  [
    "an error that was asked for",
    () =>
      people()
        .select(F.raise_error(F.lit("enough")))
        .collect(),
    "USER_RAISED_EXCEPTION",
    "P0001",
  ],
];

for (const [what, run, code, sqlState] of faults) {
  test(`${what} is ${code}`, async () => {
    const error = await thrownBy(run);
    // Spark 3.5 does not send it.
    const told = goldVersion === "3.5.5" ? undefined : sqlState;
    expect([error.code, error.sqlState]).toEqual([code, told]);
    expect(error.message).toContain(`[${code}]`);
  });
}

test("an error tells its parameters apart from its sentence", async () => {
  const column = await thrownBy(sql("SELECT nme FROM people"));
  expect(column.messageParameters).toMatchObject({ objectName: "`nme`", proposal: "`name`, `id`" });
  const table = await thrownBy(sql("SELECT * FROM nowhere"));
  expect(table.messageParameters).toMatchObject({ relationName: "`nowhere`" });
});

test("a fault in the middle of a frame's calls is told before anything runs", async () => {
  const frame = people().filter(col("age").gt(5)).groupBy("name").count();
  expect((await thrownBy(() => frame.schema())).code).toBe("UNRESOLVED_COLUMN.WITH_SUGGESTION");
});

test("a session goes on after every error", async () => {
  for (const [, run] of faults) await thrownBy(run);
  expect(await people().count()).toBe(5);
});
