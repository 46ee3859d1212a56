"""Records real Spark's answers to functions-probes.txt.

Run it with a Python that has PySpark (and a Java it can use): python record-functions.py
With PySpark 4.0 it writes gold/functions.json, and asks only what that file does not have yet; with --all everything.
With PySpark 3.5 it asks everything and writes only the answers that differ, into gold/functions-3.5.5.json.
"""

import json
import pathlib
import sys

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

here = pathlib.Path(__file__).parent
spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.driver.host", "127.0.0.1")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")


def condition(error):
    if isinstance(error, PySparkException):
        return (error.getCondition() if hasattr(error, "getCondition") else error.getErrorClass()) or "?"
    text = str(error)
    return text[text.find("[") + 1 : text.find("]")] if "[" in text else "?"


def ask(expression, source):
    """Like ask_once; a connection to Spark that fails is tried again."""
    for _ in range(3):
        answer = ask_once(expression, source)
        if answer.get("error") != "CANNOT_OPEN_SOCKET":
            return answer
    raise RuntimeError(f"no connection for {expression}")


def ask_once(expression, source):
    """Type of each column and each value as text, or the error's condition."""
    try:
        frame = spark.sql(f"SELECT {expression} {source}")
        columns = frame.columns
        kinds = [field.dataType.simpleString() for field in frame.schema.fields]
        named = frame.toDF(*[f"c{i}" for i in range(len(columns))])
        texts = named.selectExpr(
            *[f"hex(c{i})" if kind == "binary" else f"CAST(c{i} AS STRING)" for i, kind in enumerate(kinds)]
        )
        return {"types": kinds, "names": columns, "rows": [list(row) for row in texts.collect()]}
    except Exception as error:
        return {"error": condition(error)}


def key_of(probe):
    return (probe["sql"], probe.get("from", ""), probe.get("zone", "UTC"))


file = here / "gold" / "functions.json"
newest = spark.version.startswith("4.")
known = {}
if newest and file.exists() and "--all" not in sys.argv:
    known = {key_of(probe): probe for probe in json.loads(file.read_text())["probes"]}
gold = {"spark": spark.version, "probes": []}
zones = ["UTC"]
for line in (here / "functions-probes.txt").read_text().splitlines():
    if line == "@zones":
        zones = ["UTC", "America/New_York"]
    if not line or line.startswith(("#", "@")):
        continue
    expression, _, source = (part.strip() for part in line.partition("|||"))
    for zone in zones:
        if (expression, source, zone) in known:
            gold["probes"].append(known[(expression, source, zone)])
            continue
        spark.conf.set("spark.sql.session.timeZone", zone)
        answers = {}
        for mode in ("ansi", "legacy"):
            spark.conf.set("spark.sql.ansi.enabled", str(mode == "ansi").lower())
            answers[mode] = ask(expression, source)
        if answers["ansi"] == answers["legacy"]:
            answers = {"both": answers["ansi"]}
        probe = {"sql": expression, **({"from": source} if source else {}), **({"zone": zone} if zone != "UTC" else {})}
        gold["probes"].append({**probe, **answers})

if not newest:
    base = {key_of(probe): probe for probe in json.loads(file.read_text())["probes"]}
    gold["probes"] = [probe for probe in gold["probes"] if probe != base.get(key_of(probe))]
    file = here / "gold" / f"functions-{spark.version}.json"
lines = ",\n".join(json.dumps(probe, ensure_ascii=False) for probe in gold["probes"])
file.write_text(f'{{"spark": {json.dumps(gold["spark"])}, "probes": [\n{lines}\n]}}\n')
spark.stop()
