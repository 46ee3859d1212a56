"""Records what real Spark answers over Spark Connect to the cases of ../dataframe.test.ts.

Run it with a Python that has pyspark 4.0.1 with its Connect client, with TZ=UTC:
    TZ=UTC python record-dataframe.py > dataframe.json
"""

import json
import sys
from datetime import date, datetime
from decimal import Decimal

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.functions import col, lit

spark = (
    SparkSession.builder.remote("local[1]")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "1")
    .getOrCreate()
)

people = spark.createDataFrame(
    [
        (1, "Ada", 36, Decimal("10.50"), date(1815, 12, 10), datetime(2024, 1, 31, 10, 0, 0, 123456), ["x", "y"]),
        (2, "Bob", None, Decimal("-3.25"), date(2000, 2, 29), datetime(2024, 2, 29, 23, 59, 59), []),
        (3, None, 36, None, None, None, None),
        (4, "Eve", 7, Decimal("0.00"), date(1969, 12, 31), datetime(1969, 12, 31, 23, 59, 59, 999999), ["z", None]),
        (4, "Eve", 7, Decimal("0.00"), date(1969, 12, 31), datetime(1969, 12, 31, 23, 59, 59, 999999), ["z", None]),
    ],
    "id BIGINT NOT NULL, name STRING, age INT, balance DECIMAL(10,2), born DATE, seen TIMESTAMP, tags ARRAY<STRING>",
)
orders = spark.createDataFrame(
    [(1, "pen", 2.5), (1, "ink", 4.0), (3, "pen", None), (9, "cap", 1.0)],
    "id BIGINT, item STRING, price DOUBLE",
)
wide = spark.createDataFrame([(1, 10, 20), (2, None, 40)], "id INT, a INT, b INT")
numbers = spark.createDataFrame([(1, 1.0), (2, float("nan")), (3, None), (4, -0.5)], "i INT, d DOUBLE")

by_name = Window.partitionBy("age").orderBy(col("id").desc())
running = Window.orderBy("price").rowsBetween(Window.unboundedPreceding, Window.currentRow)

CASES = {
    "collect": people,
    "select": people.select("name", (col("age") + 1).alias("next"), "born"),
    "select star": people.select("*", lit(1).alias("one")),
    "selectExpr": people.selectExpr("id * 2 AS double", "upper(name) AS name"),
    "filter column": people.filter(col("age").isNotNull() & (col("age") > 10)),
    "filter text": people.filter("name LIKE 'E%'"),
    "withColumn": people.withColumn("age", col("age").cast("string")).withColumn("flag", col("id") > 2),
    "withColumns": wide.withColumns({"a": col("b"), "b": col("a")}),
    "withColumnRenamed": wide.withColumnRenamed("a", "x").withColumnRenamed("nope", "y"),
    "drop": people.drop("tags", "nope", "seen"),
    "toDF": wide.toDF("x", "y", "z"),
    "join using": people.join(orders, "id").select("id", "name", "item", "price").orderBy("id", "item"),
    "join left": people.join(orders, "id", "left").select("id", "item").orderBy("id", "item"),
    "join full": people.join(orders, ["id"], "full").select("id", "name", "item").orderBy("id", "item"),
    "join right": people.join(orders, "id", "right").select("id", "name", "item").orderBy("id", "item"),
    "join semi": people.join(orders, "id", "left_semi").select("id").orderBy("id"),
    "join anti": people.join(orders, "id", "left_anti").select("id").orderBy("id"),
    "join condition": people.join(orders, people["id"] == orders["id"]).select(people["id"], orders["item"]).orderBy("item", people["id"]),
    "self join": people.alias("l").join(people.alias("r"), col("l.id") == col("r.id") - 1).select("l.name", col("r.name").alias("next")).orderBy("l.id", "next"),
    "crossJoin": wide.select("id").crossJoin(wide.select("a")).orderBy("id", "a"),
    "groupBy agg": people.groupBy("age").agg(F.count("*").alias("n"), F.sum("balance").alias("total"), F.avg("id"), F.max("born")).orderBy("age"),
    "groupBy dict": people.groupBy("name").agg({"id": "max"}).orderBy("name"),
    "groupBy count": people.groupBy("name", "age").count().orderBy("name"),
    "groupBy sum": orders.groupBy("id").sum("price").orderBy("id"),
    "agg": people.agg(F.min("balance"), F.collect_set("age"), F.count_distinct("name")),
    "rollup": orders.rollup("item").agg(F.sum("price")).orderBy("item"),
    "cube": orders.cube("id", "item").count().orderBy("id", "item"),
    "pivot values": orders.groupBy("id").pivot("item", ["pen", "cap"]).sum("price").orderBy("id"),
    "pivot": orders.groupBy("id").pivot("item").agg(F.max("price")).orderBy("id"),
    "orderBy": people.orderBy(col("age").desc(), col("name").asc_nulls_last()).select("id", "age", "name"),
    "limit offset": people.orderBy("id").offset(1).limit(2).select("id"),
    "union": wide.union(wide).orderBy("id"),
    "unionByName": wide.select("id", "a").unionByName(wide.select("b", "id"), allowMissingColumns=True).orderBy("id", "a", "b"),
    "intersect": people.select("age").intersect(people.select("age")).orderBy("age"),
    "exceptAll": people.select("id").exceptAll(people.select("id").limit(4)),
    "subtract": people.select("id").subtract(orders.select("id")).orderBy("id"),
    "distinct": people.distinct().orderBy("id").select("id"),
    "dropDuplicates": people.dropDuplicates(["age"]).select("age").orderBy("age"),
    "alias": people.alias("p").select("p.id", "p.name").limit(1),
    "fillna": people.select("id", "name", "age").fillna(0).fillna("?", "name"),
    "fillna dict": people.select("id", "name", "age").na.fill({"age": -1, "name": "none"}),
    "dropna": people.select("name", "age").dropna(),
    "dropna all": people.select("name", "age").na.drop("all"),
    "dropna thresh": people.select("id", "name", "age").na.drop(thresh=3),
    "replace": people.select("id", "name", "age").replace("Eve", "Eva").na.replace({36: 37}, subset=["age"]),
    "describe": wide.describe("a", "b"),
    "summary": wide.summary("count", "min", "max"),
    "unpivot": wide.unpivot("id", ["a", "b"], "k", "v").orderBy("id", "k"),
    "repartition": wide.repartition(3, "id").coalesce(1).orderBy("id"),
    "colRegex": people.select(people.colRegex("`(id|na.*)`")).limit(1),
    "hint": people.hint("broadcast").select("id").limit(1),
    "window row_number": people.withColumn("n", F.row_number().over(by_name)).select("id", "age", "n").orderBy("age", "n"),
    "window sum": orders.select("item", F.sum("price").over(running).alias("total")).orderBy("total", "item"),
    "lag lead": wide.select("id", F.lag("b").over(Window.orderBy("id")), F.lead("b", 1, 0).over(Window.orderBy("id"))),
    "when": people.select("id", F.when(col("age") > 30, "old").when(col("age").isNull(), "?").otherwise("young").alias("kind")),
    "struct": people.select(F.struct("id", col("name").alias("n")).alias("s")).select("s.n", col("s")["id"], "s.*", "s"),
    "withField": people.select(F.struct("id", "name").withField("age", col("age")).dropFields("name").alias("s")),
    "transform": people.select("id", F.transform("tags", lambda x, i: F.concat(x, i.cast("string"))).alias("t"), F.filter("tags", lambda x: x.isNotNull()), F.exists("tags", lambda x: x == "x")),
    "aggregate": wide.select(F.aggregate(F.array("id", "b"), lit(0), lambda s, x: s + x, lambda s: s * 2)),
    "explode": people.select("id", F.explode("tags").alias("tag")),
    "explode_outer": people.select("id", F.explode_outer("tags").alias("tag")),
    "posexplode": people.select("id", F.posexplode("tags")),
    "map": wide.select(F.create_map(lit("a"), "a", lit("b"), "b").alias("m")).select("m", col("m")["a"], F.map_keys("m")),
    "to_json": people.select(F.to_json(F.struct("id", "name", "balance", "born", "seen", "tags")).alias("j")),
    "strings": people.select(F.concat_ws("-", "name", col("id").cast("string")), F.substring("name", 1, 2), F.upper("name"), F.length("name"), F.sha1("name"), F.translate("name", "ae", "AE"), col("name").substr(2, 2), F.lpad("name", 5, "*")),
    "predicates": people.select(col("name").like("%b"), col("name").rlike("^[AE]"), col("name").isin("Ada", "Bob"), col("age").between(7, 36), col("name").eqNullSafe(None), col("name").contains("d"), col("name").startswith("A"), col("name").endswith("e")),
    "arithmetic": numbers.select(col("i") / 2, col("i") % 2, -col("i"), col("i") * 1.5, col("d") > 0, col("d").isNaN(), F.nanvl("d", lit(0).cast("double")), F.round(col("d"), 0), F.pmod("i", lit(3))),
    "bitwise": wide.select(col("a").bitwiseAND(8), col("a").bitwiseOR(1), col("a").bitwiseXOR(3), F.shiftleft("a", 1)),
    "decimals": people.select(col("balance") * 2, col("balance") + col("balance"), col("balance") / 3, F.round("balance", 1), col("balance").cast("int"), col("balance").cast("string")),
    "dates": people.select(F.year("born"), F.date_add("born", 1), F.datediff(lit(date(2024, 1, 1)), "born"), F.date_format("seen", "yyyy-MM-dd HH:mm:ss.SSS"), F.to_date(lit("2024-02-28")), F.last_day("born"), F.trunc("born", "month"), F.date_trunc("hour", "seen"), F.add_months("born", 1), F.dayofweek("born")),
    "casts": people.select(col("id").cast("int"), col("age").cast("double"), col("seen").cast("date"), col("born").cast("timestamp"), col("name").try_cast("int"), col("age").cast("boolean"), col("seen").cast("string"), col("tags").cast("string"), col("balance").cast("double").cast("string")),
    "collections": people.select(F.size("tags"), F.array_contains("tags", "x"), F.sort_array("tags", False), F.array_compact("tags"), F.try_element_at("tags", lit(1)), F.array_join("tags", ",", "-"), F.slice("tags", 1, 1), F.get("tags", 0)),
    "nulls": people.select(F.coalesce("name", lit("?")), F.nullif("age", lit(7)), F.ifnull("age", lit(0)), F.greatest("id", "age"), F.least("id", "age"), F.isnull("name")),
    "literals": spark.range(1).select(lit(1), lit(3_000_000_000), lit(1.5), lit("x"), lit(True), lit(None), lit(date(2024, 1, 31)), lit(datetime(2024, 1, 31, 1, 2, 3)), lit([1, 2])),
    "range": spark.range(1, 10, 4),
    "toJSON": wide.select(F.to_json(F.struct("*")).alias("value")),
    "empty": people.filter("false"),
    "duplicate names": wide.select("a", "a", col("b").alias("a")),
    "sort_array struct": people.groupBy().agg(F.sort_array(F.collect_list(F.struct("age", "name"))).alias("s")),
    "hashes": people.select(F.hash("id", "name"), F.xxhash64("name"), F.md5("name"), F.sha2("name", 256), F.crc32("name")),
}

SHOWS = {
    "show": (people, 20, 20, False),
    "show long": (people.select("id", lit("a text of more than twenty characters").alias("text")), 2, 20, False),
    "show all": (people.select("id", lit("a text of more than twenty characters").alias("text")), 3, 0, False),
    "show vertical": (people, 2, 20, True),
    "show empty": (wide.filter("false"), 20, 20, False),
    "show doubles": (numbers.select("d", (col("d") * 1e20).alias("big"), F.struct("i", "d"), F.array("d"), F.create_map("i", "d")), 20, 40, False),
    "show control": (spark.range(1).select(lit("a\tb\nc").alias("x\ny"), lit("日本語").alias("wide")), 20, 20, False),
}


def answer(frame):
    tree = frame.schema.treeString()
    try:
        return {"schema": tree, "rows": [repr(row) for row in frame.collect()]}
    except Exception as error:  # a condition is an answer too
        condition = getattr(error, "getCondition", lambda: None)() or type(error).__name__
        return {"schema": tree, "error": condition}


result = {"cases": {name: answer(frame) for name, frame in CASES.items()}}
result["shows"] = {
    name: frame._show_string(n, bool(truncate) if truncate == 20 else truncate, vertical)
    for name, (frame, n, truncate, vertical) in SHOWS.items()
}
json.dump(result, sys.stdout, indent=1, ensure_ascii=False)
sys.stdout.write("\n")
