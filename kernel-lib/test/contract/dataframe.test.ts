// The members of DataFrame, against what real Spark answered (gold/record-dataframe.py).
import { afterAll, describe, expect, test } from "vitest";
import type { DataFrame } from "../../src/sql/index.ts";
import { col, Decimal, functions as F, lit, LocalDate, Session, Timestamp, Window } from "../../src/sql/index.ts";
import { treeString } from "../../src/sql/types/text.ts";
import { contractTest, readGold } from "./under-test.ts";

process.env["TZ"] = "UTC";

interface Gold {
  readonly cases: Readonly<Record<string, { readonly schema: string; readonly rows: readonly string[] }>>;
  readonly shows: Readonly<Record<string, string>>;
}

const gold = readGold<Gold>("dataframe");
const contract = contractTest("dataframe");

const settings = { "spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": true };
const spark = await new Session({ config: settings }).open();
afterAll(() => spark.stop());

const eve = [
  4,
  "Eve",
  7,
  Decimal.from("0.00"),
  LocalDate.parse("1969-12-31"),
  Timestamp.parse("1969-12-31T23:59:59.999999Z"),
  ["z", null],
];
const people = spark.createDataFrame(
  [
    [
      1,
      "Ada",
      36,
      Decimal.from("10.50"),
      LocalDate.parse("1815-12-10"),
      Timestamp.parse("2024-01-31T10:00:00.123456Z"),
      ["x", "y"],
    ],
    [2, "Bob", null, Decimal.from("-3.25"), LocalDate.parse("2000-02-29"), Timestamp.parse("2024-02-29T23:59:59Z"), []],
    [3, null, 36, null, null, null, null],
    eve,
    eve,
  ],
  "id BIGINT NOT NULL, name STRING, age INT, balance DECIMAL(10,2), born DATE, seen TIMESTAMP, tags ARRAY<STRING>",
);
const orders = spark.createDataFrame(
  [
    [1, "pen", 2.5],
    [1, "ink", 4.0],
    [3, "pen", null],
    [9, "cap", 1.0],
  ],
  "id BIGINT, item STRING, price DOUBLE",
);
const wide = spark.createDataFrame(
  [
    [1, 10, 20],
    [2, null, 40],
  ],
  "id INT, a INT, b INT",
);
const numbers = spark.createDataFrame(
  [
    [1, 1.0],
    [2, Number.NaN],
    [3, null],
    [4, -0.5],
  ],
  "i INT, d DOUBLE",
);
const byAge = Window.partitionBy("age").orderBy(col("id").desc());
const running = Window.orderBy("price").rowsBetween(Window.unboundedPreceding, Window.currentRow);

const cases: Record<string, () => DataFrame> = {
  collect: () => people,
  select: () => people.select("name", col("age").plus(1).alias("next"), "born"),
  "select star": () => people.select("*", lit(1).alias("one")),
  selectExpr: () => people.selectExpr("id * 2 AS double", "upper(name) AS name"),
  "filter column": () => people.filter(col("age").isNotNull().and(col("age").gt(10))),
  "filter text": () => people.filter("name LIKE 'E%'"),
  withColumn: () => people.withColumn("age", col("age").cast("string")).withColumn("flag", col("id").gt(2)),
  withColumns: () => wide.withColumns({ a: col("b"), b: col("a") }),
  withColumnRenamed: () => wide.withColumnRenamed("a", "x").withColumnRenamed("nope", "y"),
  drop: () => people.drop("tags", "nope", "seen"),
  toDF: () => wide.toDF("x", "y", "z"),
  "join using": () => people.join(orders, "id").select("id", "name", "item", "price").orderBy("id", "item"),
  "join left": () => people.join(orders, "id", "left").select("id", "item").orderBy("id", "item"),
  "join full": () => people.join(orders, ["id"], "full").select("id", "name", "item").orderBy("id", "item"),
  "join right": () => people.join(orders, "id", "right").select("id", "name", "item").orderBy("id", "item"),
  "join semi": () => people.join(orders, "id", "left_semi").select("id").orderBy("id"),
  "join anti": () => people.join(orders, "id", "left_anti").select("id").orderBy("id"),
  "join condition": () =>
    people
      .join(orders, people.col("id").eq(orders.col("id")))
      .select(people.col("id"), orders.col("item"))
      .orderBy("item", people.col("id")),
  "self join": () =>
    people
      .alias("l")
      .join(people.alias("r"), col("l.id").eq(col("r.id").minus(1)))
      .select("l.name", col("r.name").alias("next"))
      .orderBy("l.id", "next"),
  crossJoin: () => wide.select("id").crossJoin(wide.select("a")).orderBy("id", "a"),
  "groupBy agg": () =>
    people
      .groupBy("age")
      .agg(F.count("*").alias("n"), F.sum("balance").alias("total"), F.avg("id"), F.max("born"))
      .orderBy("age"),
  "groupBy dict": () => people.groupBy("name").agg({ id: "max" }).orderBy("name"),
  "groupBy count": () => people.groupBy("name", "age").count().orderBy("name"),
  "groupBy sum": () => orders.groupBy("id").sum("price").orderBy("id"),
  agg: () => people.agg(F.min("balance"), F.collect_set("age"), F.count_distinct("name")),
  rollup: () => orders.rollup("item").agg(F.sum("price")).orderBy("item"),
  cube: () => orders.cube("id", "item").count().orderBy("id", "item"),
  "pivot values": () => orders.groupBy("id").pivot("item", ["pen", "cap"]).sum("price").orderBy("id"),
  pivot: () => orders.groupBy("id").pivot("item").agg(F.max("price")).orderBy("id"),
  orderBy: () => people.orderBy(col("age").desc(), col("name").asc_nulls_last()).select("id", "age", "name"),
  "limit offset": () => people.orderBy("id").offset(1).limit(2).select("id"),
  union: () => wide.union(wide).orderBy("id"),
  unionByName: () => wide.select("id", "a").unionByName(wide.select("b", "id"), true).orderBy("id", "a", "b"),
  intersect: () => people.select("age").intersect(people.select("age")).orderBy("age"),
  exceptAll: () => people.select("id").exceptAll(people.select("id").limit(4)),
  subtract: () => people.select("id").subtract(orders.select("id")).orderBy("id"),
  distinct: () => people.distinct().orderBy("id").select("id"),
  dropDuplicates: () => people.dropDuplicates(["age"]).select("age").orderBy("age"),
  alias: () => people.alias("p").select("p.id", "p.name").limit(1),
  fillna: () => people.select("id", "name", "age").fillna(0).fillna("?", "name"),
  "fillna dict": () => people.select("id", "name", "age").na.fill({ age: -1, name: "none" }),
  dropna: () => people.select("name", "age").dropna(),
  "dropna all": () => people.select("name", "age").na.drop("all"),
  "dropna thresh": () => people.select("id", "name", "age").na.drop("any", 3),
  replace: () =>
    people
      .select("id", "name", "age")
      .replace("Eve", "Eva")
      .na.replace(new Map([[36, 37]]), undefined, ["age"]),
  describe: () => wide.describe("a", "b"),
  summary: () => wide.summary("count", "min", "max"),
  unpivot: () => wide.unpivot("id", ["a", "b"], "k", "v").orderBy("id", "k"),
  repartition: () => wide.repartition(3, "id").coalesce(1).orderBy("id"),
  colRegex: () => people.select(people.colRegex("`(id|na.*)`")).limit(1),
  hint: () => people.hint("broadcast").select("id").limit(1),
  "window row_number": () =>
    people.withColumn("n", F.row_number().over(byAge)).select("id", "age", "n").orderBy("age", "n"),
  "window sum": () => orders.select("item", F.sum("price").over(running).alias("total")).orderBy("total", "item"),
  "lag lead": () =>
    wide.select("id", F.lag("b").over(Window.orderBy("id")), F.lead("b", 1, 0).over(Window.orderBy("id"))),
  when: () =>
    people.select(
      "id",
      F.when(col("age").gt(30), "old").when(col("age").isNull(), "?").otherwise("young").alias("kind"),
    ),
  struct: () =>
    people.select(F.struct("id", col("name").alias("n")).alias("s")).select("s.n", col("s").getItem("id"), "s.*", "s"),
  withField: () => people.select(F.struct("id", "name").withField("age", col("age")).dropFields("name").alias("s")),
  transform: () =>
    people.select(
      "id",
      F.transform("tags", (x, i) => F.concat(x, i.cast("string"))).alias("t"),
      F.filter("tags", (x) => x.isNotNull()),
      F.exists("tags", (x) => x.eq("x")),
    ),
  aggregate: () =>
    wide.select(
      F.aggregate(
        F.array("id", "b"),
        lit(0),
        (s, x) => s.plus(x),
        (s) => s.times(2),
      ),
    ),
  explode: () => people.select("id", F.explode("tags").alias("tag")),
  explode_outer: () => people.select("id", F.explode_outer("tags").alias("tag")),
  posexplode: () => people.select("id", F.posexplode("tags")),
  map: () =>
    wide
      .select(F.create_map(lit("a"), "a", lit("b"), "b").alias("m"))
      .select("m", col("m").getItem("a"), F.map_keys("m")),
  to_json: () => people.select(F.to_json(F.struct("id", "name", "balance", "born", "seen", "tags")).alias("j")),
  strings: () =>
    people.select(
      F.concat_ws("-", "name", col("id").cast("string")),
      F.substring("name", 1, 2),
      F.upper("name"),
      F.length("name"),
      F.sha1("name"),
      F.translate("name", "ae", "AE"),
      col("name").substr(2, 2),
      F.lpad("name", 5, "*"),
    ),
  predicates: () =>
    people.select(
      col("name").like("%b"),
      col("name").rlike("^[AE]"),
      col("name").isin("Ada", "Bob"),
      col("age").between(7, 36),
      col("name").eqNullSafe(null),
      col("name").contains("d"),
      col("name").startswith("A"),
      col("name").endswith("e"),
    ),
  arithmetic: () =>
    numbers.select(
      col("i").divide(2),
      col("i").mod(2),
      col("i").negate(),
      col("i").times(1.5),
      col("d").gt(0),
      col("d").isNaN(),
      F.nanvl("d", F.lit(0).cast("double")),
      F.round(col("d"), 0),
      F.pmod("i", 3),
    ),
  bitwise: () =>
    wide.select(col("a").bitwiseAND(8), col("a").bitwiseOR(1), col("a").bitwiseXOR(3), F.shiftleft("a", 1)),
  decimals: () =>
    people.select(
      col("balance").times(2),
      col("balance").plus(col("balance")),
      col("balance").divide(3),
      F.round("balance", 1),
      col("balance").cast("int"),
      col("balance").cast("string"),
    ),
  dates: () =>
    people.select(
      F.year("born"),
      F.date_add("born", 1),
      F.datediff(lit(LocalDate.parse("2024-01-01")), "born"),
      F.date_format("seen", "yyyy-MM-dd HH:mm:ss.SSS"),
      F.to_date(lit("2024-02-28")),
      F.last_day("born"),
      F.trunc("born", "month"),
      F.date_trunc("hour", "seen"),
      F.add_months("born", 1),
      F.dayofweek("born"),
    ),
  casts: () =>
    people.select(
      col("id").cast("int"),
      col("age").cast("double"),
      col("seen").cast("date"),
      col("born").cast("timestamp"),
      col("name").try_cast("int"),
      col("age").cast("boolean"),
      col("seen").cast("string"),
      col("tags").cast("string"),
      col("balance").cast("double").cast("string"),
    ),
  collections: () =>
    people.select(
      F.size("tags"),
      F.array_contains("tags", "x"),
      F.sort_array("tags", false),
      F.array_compact("tags"),
      F.try_element_at("tags", 1),
      F.array_join("tags", ",", "-"),
      F.slice("tags", 1, 1),
      F.get("tags", 0),
    ),
  nulls: () =>
    people.select(
      F.coalesce("name", lit("?")),
      F.nullif("age", lit(7)),
      F.ifnull("age", lit(0)),
      F.greatest("id", "age"),
      F.least("id", "age"),
      F.isnull("name"),
    ),
  literals: () =>
    spark
      .range(1)
      .select(
        lit(1),
        lit(3_000_000_000),
        lit(1.5),
        lit("x"),
        lit(true),
        lit(null),
        lit(LocalDate.parse("2024-01-31")),
        lit(Timestamp.parse("2024-01-31T01:02:03Z")),
        F.array(lit(1), lit(2)),
      ),
  range: () => spark.range(1, 10, 4),
  toJSON: () => wide.toJSON(),
  empty: () => people.filter("false"),
  "duplicate names": () => wide.select("a", "a", col("b").alias("a")),
  "sort_array struct": () => people.groupBy().agg(F.sort_array(F.collect_list(F.struct("age", "name"))).alias("s")),
  hashes: () =>
    people.select(F.hash("id", "name"), F.xxhash64("name"), F.md5("name"), F.sha2("name", 256), F.crc32("name")),
};

test("every recorded case is here", () => {
  expect(Object.keys(cases)).toEqual(Object.keys(gold.cases));
});

describe("schema and rows", () => {
  for (const [name, frame] of Object.entries(cases)) {
    contract(name, async () => {
      const rows = (await frame().collect()).map(String);
      const schema = treeString(await frame().schema());
      expect({ schema, rows }).toEqual(gold.cases[name]);
    });
  }
});

const texts = people.select("id", lit("a text of more than twenty characters").alias("text"));
const shows: Record<string, () => Promise<string>> = {
  show: () => people.showString(),
  "show long": () => texts.showString(2),
  "show all": () => texts.showString(3, false),
  "show vertical": () => people.showString(2, true, true),
  "show empty": () => wide.filter("false").showString(),
  "show doubles": () =>
    numbers
      .select("d", col("d").times(1e20).alias("big"), F.struct("i", "d"), F.array("d"), F.create_map("i", "d"))
      .showString(20, 40),
  "show control": () => spark.range(1).select(lit("a\tb\nc").alias("x\ny"), lit("日本語").alias("wide")).showString(),
};

describe("show", () => {
  for (const [name, text] of Object.entries(shows))
    contract(name, async () => expect(await text()).toBe(gold.shows[name]));
});
