"""PySpark's own client, asked by spark-connect.mjs: one command a line on standard input, one JSON answer a line."""

import json
import sys
import time

from pyspark.sql.connect.session import SparkSession

spark = SparkSession.builder.remote(sys.argv[1]).getOrCreate()
rows = None


def fetch(query):
    started = time.perf_counter()
    table = spark.sql(query).toArrow()
    return {"seconds": time.perf_counter() - started, "rows": table.num_rows}


def trivial(times):
    frame = spark.range(1)
    answers = []
    for _ in range(int(times)):
        started = time.perf_counter()
        frame.toArrow()
        answers.append(time.perf_counter() - started)
    return {"seconds": answers}


def upload(count):
    global rows
    rows = rows or [(i, i % 1000, i * 1.5, f"name_{i % 1000}", i % 2 == 0) for i in range(int(count))]
    started = time.perf_counter()
    frame = spark.createDataFrame(rows, "id BIGINT, k INT, v DOUBLE, s STRING, b BOOLEAN")
    answer = frame.selectExpr("sum(id)").collect()[0][0]
    return {"seconds": time.perf_counter() - started, "sum": str(answer)}


commands = {"fetch": fetch, "trivial": trivial, "upload": upload}
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    name, _, argument = line.strip().partition(" ")
    print(json.dumps(commands[name](argument)), flush=True)
