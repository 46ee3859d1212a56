import { inspect } from "node:util";
import { expect, test } from "vitest";
import * as arrow from "apache-arrow";
import { create } from "@bufbuild/protobuf";
import { ExecutePlanResponseSchema } from "../generated/spark/connect/base_pb.ts";
import { recordingSession } from "./testkit.ts";
import { literalOf } from "./plan/literals.ts";
import { LocalDate, LocalDateTime, Timestamp } from "./values/calendar.ts";
import { Decimal } from "./values/decimal.ts";
import { DayTimeInterval, YearMonthInterval } from "./values/interval.ts";
import { simpleString } from "./types/text.ts";

const everything = {
  bool: true,
  tiny: -128,
  int: 7,
  long: 9007199254740993n,
  double: 0.1,
  price: Decimal.from("-12345678901234567890.10"),
  text: "it's ünïcode and longer than twenty-four characters",
  bytes: Uint8Array.of(0, 92, 255),
  day: LocalDate.parse("1969-12-31"),
  at: Timestamp.parse("2024-02-29T23:59:59.123456Z"),
  local: LocalDateTime.parse("0001-01-01T00:00:00.000001"),
  span: new DayTimeInterval(-90_061_500_000n),
  months: new YearMonthInterval(-14),
  tags: ["a", null, "c"],
  counts: new Map([["x", 1]]),
  nested: { a: 1, b: [{ c: "deep" }, null] },
};
const schema =
  "bool BOOLEAN, tiny TINYINT, int INT, long BIGINT, double DOUBLE, price DECIMAL(38,2), text STRING, bytes BINARY, day DATE, at TIMESTAMP, " +
  "local TIMESTAMP_NTZ, span INTERVAL DAY TO SECOND, months INTERVAL YEAR TO MONTH, tags ARRAY<STRING>, counts MAP<STRING, INT>, " +
  "nested STRUCT<a: INT, b: ARRAY<STRUCT<c: STRING>>>";

test("values of every type come back from Arrow as they went in, nulls too", async () => {
  const { session } = recordingSession();
  const nothing = Object.fromEntries(Object.keys(everything).map((key) => [key, null]));
  const [row, empty] = await session.createDataFrame([everything, nothing], schema).collect();
  expect(row?.asDict(true)).toEqual(everything);
  expect(empty?.asDict()).toEqual(nothing);
  expect(row?.long).toBe(9007199254740993n);
  expect(row?.[2]).toBe(7);
  expect(String(row?.nested)).toBe("Row(a=1, b=[Row(c='deep'), None])");
});

test("a row prints as PySpark prints it", async () => {
  const { session } = recordingSession();
  const rows = await session
    .createDataFrame(
      [
        [
          1,
          "x",
          1,
          Decimal.from("1.20"),
          LocalDate.parse("2024-01-31"),
          [1, null],
          new Map([["k", true]]),
          { a: 1e-7 },
          Uint8Array.of(1, 65),
        ],
        [null, "it's", 0.1, Decimal.from("0"), null, [], new Map(), { a: Number.NaN }, null],
      ],
      "a INT, b STRING, c DOUBLE, d DECIMAL(10,2), e DATE, f ARRAY<INT>, g MAP<STRING, BOOLEAN>, h STRUCT<a: DOUBLE>, i BINARY",
    )
    .collect();
  expect(String(rows[0])).toBe(
    "Row(a=1, b='x', c=1.0, d=Decimal('1.20'), e=datetime.date(2024, 1, 31), f=[1, None], g={'k': True}, h=Row(a=1e-07), i=bytearray(b'\\x01A'))",
  );
  expect(inspect(rows[1])).toBe(
    `Row(a=None, b="it's", c=0.1, d=Decimal('0.00'), e=None, f=[], g={}, h=Row(a=nan), i=None)`,
  );
  expect(() => rows[0]?.get("z")).toThrow("KEY_NOT_EXISTS");
  expect(JSON.stringify(rows[0]?.get("h"))).toBe('{"a":1e-7}');
});

test("types are inferred as PySpark does", async () => {
  const { session } = recordingSession();
  const frame = session.createDataFrame([
    { id: 1, ratio: 1, tags: [], at: new Date(0), price: Decimal.from("1"), inner: { a: true } },
    { id: 2, ratio: 0.5, tags: ["x"], at: null, price: null, inner: { b: 1n } },
  ]);
  expect(simpleString(await frame.schema())).toBe(
    "struct<id:bigint,ratio:double,tags:array<string>,at:timestamp,price:decimal(38,18),inner:struct<a:boolean,b:bigint>>",
  );
  const named = session.createDataFrame([[1, "a"]], ["id", "name"]);
  expect(await named.dtypes()).toEqual([
    ["id", "bigint"],
    ["name", "string"],
  ]);
  expect(await session.createDataFrame([1, 2], "int").toArray()).toEqual({ value: [1, 2] });
});

test.each([
  [[{ a: null }], undefined, "CANNOT_DETERMINE_TYPE"],
  [[], undefined, "CANNOT_INFER_EMPTY_SCHEMA"],
  [[{ a: 1 }, { a: "x" }], undefined, "CANNOT_MERGE_TYPE"],
  [[{ a: "1" }], "a INT", "FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME"],
  [[{ a: 300 }], "a TINYINT", "VALUE_OUT_OF_BOUNDS"],
  [[{ a: 2 ** 53 }], "a BIGINT", "VALUE_OUT_OF_BOUNDS"],
  [[{ a: Decimal.from("1.005") }], "a DECIMAL(5,2)", "VALUE_OUT_OF_BOUNDS"],
  [[{ a: null }], "a INT NOT NULL", "FIELD_NOT_NULLABLE_WITH_NAME"],
  [[{ a: new Date(1) }], "a DATE", "FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME"],
  [[[1, 2]], "a INT", "AXIS_LENGTH_MISMATCH"],
])("createDataFrame(%j, %j) is refused", (data, ddl, code) => {
  const { session } = recordingSession();
  expect(() => session.createDataFrame(data, ddl)).toThrow(code);
});

test("columns of one name keep their own values", async () => {
  const { session } = recordingSession();
  const [row] = await session.createDataFrame([[1, "x"]], "a INT, a STRING").collect();
  expect(row?.toArray()).toEqual([1, "x"]);
  expect(row?.get("a")).toBe(1);
  await expect(session.createDataFrame([[1, "x"]], "a INT, a STRING").toArrow()).rejects.toThrow(
    "two columns named `a`",
  );
});

test("an Arrow table becomes a frame: dictionaries are written plainly, units are Spark's", async () => {
  const { session } = recordingSession();
  const table = arrow.tableFromArrays({
    name: ["a", "b", "a"],
    n: Int32Array.of(1, 2, 3),
    at: [new Date(5), null, new Date(7)],
  });
  const frame = session.createDataFrame(table);
  expect((await frame.dtypes()).map(([, type]) => type)).toEqual(["string", "int", "timestamp_ntz"]);
  const rows = await frame.collect();
  expect(rows.map((row) => row.name as string)).toEqual(["a", "b", "a"]);
  expect(String(rows[2]?.at)).toBe("1970-01-01T00:00:00.007");
});

test("SQL parameters are bound, never pasted", async () => {
  const { engine, session } = recordingSession();
  engine.answer = () => [
    create(ExecutePlanResponseSchema, {
      responseType: {
        case: "sqlCommandResult",
        value: { relation: { relType: { case: "sql", value: { query: "x" } } } },
      },
    }),
  ];
  const evil = "'; DROP TABLE parties; --";
  await session.sql`SELECT * FROM parties WHERE name = ${evil} AND n = ${1}`;
  await session.sql("SELECT :name", { name: evil });
  const commands = engine.executed.map(({ plan }) =>
    plan?.opType.case === "command" ? plan.opType.value.commandType : undefined,
  );
  expect(commands[0]?.value).toMatchObject({
    sql: "SELECT * FROM parties WHERE name = ? AND n = ?",
    posArguments: [{ exprType: { value: literalOf(evil).literal } }, { exprType: { value: literalOf(1).literal } }],
  });
  expect(commands[1]?.value).toMatchObject({
    sql: "SELECT :name",
    namedArguments: { name: { exprType: { case: "literal" } } },
  });
});

test("the stop signal and an action's own signal both reach the engine", async () => {
  const { engine } = recordingSession();
  const stop = new AbortController();
  const { Session } = await import("./session.ts");
  const session = Session.lazy({ engine: async () => engine, interruptSignal: () => stop.signal });
  expect(session.isOpen).toBe(false);
  await session.createDataFrame([{ a: 1 }]).collect({ signal: new AbortController().signal });
  expect(engine.signal?.aborted).toBe(false);
  const second = recordingSession().engine;
  const other = await Session.builder.engine(() => Promise.resolve(second)).create();
  await other.createDataFrame([{ a: 1 }]).collect();
  expect(second.signal?.aborted).toBe(false);
  stop.abort();
  expect(engine.signal?.aborted).toBe(true);
  expect(second.signal?.aborted, "a second session of the notebook").toBe(true);
});

test("progress and the write report reach the caller", async () => {
  const { engine, session } = recordingSession();
  engine.answer = () => [
    create(ExecutePlanResponseSchema, {
      responseType: {
        case: "executionProgress",
        value: { stages: [{ numTasks: 4n, numCompletedTasks: 1n, inputBytesRead: 10n }] },
      },
    }),
    create(ExecutePlanResponseSchema, {
      observedMetrics: [
        {
          name: "sluice.write",
          keys: ["rows", "acknowledged"],
          values: [literalOf(5n).literal, literalOf(4n).literal],
        },
      ],
    }),
  ];
  const seen: unknown[] = [];
  const stopListening = session.onProgress((progress) => seen.push(progress));
  const report = await session
    .createDataFrame([{ a: 1 }])
    .write.mode("append")
    .save("out", { onProgress: (progress) => seen.push(progress) });
  stopListening();
  expect(report).toEqual({ rows: 5, details: { rows: 5n, acknowledged: 4n } });
  expect(seen).toEqual(Array(2).fill({ completedTasks: 1, totalTasks: 4, inputBytes: 10 }));
});

test("settings of the engine are taken until it runs", async () => {
  const { Session } = await import("./session.ts");
  const { engine } = recordingSession();
  const session = Session.lazy({ engine: async () => engine });
  await Session.builder.config("sluice.memoryLimit", "1GB").getOrCreate();
  expect(session.isOpen).toBe(false);
  expect(await Session.builder.config("spark.sql.ansi.enabled", false).getOrCreate()).toBe(session);
  expect(engine.configured.map(({ operation }) => operation?.opType.case)).toEqual(["set"]);
  await expect(Session.builder.config("sluice.memoryLimit", "2GB").getOrCreate()).rejects.toThrow("sluice.memoryLimit");
  await session.stop();
});

test("a stopped session says so, and a host that does not exist is named", async () => {
  const { engine, session } = recordingSession();
  const frame = session.createDataFrame([{ a: 1 }]);
  await session.open();
  await session.stop();
  expect(engine.closed).toBe(true);
  await expect(frame.collect()).rejects.toThrow("SESSION_CLOSED");
  const { Session } = await import("./session.ts");
  await expect(Session.builder.remote("sc://host.invalid:15002").getOrCreate()).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: "The server host.invalid:15002 is not a known host. Check the name.",
  });
});

test("a session of a stopped one loads no second engine", async () => {
  const { session } = recordingSession();
  await session.open();
  const other = session.newSession();
  await session.stop();
  await expect(other.range(1).collect()).rejects.toThrow("The session is stopped.");
});

test("a frame shows itself as an escaped table and tells its TypeScript type", async () => {
  const { session, engine } = recordingSession();
  const frame = session.createDataFrame([{ "<b>": "x" }]);
  const shown = session.createDataFrame([["<script>"], [null]], ["c0"]);
  engine.answer = (request) => {
    void request;
    engine.answer = undefined;
    const data =
      shown.plan.relType.case === "localRelation"
        ? (shown.plan.relType.value.data ?? new Uint8Array())
        : new Uint8Array();
    return [create(ExecutePlanResponseSchema, { responseType: { case: "arrowBatch", value: { data } } })];
  };
  const show = (frame as unknown as Record<symbol, () => Promise<Record<string, string>>>)[
    Symbol.for("Jupyter.display")
  ];
  const bundle = await show?.call(frame);
  expect(bundle?.["text/html"]).toContain("&lt;script&gt;");
  expect(bundle?.["text/html"]).not.toContain("<script>");
  expect(bundle?.["text/plain"]).toBe("+--------+\n|     <b>|\n+--------+\n|<script>|\n|    NULL|\n+--------+\n2 rows");
  const typeOf = (frame as unknown as Record<symbol, () => Promise<string>>)[Symbol.for("jupyter.typeOf")];
  expect(await typeOf?.call(frame)).toBe('import("sluice/sql").DataFrame<{ "<b>": string | null }>');
});
