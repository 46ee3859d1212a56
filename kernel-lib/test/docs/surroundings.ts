// What the examples of the doc comments take for granted: a notebook's globals, and the data of the workload in small.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as azure from "../../src/azure/index.ts";
import * as dummyData from "../../src/dummy-data/index.ts";
import * as kafka from "../../src/kafka/index.ts";
import { col, expr, functions as F, lit, Session, Window } from "../../src/sql/index.ts";

export { azure, col, dummyData, expr, F, join, kafka, lit, readFile, Session, Window, writeFile };

// A session of their own: an example that stops the one it gets leaves it alone.
export const spark = new Session({ config: { "spark.sql.session.timeZone": "UTC" } });

export const accounts = spark.createDataFrame(
  [
    ["6982391060", 1, "Canada", "ABCD12345678901234", 19.9, [1, 2], "2026-08-01"],
    ["6982391061", 1, "Mexico", "EFGH12345678901234", 5, [3], "2026-08-01"],
    ["6982391062", 0, "Canada", "IJKL12345678901234", null, null, "2026-08-02"],
  ],
  `account_id STRING, active_ind INT, country STRING, tax_id STRING, balance DOUBLE, prices ARRAY<DOUBLE>, load_date STRING`,
);

export const parties = spark.createDataFrame(
  [
    ["6982391060", "P1", "owner", "2026-08-01"],
    ["6982391060", "P2", "user", "2026-08-01"],
    ["6982391061", "P3", "owner", "2026-08-02"],
  ],
  "account_id STRING, party_id STRING, relation_type STRING, load_date STRING",
);
await accounts.createOrReplaceTempView("accounts");
await parties.createOrReplaceTempView("parties");

export const events = accounts.select(
  col("account_id").alias("key"),
  F.to_json(F.struct("account_id", "country")).alias("value"),
  "load_date",
);

export const day = "2026-08-01";
export const seed = 42;
