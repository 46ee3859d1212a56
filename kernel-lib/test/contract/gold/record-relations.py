"""Records plans as PySpark's Connect client sends them, with real Spark's answers.

Run with a Python that has pyspark 4.0.1 with its Connect client: python record-relations.py
It writes relations.json beside this file: name, plan (base64), tree of the schema and the table that show() prints,
or the error's condition and parameters.
"""

import base64
import datetime
import decimal
import json
import os
import pathlib

os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
from pyspark.errors import PySparkException
from pyspark.sql import Row, SparkSession, Window
from pyspark.sql import functions as F

spark = SparkSession.builder.remote("local[2]").config("spark.sql.session.timeZone", "Europe/Paris").config("spark.ui.enabled", "false").getOrCreate()
spark.conf.set("spark.sql.session.timeZone", "Europe/Paris")

people = spark.createDataFrame(
    [(1, "Ann", 31, "dev", 10.5), (2, "Bob", None, "dev", 20.0), (3, "Cid", 45, "ops", None), (4, None, 22, "ops", 7.25), (5, "Eve", 31, None, float("nan"))],
    "id int, name string, age int, team string, score double",
)
teams = spark.createDataFrame([("dev", "Paris"), ("ops", "Rome"), ("hr", "Oslo")], "team string, city string")
nested = spark.createDataFrame(
    [
        Row(id=1, s=Row(a=1, b="x"), xs=[1, 2, 3], m={"k": 1}, rs=[Row(p=1, q="u"), Row(p=2, q="v")]),
        Row(id=2, s=Row(a=None, b="y"), xs=[], m={}, rs=[]),
        Row(id=3, s=None, xs=None, m=None, rs=None),
    ],
    "id int, s struct<a:int,b:string>, xs array<int>, m map<string,int>, rs array<struct<p:int,q:string>>",
)
typed = spark.createDataFrame(
    [
        (True, 1, 2, 3, 1.5, decimal.Decimal("12.34"), "text", b"ab", datetime.date(2024, 2, 29), datetime.datetime(2024, 3, 31, 3, 30, 0, 123456)),
        (None, None, None, None, None, None, None, None, None, None),
    ],
    "b boolean, i byte, l bigint, f float, d double, n decimal(10,2), t string, x binary, y date, z timestamp",
)
dup = spark.createDataFrame([(1, "a"), (1, "a"), (2, "b"), (None, None), (None, None)], "k int, v string")
sales = spark.createDataFrame(
    [(2023, "A", 10), (2023, "B", 20), (2024, "A", 5), (2024, "A", 7), (2024, None, 1)], "year int, kind string, amount int"
)

cases = []


def case(name, make, ordered=False):
    cases.append((name, make, ordered))


# select, names, stars
case("range", lambda: spark.range(3), True)
case("range step", lambda: spark.range(10, 0, -3), True)
case("select columns", lambda: people.select("id", people.name, F.col("age")), True)
case("select case of name", lambda: people.select("ID", F.col("NaMe")), True)
case("select star", lambda: people.select("*", F.lit(1)), True)
case("select expression names", lambda: people.select(people.age + 1, people.age * 2 - people.id, -people.age, people.age > 30, ~(people.age > 30), people.age.isNull(), people.name.isNotNull()), True)
case("select literals", lambda: people.limit(1).select(F.lit(1), F.lit("a"), F.lit(None), F.lit(1.5), F.lit(True), F.lit(decimal.Decimal("1.20")), F.lit(datetime.date(2024, 1, 2)), F.lit(10000000000)), True)
case("select cast names", lambda: people.select(people.id.cast("string"), (people.id + 1).cast("string"), people.id.cast("double").alias("d")), True)
case("select alias", lambda: people.select(people.id.alias("x"), (people.id + 1).alias("y")), True)
case("select duplicate columns", lambda: people.select("id", "id", people.id), True)
case("select table star", lambda: people.alias("p").select("p.*"), True)
case("select qualified", lambda: people.alias("p").select("p.id", F.col("p.name")), True)
case("select regex", lambda: people.select(people.colRegex("`(id|na.*)`")), True)
case("select struct fields", lambda: nested.select("s.a", F.col("s").getField("b"), F.col("s.b").alias("c"), "s.*"), True)
case("select items", lambda: nested.select(F.col("m")["k"], F.col("rs").getField("q"), F.col("rs.p")), True)
case("select array item", lambda: nested.where("id = 1").select(F.col("xs")[0], F.col("xs").getItem(2)), True)
case("withField", lambda: nested.select(F.col("s").withField("c", F.lit(9)).alias("s1"), F.col("s").withField("a", F.lit(7)).alias("s2"), F.col("s").dropFields("a").alias("s3")), True)
case("typed", lambda: typed, True)
case("nested", lambda: nested, True)
case("toDF", lambda: people.select("id", "name").toDF("a", "b"), True)
case("withColumn new", lambda: people.withColumn("next", people.age + 1), True)
case("withColumn replace", lambda: people.withColumn("AGE", F.col("age") + 1), True)
case("withColumns", lambda: people.withColumns({"a": F.lit(1), "id": F.col("id") * 2}), True)
case("withColumn chain", lambda: people.withColumn("a", F.col("id") + 1).withColumn("b", F.col("a") * 2).withColumn("c", F.col("a") + F.col("b")).drop("a"), True)
case("withColumnRenamed", lambda: people.withColumnRenamed("id", "key").withColumnRenamed("nope", "x"), True)
case("withColumnsRenamed", lambda: people.withColumnsRenamed({"id": "key", "age": "years"}), True)
case("drop", lambda: people.drop("age", "nope").drop(people.score), True)
case("filter", lambda: people.filter(people.age > 30), True)
case("filter chain", lambda: people.filter("age > 20").filter(people.team == "dev").select("id"), True)
case("filter hidden column", lambda: people.select("name").filter(people.age > 30), True)
case("filter string", lambda: people.where("name like 'A%' or team is null"), True)
case("filter in", lambda: people.where(people.id.isin(1, 3)), True)
case("filter between", lambda: people.where(people.age.between(22, 31)), True)
case("null safe equal", lambda: people.where(people.team.eqNullSafe(None)), True)
case("selectExpr", lambda: people.selectExpr("id + 1", "upper(name) as u", "age", "case when age > 30 then 'old' else 'young' end as c"), True)
# order and limit
case("orderBy", lambda: people.orderBy("age", F.col("id").desc()), True)
case("orderBy desc", lambda: people.orderBy(F.desc("age"), "id"), True)
case("orderBy nulls", lambda: people.orderBy(F.col("age").asc_nulls_last(), F.col("id").desc_nulls_first()), True)
case("orderBy hidden column", lambda: people.select("name").orderBy("id"), True)
case("orderBy then select", lambda: people.orderBy(F.desc("id")).select("name").withColumn("n", F.lit(1)), True)
case("orderBy then filter", lambda: people.orderBy(F.desc("id")).filter("id > 2"), True)
case("orderBy double nan", lambda: people.orderBy("score").select("id"), True)
case("limit", lambda: people.orderBy("id").limit(2), True)
case("limit then filter", lambda: people.orderBy("id").limit(2).filter("id = 2"), True)
case("offset", lambda: people.orderBy("id").offset(3), True)
case("limit offset", lambda: people.orderBy("id").offset(1).limit(2), True)
case("sort after limit", lambda: people.orderBy("id").limit(3).orderBy(F.desc("id")), True)
# joins
for how in ["inner", "left", "right", "full", "left_semi", "left_anti"]:
    case(f"join using {how}", lambda how=how: people.join(teams, "team", how))
    case(f"join condition {how}", lambda how=how: people.join(teams, people.team == teams.team, how))
case("join cross", lambda: people.select("id").crossJoin(teams))
case("join select side", lambda: people.join(teams, people.team == teams.team).select(people.team, teams.team, "city"))
case("join using hidden key", lambda: people.join(teams, "team", "left").select(people["team"], teams["team"], "id"))
case("join using full hidden key", lambda: people.join(teams, "team", "full").select(people["team"], teams["team"], "team"))
case("join alias", lambda: people.alias("a").join(people.alias("b"), F.col("a.age") == F.col("b.age")).select("a.id", "b.id"))
case("join self using", lambda: people.join(people.select("id", F.col("age").alias("age2")), "id"))
case("join two keys", lambda: people.join(people.select("id", "team", "score"), ["id", "team"]).select("id", "team"))
case("join inequality", lambda: people.join(teams, (people.team == teams.team) & (people.age > 25), "left").select("id", "city"))
case("join derived", lambda: (lambda other: people.join(other, people.id == other.id).select(people.name, other.total))(people.groupBy("id").agg(F.sum("age").alias("total"))))
case("join then groupBy", lambda: people.join(teams, "team").groupBy("city").agg(F.count("*").alias("n"), F.max("age")))
# aggregates
case("groupBy count", lambda: people.groupBy("team").count())
case("groupBy agg names", lambda: people.groupBy("team").agg(F.sum("age"), F.avg("age"), F.min("name"), F.max("name"), F.count("*"), F.count("age"), F.countDistinct("age")))
case("groupBy dict", lambda: people.groupBy("team").agg({"age": "max"}))
case("groupBy expression", lambda: people.groupBy((people.age > 30).alias("old")).agg(F.count("*").alias("n")))
case("groupBy expression unnamed", lambda: people.groupBy(people.age % 2).agg(F.sum("id")))
case("groupBy key in result", lambda: people.groupBy("team").agg((F.sum("age") + 1).alias("a"), (F.col("team") == "dev").alias("isdev"), F.sum(F.col("id") * 2)))
case("groupBy nothing", lambda: people.groupBy().agg(F.sum("age"), F.avg("id")))
case("agg global", lambda: people.agg(F.sum("age") + F.max("id"), F.first("name")))
case("agg empty input", lambda: people.where("id > 100").agg(F.sum("age"), F.count("*")))
case("select aggregate", lambda: people.select(F.sum("age"), F.max("id") + 1))
case("groupBy then filter", lambda: people.groupBy("team").agg(F.count("*").alias("n")).filter("n > 1"))
case("groupBy filter aggregate", lambda: people.groupBy("team").agg(F.count("*").alias("n")).filter(F.max("age") > 31))
case("groupBy order aggregate", lambda: people.groupBy("team").agg(F.count("*").alias("n")).orderBy(F.max("id")), True)
case("groupBy order key", lambda: people.groupBy("team").count().orderBy("team"), True)
case("groupBy collect", lambda: people.groupBy("team").agg(F.sort_array(F.collect_list("id")).alias("ids")))
case("groupBy collect struct", lambda: people.groupBy("team").agg(F.sort_array(F.collect_list(F.struct("id", "name"))).alias("ids")))
case("rollup", lambda: sales.rollup("year", "kind").agg(F.sum("amount").alias("s"), F.grouping_id().alias("g"), F.grouping("kind").alias("gk")))
case("cube", lambda: sales.cube("year", "kind").count())
case("groupingSets", lambda: sales.groupingSets([("year", "kind"), ("year",), ()], "year", "kind").agg(F.sum("amount")))
case("pivot values", lambda: sales.groupBy("year").pivot("kind", ["A", "B", "C"]).sum("amount"))
case("pivot discovered", lambda: sales.groupBy("year").pivot("kind").sum("amount"))
case("pivot two", lambda: sales.groupBy("year").pivot("kind", ["A", "B"]).agg(F.sum("amount").alias("s"), F.count("amount")))
case("pivot count", lambda: sales.groupBy("kind").pivot("year", [2023, 2024, 2025]).count())
# distinct
case("distinct", lambda: dup.distinct())
case("dropDuplicates subset", lambda: dup.select("k", F.lit(1).alias("one")).dropDuplicates(["k"]))
case("distinct of select", lambda: people.select("team").distinct())
# sets
case("union", lambda: dup.union(dup))
case("union widening", lambda: spark.range(1).select(F.lit(1).alias("a"), F.lit("x").alias("b")).union(spark.range(1).select(F.lit(2.5), F.lit("y"))))
case("unionByName", lambda: people.select("id", "name").unionByName(people.select("name", "id")))
case("unionByName missing", lambda: people.select("id", "name").unionByName(people.select("age", "id"), allowMissingColumns=True))
case("intersect", lambda: dup.intersect(dup.where("k = 1")))
case("intersectAll", lambda: dup.intersectAll(dup))
case("subtract", lambda: dup.subtract(dup.where("k = 1")))
case("exceptAll", lambda: dup.exceptAll(dup.where("k = 1").limit(1)))
case("union then filter", lambda: dup.union(dup).filter(dup.k == 1))
# na
case("fillna number", lambda: people.fillna(0))
case("fillna text", lambda: people.fillna("none"))
case("fillna dict", lambda: people.fillna({"age": 1, "name": "x"}))
case("fillna subset", lambda: people.fillna(9, subset=["age"]))
case("dropna", lambda: people.dropna())
case("dropna all", lambda: people.dropna("all", subset=["name", "age"]))
case("dropna thresh", lambda: people.dropna(thresh=4))
case("replace", lambda: people.replace("dev", "engineering").replace([31, 45], [1, 2]))
case("replace none", lambda: people.replace({"Ann": None}, subset=["name"]))
# unpivot, describe
case("unpivot", lambda: sales.unpivot(["year"], ["amount"], "what", "value"))
case("unpivot two", lambda: people.select("id", "age", "score").melt("id", None, "what", "value"))
case("describe", lambda: people.describe("id", "age", "name"))
case("summary", lambda: people.select("id", "age").summary("count", "min", "max", "mean"))
# generators
case("explode", lambda: nested.select("id", F.explode("xs")))
case("explode alias", lambda: nested.select("id", F.explode("xs").alias("x"), "s"))
case("explode outer", lambda: nested.select("id", F.explode_outer("xs")))
case("posexplode", lambda: nested.select("id", F.posexplode("xs")))
case("explode map", lambda: nested.select("id", F.explode("m")))
case("explode structs", lambda: nested.select("id", F.explode("rs").alias("r")).select("id", "r.p", "r.q"))
case("inline", lambda: nested.select("id", F.inline("rs")))
case("withColumn explode", lambda: nested.withColumn("x", F.explode("xs")).select("id", "x"))
# windows
w = Window.partitionBy("team").orderBy("id")
case("window rank", lambda: people.select("id", F.row_number().over(w), F.rank().over(w).alias("r"), F.dense_rank().over(Window.orderBy(F.desc("age"))).alias("d")))
case("window aggregate", lambda: people.select("id", F.sum("id").over(Window.partitionBy("team")).alias("t"), F.sum("id").over(w), F.avg("age").over(w.rowsBetween(-1, 1))))
case("window lag", lambda: people.select("id", F.lag("id").over(w), F.lead("id", 1, 0).over(w)))
case("window range", lambda: people.select("id", F.count("*").over(Window.orderBy("id").rangeBetween(-1, Window.currentRow)).alias("c")))
case("window unbounded", lambda: people.select("id", F.max("id").over(w.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)).alias("c")))
case("window over aggregate", lambda: people.groupBy("team").agg(F.sum("id").alias("s")).withColumn("r", F.rank().over(Window.orderBy(F.desc("s")))))
case("window filter after", lambda: people.withColumn("rn", F.row_number().over(w)).filter("rn = 1").select("id"))
# lambdas
case("transform", lambda: nested.select("id", F.transform("xs", lambda x: x + 1), F.transform("xs", lambda x, i: x * i).alias("i")))
case("filter lambda", lambda: nested.select(F.filter("xs", lambda x: x > 1).alias("f"), F.exists("xs", lambda x: x > 2).alias("e"), F.aggregate("xs", F.lit(0), lambda a, x: a + x).alias("g")))
case("lambda outer column", lambda: nested.select(F.transform("xs", lambda x: x + F.col("id")).alias("t")))
case("lambda nested", lambda: nested.select(F.transform("rs", lambda r: r.p + 1).alias("t")))
# misc
case("sample none", lambda: people.sample(0.0, 1))
case("sample all", lambda: people.sample(1.0, 1))
case("repartition", lambda: people.repartition(3, "team").coalesce(1))
case("hint", lambda: people.join(teams.hint("broadcast"), "team").select("id", "city"))
case("to schema", lambda: people.to(spark.createDataFrame([], "age long, id string").schema), True)
case("empty frame", lambda: spark.createDataFrame([], "a int, b string"), True)
case("no columns", lambda: people.select(), True)
case("when", lambda: people.select(F.when(people.age > 30, "old").when(people.age > 20, "mid").otherwise("young"), F.when(people.id == 1, 1)), True)
case("coalesce names", lambda: people.select(F.coalesce("name", "team"), F.concat("name", F.lit("-"), "team"), F.upper("name"), F.length("name")), True)
case("struct names", lambda: people.select(F.struct("id", "name"), F.struct(people.id.alias("x"), F.lit(1)), F.array("id", "age"), F.create_map(F.lit("k"), "id")), True)
case("to_json", lambda: nested.select(F.to_json(F.struct("id", "s", "xs", "rs")).alias("j")), True)
case("two generators", lambda: nested.select(F.explode("xs"), F.explode("rs")))
case("join duplicate using", lambda: people.join(people.select("id", F.lit(1).alias("ID")), "id").select("name"))
case("orderBy array", lambda: nested.orderBy(F.desc("xs")).select("id"), True)
case("groupBy many", lambda: typed.groupBy("b", "i", "n", "y").agg(F.count("*").alias("c"), F.avg("n"), F.sum("n"), F.sum("f"), F.max("z")))
case("crossJoin filter", lambda: people.crossJoin(teams).filter(people.team == teams.team).select("id", "city"))
case("select df star", lambda: people.select(people["*"], (people.id + 1).alias("n")))
case("alias metadata", lambda: people.select(F.col("id").alias("x", metadata={"a": 1})))
case("drop duplicates all", lambda: dup.dropDuplicates())
case("cube order", lambda: sales.cube("year").agg(F.sum("amount").alias("s")).orderBy(F.col("year").asc_nulls_last()), True)
case("case insensitive", lambda: people.withColumn("ID", F.lit(1)).select("Id"))
case("nested field case", lambda: nested.select("S.A", "s.B"))
case("dotted names", lambda: people.select(F.col("id").alias("a.b")).select("`a.b`"))
case("withColumn struct", lambda: people.withColumn("s", F.struct("id", F.col("name").alias("n"))).select("s.n", "s.*"))
case("union all widen decimals", lambda: typed.select("n").union(typed.select("l")))
case("explode split", lambda: people.select("id", F.explode(F.split(F.coalesce("name", F.lit("a")), ""))).groupBy("id").count())
case("arrays zip explode", lambda: nested.select("id", F.posexplode_outer("rs").alias("pos", "r")).select("id", "pos", "r.*"))
case("filter exists", lambda: nested.filter(F.exists("xs", lambda x: x == 2)).select("id"))
case("map lambdas", lambda: nested.select(F.transform_values("m", lambda k, v: v + 1).alias("t"), F.map_filter("m", lambda k, v: v > 5).alias("f"), F.transform_keys("m", lambda k, v: F.upper(k)).alias("k")))
case("zip_with", lambda: nested.select(F.zip_with("xs", F.reverse("xs"), lambda a, b: a + b).alias("z"), F.aggregate("xs", F.lit(0), lambda a, x: a + x, lambda a: a * 10).alias("g")))
case("array_sort comparator", lambda: nested.select(F.array_sort("xs", lambda a, b: b - a).alias("s")))
case("stack", lambda: people.limit(1).select(F.stack(F.lit(2), F.lit(1), F.lit("a"), F.lit(2), F.lit("b"))))
case("limit zero", lambda: people.limit(0), True)
case("tail like", lambda: people.orderBy("id").offset(4), True)
case("join three using", lambda: people.join(teams, "team").join(sales.select(F.col("kind").alias("team"), "year"), "team", "left").select("team", "id", "year"))
case("join drop side", lambda: people.join(teams, people.team == teams.team).drop(teams.team).select("team", "city"))
case("join side star", lambda: people.join(teams, people.team == teams.team, "left").select(teams["*"], people.id))
case("join right using names", lambda: teams.join(people, "team", "right"))
case("join full condition select", lambda: people.join(teams, people.team == teams.team, "full").select(people.team, teams.team))
case("join withColumn", lambda: people.join(teams, people.team == teams.team).withColumn("team2", people.team))
case("join null safe", lambda: people.join(people.select(F.col("team").alias("t")), people.team.eqNullSafe(F.col("t"))).select("id", "t"))
case("join self alias", lambda: people.alias("l").join(people.alias("r"), F.expr("l.id = r.id - 1")).select("l.id", "r.name"))
case("join complex", lambda: people.join(teams, F.upper(people.team) == F.upper(teams.team), "left_outer").filter(F.col("city").isNull()).select("id"))
case("groupBy two aggregates filter", lambda: people.groupBy("team").agg(F.expr("count(*) filter (where age > 30)").alias("n"), F.expr("sum(distinct age)")))
case("groupBy struct field", lambda: nested.groupBy("s.b").agg(F.count("*")))
case("groupBy literal", lambda: people.groupBy(F.lit(1)).agg(F.sum("id")))
case("groupBy window mix", lambda: people.groupBy("team").agg(F.sum("id").alias("s"), F.rank().over(Window.orderBy(F.sum("id"))).alias("r")))
case("groupBy first", lambda: people.orderBy("id").groupBy().agg(F.first("name"), F.last("name"), F.first("name", True), F.last("name", True)))
case("agg max struct", lambda: people.agg(F.max(F.struct("age", "name")), F.min_by("name", "id"), F.max_by("name", "id")))
case("agg approx", lambda: people.agg(F.stddev("id"), F.variance("id"), F.collect_set("team").alias("c")).select(F.col("stddev(id)"), F.size("c")))
case("pivot booleans", lambda: people.groupBy("team").pivot("age", [31, 45]).agg(F.max("name")))
case("pivot discovered numbers", lambda: sales.groupBy("kind").pivot("year").agg(F.sum("amount").alias("x")))
case("distinct nested", lambda: nested.select("s").union(nested.select("s")).distinct())
case("union void", lambda: people.select(F.lit(None).alias("a")).union(people.select("id")).distinct())
case("union structs", lambda: nested.select("s").union(spark.range(1).select(F.struct(F.lit(1).alias("x"), F.lit("y").alias("z")))))
case("orderBy expression", lambda: people.orderBy(F.col("age") % 10, F.lower("name").desc()).select("id"), True)
case("orderBy string desc", lambda: people.orderBy(F.col("name").desc_nulls_first()).select("id"), True)
case("orderBy struct", lambda: nested.orderBy("s").select("id"), True)
case("filter after withColumn", lambda: people.withColumn("x", F.col("age") * 2).filter("x > 60").select("id", "x"), True)
case("fillna boolean", lambda: typed.select("b", "i").fillna(True))
case("fillna decimal", lambda: typed.select("n", "d", "l").fillna(1.7))
case("replace numbers", lambda: people.select("id", "age", "score").replace(31, 13))
case("summary default", lambda: people.select("id").summary())
case("describe all", lambda: people.describe())
case("cast chain", lambda: typed.select(F.col("d").cast("int"), F.col("n").cast("string"), F.col("z").cast("date"), F.col("y").cast("timestamp"), F.col("b").cast("int"), F.col("t").try_cast("int")), True)
case("arithmetic types", lambda: typed.select(F.col("i") + F.col("l"), F.col("n") * F.col("n"), F.col("n") / 3, F.col("l") / 2, F.col("i") % 2, F.col("f") + F.col("d"), F.col("n") + 1, -F.col("n")), True)
case("between dates", lambda: typed.where(F.col("y") >= "2024-01-01").select("y"), True)
case("map and array functions", lambda: nested.where("size(xs) > 0").select(F.map_keys("m"), F.size("xs"), F.array_contains("xs", 2), F.element_at("xs", 1), F.sort_array("xs", False)))
case("nested update", lambda: nested.select(F.col("s").withField("n", F.struct(F.lit(1).alias("q"))).alias("t")).select("t.n.q", F.col("t").withField("n.r", F.lit(2)).alias("u")))
case("window ntile", lambda: people.select("id", F.ntile(2).over(Window.orderBy("id")), F.percent_rank().over(Window.orderBy("id")), F.cume_dist().over(Window.orderBy("id"))))
case("window first last", lambda: people.select("id", F.first("name").over(w).alias("f"), F.last("name", True).over(w.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)).alias("l"), F.nth_value("id", 2).over(w).alias("n")))
case("window collect", lambda: people.select("id", F.collect_list("id").over(w).alias("c"), F.count("*").over(Window.partitionBy("team"))))
case("window expression", lambda: people.select("id", (F.sum("id").over(w) + F.row_number().over(w)).alias("x"), (F.col("id") / F.sum("id").over(Window.partitionBy())).alias("share")))
case("lateral alias", lambda: people.selectExpr("id + 1 as a", "a * 2 as b", "b - a as c"), True)
# SQL
people.createOrReplaceTempView("people")
teams.createOrReplaceTempView("teams")
sales.createOrReplaceTempView("sales")
nested.createOrReplaceTempView("nested")
queries = {
    "sql lateral alias": "select id + 1 as a, a * 2 as b from people order by id",
    "sql not in": "select id from people where team not in (select team from teams where team is not null) order by id",
    "sql nested with": "with a as (with b as (select 1 x) select x + 1 y from b) select * from a",
    "sql group by all": "select team, count(*) c from people group by all order by team",
    "sql cube expressions": "select year + 1 y, sum(amount) from sales group by cube(year + 1) order by y",
    "sql having without group": "select sum(id) s from people having sum(id) > 3",
    "sql qualified star": "select p.*, t.city from people p join teams t on p.team = t.team order by id",
    "sql three tables": "select p.id, t.city, s.amount from people p, teams t, sales s where p.team = t.team and s.amount = 10 order by id",
    "sql nested functions": "select concat_ws('-', upper(name), cast(id as string)) x, nvl(age, 0) a, if(age > 30, 1, 0) b, nullif(id, 1) c from people order by id",
    "sql decimals": "select 1.10 + 2.205 a, 10 / 4 b, 7 div 2 c, 7 % 3 d, -7 % 3 e, 2.5 * 2 f",
    "sql dates": "select date_add(date'2024-02-28', 2) a, datediff(date'2024-03-01', date'2024-02-01') b, year(date'2024-05-06') c, extract(month from date'2024-05-06') d, date_format(timestamp'2024-05-06 07:08:09', 'yyyy/MM/dd HH') e",
    "sql strings": "select substring('hello', 2, 3) a, trim('  x ') b, replace('aXa', 'a', 'b') c, split('a,b', ',') d, length('abc') e, 'it''s' f, trim(both 'x' from 'xax') g, position('l' in 'hello') h",
    "sql aggregate order": "select team, array_sort(collect_list(id)) ids, min(name) from people group by team order by count(*) desc, team",
    "sql subquery alias columns": "select * from (select 1, 'a') t(x, y)",
    "sql except minus": "select team from people except select team from teams order by team",
    "sql intersect": "select team from people intersect select team from teams order by team",
    "sql in struct": "select id from people where (id = 1 or id = 2) and not (name = 'Bob') order by id",
    "sql distinct on expressions": "select distinct age > 30 b from people order by b",
    "sql explode select": "select id, explode(xs) x from nested order by id, x",
    "sql posexplode": "select id, posexplode(xs) as (p, v) from nested order by id, p",
    "sql map access": "select m['k'] v, xs[0] f from nested where id = 1",
    "sql count star": "select count(*), count(age), count(distinct team, age) from people",
    "sql is distinct": "select id from people where team is not distinct from null",
    "sql boolean": "select id, age > 30 and team = 'dev' b, not (age > 30) c from people order by id",
    "sql limit all": "select id from people order by id limit 3",
    "sql hint": "select /*+ broadcast(t) */ p.id from people p join teams t on p.team = t.team order by id",
    "sql comments": "select id -- the key\n from people /* all of them */ order by id",
    "sql range": "select * from range(3) order by id",
    "sql window default": "select id, sum(age) over (partition by team order by id) s, avg(age) over () a from people order by id",
    "sql ilike": "select id from people where name ilike 'a%' order by id",
    "sql select": "select id, upper(name) u, age + 1 from people where age > 25 order by id",
    "sql group": "select team, count(*) n, sum(age) from people group by team having count(*) > 1 order by team",
    "sql group alias": "select age > 30 as old, count(*) from people group by old order by old",
    "sql group ordinal": "select team, max(id) from people group by 1 order by 2 desc",
    "sql order by aggregate": "select team from people group by team order by max(id) desc",
    "sql rollup": "select year, kind, sum(amount) s from sales group by rollup(year, kind) order by year, kind, s",
    "sql grouping sets": "select year, kind, sum(amount) s from sales group by grouping sets ((year), (kind)) order by year, kind",
    "sql join": "select p.id, t.city from people p left join teams t on p.team = t.team order by p.id",
    "sql join using": "select * from people join teams using (team) order by id",
    "sql subquery": "select x.team, x.n from (select team, count(*) n from people group by team) x where x.n > 1 order by 1",
    "sql with": "with a as (select id, age from people where age is not null), b as (select max(age) m from a) select a.id, b.m from a cross join b order by id",
    "sql union": "select id from people where id < 3 union all select id from people where id = 1 order by id",
    "sql union distinct": "select team from people union select team from teams order by team",
    "sql case": "select id, case when age > 30 then 'a' when age > 20 then 'b' else 'c' end c, case team when 'dev' then 1 else 0 end d from people order by id",
    "sql cast": "select cast('12' as int) a, cast(1.5 as string) b, try_cast('x' as int) c, '2024-01-02'::date d, date'2024-05-06' e, timestamp'2024-05-06 07:08:09' f",
    "sql literals": "select 1, 1L, 1.5, 1e3, 'a', true, null, x'4142', -3, 10000000000, 1.5D, 2S, 3Y, 1.5BD",
    "sql window": "select id, row_number() over (partition by team order by id desc) rn, sum(id) over (order by id rows between 1 preceding and current row) s from people order by id",
    "sql lateral view": "select id, x from nested lateral view explode(xs) t as x order by id, x",
    "sql lateral view outer": "select id, x from nested lateral view outer explode(xs) t as x order by id, x",
    "sql lambda": "select transform(xs, x -> x + 1) t, filter(xs, x -> x > 1) f from nested order by id",
    "sql values": "select * from values (1, 'a'), (2, 'b') as t(x, y) order by x",
    "sql limit offset": "select id from people order by id limit 2 offset 1",
    "sql in list": "select id from people where team in ('dev', 'hr') and id not in (1) order by id",
    "sql distinct": "select distinct team from people order by team",
    "sql count distinct": "select count(distinct team) c, count(1) d from people",
    "sql filter aggregate": "select sum(id) filter (where age > 30) s, count(*) filter (where team = 'dev') c from people",
    "sql semi": "select id from people p left semi join teams t on p.team = t.team order by id",
    "sql struct": "select named_struct('a', 1, 'b', 'x').a as q, struct(id, name).name as n from people order by id",
    "sql between": "select id from people where age between 22 and 31 and name is not null order by id",
    "sql like": "select id from people where name like 'A%' or name rlike '^[BC]' order by id",
    "sql interval": "select date'2024-01-31' + interval 1 month a, timestamp'2024-01-01 00:00:00' + interval 2 hours b",
    "sql null ordering": "select age from people order by age desc nulls first, id",
    "sql star except": "select * except (age, score) from people order by id",
    "sql concat operator": "select name || '-' || team c from people order by id",
    "sql pivot": "select * from sales pivot (sum(amount) for kind in ('A', 'B')) order by year",
    "sql exists": "select id from people p where exists (select 1 from teams t where t.team = p.team) order by id",
    "sql in subquery": "select id from people where team in (select team from teams) order by id",
    "sql scalar subquery": "select id, (select max(age) from people) m from people order by id",
}
for name, query in queries.items():
    cases.append((name, query, "order by" in query or "from" not in query))

errors = {
    "unresolved column": lambda: people.select("nam"),
    "unresolved far column": lambda: people.select("p.zzz"),
    "ambiguous": lambda: people.join(teams, people.team == teams.team).select("team"),
    "unresolved function": lambda: people.select(F.call_function("nope", "id")),
    "mismatch": lambda: people.select(F.col("name") + F.array(F.lit(1))),
    "filter not boolean": lambda: people.filter(F.col("id")),
    "missing aggregation": lambda: people.groupBy("team").agg(F.col("age")),
    "missing group by": lambda: people.select("id", F.sum("age")),
    "union columns": lambda: people.select("id").union(people.select("id", "name")),
    "union types": lambda: nested.select("xs").union(people.select("id")),
    "field not found": lambda: nested.select("s.zz"),
    "table not found": lambda: spark.table("nope"),
    "nested aggregate": lambda: people.agg(F.sum(F.max("age"))),
    "aggregate in where": lambda: people.where(F.sum("age") > 1),
    "alias count": lambda: nested.select(F.posexplode("xs").alias("a", "b", "c")),
    "grouping outside": lambda: people.groupBy("team").agg(F.grouping("team")),
    "aggregate in groupBy": lambda: people.groupBy(F.sum("id")).count(),
    "wrong argument count": lambda: people.select(F.expr("substring()")),
    "offset negative": lambda: people.limit(-1),
    "unionByName missing": lambda: people.select("id").unionByName(people.select("name")),
    "filter string type": lambda: people.where("name"),
    "struct compare": lambda: nested.where(F.col("s") == F.lit(1)),
    "nested generator": lambda: nested.select(F.explode("xs") + 1),
    "cast": lambda: people.select(F.col("id").cast("array<int>")),
    "extract": lambda: people.select(F.col("id").getField("x")),
    "toDF arity": lambda: people.toDF("a"),
    "using missing": lambda: people.join(teams, "city"),
    "illegal reference": lambda: people.select(teams["city"]),
    "self join ambiguous": lambda: people.join(people, people.id == people.id),
    "window without order": lambda: people.select(F.row_number().over(Window.partitionBy("team"))),
    "join condition": lambda: people.join(teams, people.id),
    "duplicate withColumns": lambda: people.withColumns({"a": F.lit(1), "A": F.lit(2)}),
    "sort map": lambda: nested.orderBy("m"),
}


def plan_of(frame):
    return base64.b64encode(frame._plan.to_proto(spark._client).SerializeToString()).decode()


shows = [
    ("cut", lambda: people, 2, 20, False),
    ("one row", lambda: people, 1, 20, False),
    ("left", lambda: people.select("name", F.lit("a long text that is longer than all")), 3, 0, False),
    ("cut short", lambda: people.select(F.lit("abcdefgh").alias("a long name")), 1, 3, False),
    ("vertical", lambda: people, 2, 20, True),
    ("vertical empty", lambda: people.limit(0), 2, 20, True),
    ("wide characters", lambda: people.select(F.lit("\u6771\u4eac").alias("c")).limit(1), 2, 20, False),
    ("control characters", lambda: people.select(F.lit("a\tb\nc").alias("c")).limit(1), 2, 20, False),
    ("none", lambda: people, 0, 20, False),
    ("html", lambda: people.select("id", F.lit("<&>").alias("x")), 2, 20, "html"),
]

recorded = []
for name, make, rows, truncate, vertical in shows:
    frame = make()
    entry = {"name": f"show {name}", "plan": plan_of(frame), "numRows": rows, "truncate": truncate, "vertical": vertical}
    if vertical == "html":
        from pyspark.sql.connect import plan as connect_plan

        html = connect_plan.HtmlString(child=frame._plan, num_rows=rows, truncate=truncate)
        entry["text"] = spark._client.to_table(html.to_proto(spark._client), {})[0][0][0].as_py()
    else:
        entry["text"] = frame._show_string(rows, truncate, vertical)
    recorded.append(entry)
for name, make, ordered in cases:
    entry = {"name": name}
    try:
        if isinstance(make, str):
            entry["sql"] = make
            frame = spark.sql(make)
        else:
            frame = make()
            entry["plan"] = plan_of(frame)
        if ordered:
            entry["ordered"] = True
        entry["tree"] = frame._tree_string() if hasattr(frame, "_tree_string") else None
        if entry["tree"] is None:
            entry["tree"] = spark._client._analyze(method="tree_string", plan=frame._plan.to_proto(spark._client)).tree_string
        entry["show"] = frame._show_string(100, False, False)
    except PySparkException as error:
        entry["error"] = {"condition": error.getCondition(), "sqlState": error.getSqlState(), "parameters": error.getMessageParameters()}
    recorded.append(entry)
for name, make in errors.items():
    entry = {"name": f"error {name}"}
    try:
        frame = make()
        entry["plan"] = plan_of(frame)
        frame.schema
        entry["show"] = frame._show_string(100, False, False)
    except PySparkException as error:
        entry["error"] = {"condition": error.getCondition(), "sqlState": error.getSqlState(), "parameters": error.getMessageParameters()}
    recorded.append(entry)

views = {name: plan_of(frame) for name, frame in {"people": people, "teams": teams, "sales": sales, "nested": nested}.items()}
pathlib.Path(__file__).with_name("relations.json").write_text(
    json.dumps({"timeZone": "Europe/Paris", "views": views, "cases": recorded}, indent=1) + "\n"
)
print(len(recorded), "cases,", sum("error" in entry for entry in recorded), "errors")
spark.stop()
