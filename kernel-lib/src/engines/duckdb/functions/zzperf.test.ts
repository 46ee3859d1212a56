import { test } from "vitest";
import { DuckDBInstance, DuckDBScalarFunction, VARCHAR } from "@duckdb/node-api";
import { call, semantics, toSql } from "./evaluate.test-kit.ts";
import { duckdbType } from "../types.ts";
import { STRING, INT, TIMESTAMP, DATE, arrayOf, structOf } from "./kinds.ts";
import type { Expression } from "../resolved/expression.ts";
const s = semantics(true, process.env.TZN ?? "UTC");
const attr = (id: string, dataType: any): Expression => ({
  kind: "attribute",
  attribute: { id, name: id, dataType, nullable: true, qualifier: [] },
  dataType,
  nullable: true,
});
const lit = (v: any, t: any): Expression => ({ kind: "literal", value: v, dataType: t, nullable: v === null });
const al = (c: Expression, n: string): Expression => ({
  kind: "alias",
  child: c,
  names: [n],
  dataType: c.dataType,
  nullable: c.nullable,
});
const st = (...f: Expression[]) => call("struct", f, s);
const leaf = (c: Expression) =>
  st(al(lit("INSERT", STRING), "operation"), al(c, "newValue"), al(lit(null, c.dataType), "oldValue"));
test("perf", async () => {
  const i = await DuckDBInstance.create(":memory:");
  const c = await i.connect();
  await c.run("SET TimeZone='" + s.timeZone + "'");
  for (const n of ["spark_far_date"])
    c.registerScalarFunction(
      DuckDBScalarFunction.create({
        name: n,
        parameterTypes: [VARCHAR],
        returnType: VARCHAR,
        mainFunction: () => {
          throw new Error("no");
        },
      }),
    );
  const party = structOf(
    ["partyIdentifier", structOf(["operation", STRING, false], ["newValue", STRING], ["oldValue", STRING])],
    ["partyRelationshipType", structOf(["operation", STRING, false], ["newValue", STRING], ["oldValue", STRING])],
    ["start", structOf(["operation", STRING, false], ["newValue", TIMESTAMP], ["oldValue", TIMESTAMP])],
    [
      "partyAddress",
      structOf(
        ["operation", STRING, false],
        [
          "newValue",
          structOf(
            ["addressLine1", STRING],
            ["addressLine2", STRING],
            ["city", STRING],
            ["zip", STRING],
            ["country", STRING],
            ["since", DATE],
          ),
        ],
        ["oldValue", STRING],
      ),
    ],
  );
  await c.run(
    `create table t as select lpad(i::varchar,10,'0') account_id, 'COR' src, make_timestamptz(1500000000000000+i*1000000) ts, 'John '||i title1, case when i%2=0 then 'Jane '||i end title2, 'EIN' tt, 'ABCD'||i tid, 'BRNCH'||(i%1000) branch, 'United States' country, CAST(case when i%5=0 then null else list_transform(range((i%3+1)::bigint), lambda j: {'f1':{'f1':'INSERT','f2':'P'||i,'f3':null},'f2':{'f1':'INSERT','f2':'F-N','f3':null},'f3':{'f1':'INSERT','f2':make_timestamptz(1500000000000000+i*1000000),'f3':null},'f4':{'f1':'INSERT','f2':{'f1':'1 Main St','f2':'Apt '||i,'f3':'Town','f4':'01234','f5':'Canada','f6':DATE '2020-01-01'},'f3':null}}) end AS ${duckdbType(arrayOf(party))}) rel from range(1000000) r(i)`,
  );
  const titles = call(
    "array",
    [
      st(al(lit("lgl_ttl_ln_1", STRING), "contractTitleLineType"), al(attr("title1", STRING), "contractTitleLine")),
      st(al(lit("lgl_ttl_ln_2", STRING), "contractTitleLineType"), al(attr("title2", STRING), "contractTitleLine")),
    ],
    s,
  );
  const event = st(
    al(
      st(
        al(attr("account_id", STRING), "eventIdentifier"),
        al(lit("SBDL-Contract", STRING), "eventType"),
        al(lit(1, INT), "major"),
        al(lit(0, INT), "minor"),
      ),
      "eventHeader",
    ),
    al(
      call(
        "array",
        [st(al(lit("contractIdentifier", STRING), "keyField"), al(attr("account_id", STRING), "keyValue"))],
        s,
      ),
      "keys",
    ),
    al(
      st(
        al(leaf(attr("account_id", STRING)), "contractIdentifier"),
        al(leaf(attr("src", STRING)), "sourceSystemIdentifier"),
        al(leaf(attr("ts", TIMESTAMP)), "contactStartDateTime"),
        al(leaf(titles), "contractTitle"),
        al(leaf(st(al(attr("tt", STRING), "taxIdType"), al(attr("tid", STRING), "taxId"))), "taxIdentifier"),
        al(leaf(attr("branch", STRING)), "branch"),
        al(leaf(attr("country", STRING)), "country"),
        al(attr("rel", arrayOf(party)), "partyRelations"),
      ),
      "payload",
    ),
  );
  const mine = toSql(call("to_json", [event], s), s).sql;
  const structSql = toSql(event, s).sql;
  console.log(mine.length);
  console.log(mine.slice(0, 1500));
  const time = async (label: string, q: string) => {
    const t = performance.now();
    const r = await c.runAndReadAll(q);
    console.log(label, Math.round(performance.now() - t), r.getRowsJson()[0]);
  };
  console.log((await c.runAndReadAll(`select ${mine} from t limit 1`)).getRowsJson()[0]);
  for (const [n, q] of Object.entries({
    plain: `'"' || title1 || '"'`,
    tojson: "to_json(title1)::varchar",
    contains: `CASE WHEN contains(title1, '"') OR contains(title1, '\\') THEN to_json(title1)::varchar ELSE '"' || title1 || '"' END`,
    replace: `'"' || replace(replace(title1, '\\', '\\\\'), '"', '\\"') || '"'`,
    strf: `strftime(CAST(ts AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ')`,
    castts: `CAST(CAST(ts AS TIMESTAMP) AS VARCHAR)`,
    msts: `replace(CAST(CAST(ts AS TIMESTAMP) AS VARCHAR), ' ', 'T')`,
    date: `CAST(CAST(ts AS DATE) AS VARCHAR)`,
  })) {
    await time(n, `select sum(strlen(${q})) from t`);
    await time(n, `select sum(strlen(${q})) from t`);
  }
  for (let k = 0; k < 3; k++) {
    await time("mine", `select sum(strlen(${mine})) from t`);
    await time("duck", `select sum(strlen(to_json(${structSql})::varchar)) from t`);
  }
}, 300000);
