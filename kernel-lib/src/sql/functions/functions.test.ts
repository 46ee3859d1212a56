import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Column } from "../column.ts";
import { col } from "./misc.ts";
import * as F from "./index.ts";

const pyspark = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/pyspark-3.5-names.json", import.meta.url), "utf8"),
) as { functions: string[] };

/** What `pyspark.sql.functions` 3.5 has and this does not; `call_function` and `expr` reach what the engine knows of them. */
const missing = [
  "aes_decrypt aes_encrypt approxCountDistinct bitmap_bit_position bitmap_bucket_number bitmap_construct_agg",
  "bitmap_count bitmap_or_agg bitwiseNOT bucket call_udf count_min_sketch days histogram_numeric",
  "hll_sketch_agg hll_sketch_estimate hll_union hll_union_agg hours input_file_block_length",
  "input_file_block_start java_method months pandas_udf reflect sentences shiftLeft shiftRight",
  "shiftRightUnsigned toDegrees toRadians try_aes_decrypt try_to_binary udf udtf unwrap_udt xpath",
  "xpath_boolean xpath_double xpath_float xpath_int xpath_long xpath_number xpath_short xpath_string years",
]
  .join(" ")
  .split(" ");

test("every other function of PySpark 3.5 is here, under its own name", () => {
  const absent = pyspark.functions.filter((name) => !(name in F));
  expect(absent).toEqual(missing);
});

test("nothing here goes by a name that PySpark does not have", () => {
  expect(Object.keys(F).filter((name) => !pyspark.functions.includes(name))).toEqual([]);
});

test.each<[Column, string]>([
  [F.abs("a"), "abs(a)"],
  [F.pow("a", 2), "power(a, 2)"],
  [F.log("a"), "ln(a)"],
  [F.log(2, "a"), "log(2, a)"],
  [F.round("a", 2), "round(a, 2)"],
  [F.bitwise_not("a"), "~(a)"],
  [F.trim("a"), "trim(a)"],
  [F.trim("a", F.lit("x")), "trim(x, a)"],
  [F.concat_ws("-", "a", "b"), "concat_ws(-, a, b)"],
  [F.substring("a", 1, 2), "substring(a, 1, 2)"],
  [F.split("a", ","), "split(a, ,, -1)"],
  [F.regexp_replace("a", "x+", "y"), "regexp_replace(a, x+, y)"],
  [F.to_date("a"), "to_date(a)"],
  [F.to_date("a", "yyyy"), "to_date(a, yyyy)"],
  [F.date_trunc("month", "a"), "date_trunc(month, a)"],
  [F.date_add("a", 3), "date_add(a, 3)"],
  [F.date_add("a", "b"), "date_add(a, b)"],
  [F.unix_timestamp(), "unix_timestamp()"],
  [F.convert_timezone(null, F.lit("UTC"), "a"), "convert_timezone(UTC, a)"],
  [F.count("*"), "count(1)"],
  [F.count_distinct("a", "b"), "count(DISTINCT a, b)"],
  [F.sum_distinct("a"), "sum(DISTINCT a)"],
  [F.mean("a"), "avg(a)"],
  [F.first("a", true), "first(a, true)"],
  [F.percentile_approx("a", [0.5, 1]), "percentile_approx(a, array(0.5, 1), 10000)"],
  [F.array("a", col("b")), "array(a, b)"],
  [F.create_map(F.lit("k"), "v"), "map(k, v)"],
  [F.sort_array("a", false), "sort_array(a, false)"],
  [F.array_contains("a", "x"), "array_contains(a, x)"],
  [F.element_at("a", 1), "element_at(a, 1)"],
  [F.lag("a", 2, 0), "lag(a, 2, 0)"],
  [F.when(col("a").gt(1), "x").when(col("a").lt(0), "y").otherwise(null), "when((a > 1), x, (a < 0), y, NULL)"],
  [F.to_json("a", { ignoreNullFields: false }), "to_json(a, map(ignoreNullFields, false))"],
  [F.from_json("a", "x INT"), "from_json(a, x INT)"],
  [
    F.from_json("a", { kind: "array", elementType: { kind: "string" }, containsNull: true }),
    'from_json(a, {"type":"array","elementType":"string","containsNull":true})',
  ],
  [F.struct("a", col("b").alias("c")), "struct(a, b AS c)"],
  [F.struct("*"), "struct(*)"],
  [F.typeof("a"), "typeof(a)"],
  [F.expr("a + 1"), "a + 1"],
  [F.desc("a"), "a DESC NULLS LAST"],
  [F.call_function("my.fn", "a"), "my.fn(a)"],
  [F.lit([1, 2.5]), "[1, 2.5]"],
])("%s", (column, text) => {
  expect(String(column)).toBe(`Column<'${text}'>`);
});

test("lambdas get names of their own, so that they can be nested", () => {
  const nested = F.transform("a", (x) => F.aggregate(x, F.lit(0), (sum, y) => sum.plus(y)));
  const names = [...String(nested).matchAll(/[xyz]_\d+/g)].map(([name]) => name);
  expect(new Set(names).size).toBe(3);
  expect(String(nested)).toMatch(
    /^Column<'transform\(a, lambdafunction\(aggregate\(x_\d+, 0, lambdafunction\(\(x_\d+ \+ y_\d+\), x_\d+, y_\d+\)\), x_\d+\)\)'>$/,
  );
});

test("mistakes are told before anything runs", () => {
  expect(() => F.transform("a", () => F.lit(1))).toThrow("must take 1 or 2 columns");
  expect(() => F.forall("a", (() => 1) as never)).toThrow("must take 1 columns");
  expect(() => F.greatest("a")).toThrow("WRONG_NUM_COLUMNS");
  expect(() => F.json_tuple("a")).toThrow("CANNOT_BE_EMPTY");
  expect(() => col("a").otherwise(1)).toThrow("can only follow when()");
  expect(() => F.when(col("a"), 1).otherwise(2).otherwise(3)).toThrow("before any otherwise()");
  expect(() => F.lit(() => 1)).toThrow("cannot be a literal");
  expect(() => F.lit([1, "a"])).toThrow("different types");
});
