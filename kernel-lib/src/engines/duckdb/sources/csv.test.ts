import { gzipSync } from "node:zlib";

import { afterAll, beforeAll, expect, test } from "vitest";

import { SourceFixture } from "./source-fixture.ts";

// The expected rows are those of Spark 4.0.1 for the same files and options.
let fixture: SourceFixture;
beforeAll(async () => {
  fixture = await SourceFixture.open();
});
afterAll(() => fixture.close());

const ABC = "a STRING, b STRING, c STRING, _corrupt_record STRING";
const RFC = { header: "true", multiLine: "true", escape: '"' };

async function read(text: string, options: Record<string, string>, ddl = ABC) {
  return fixture.read("csv", await fixture.file("one.csv", text), options, ddl);
}

const FILES = {
  rfc: 'a,b,c\n1,"x\ny",\n,"","q""q"\n sp , s ,\\n\n',
  short: "a,b,c\n1,2\n1,2,3,4\n\n   \n5,6,7\n1\n1,2,\n1,2,3,\n",
  crlf: 'a,b,c\r\n1,"x\r\ny",3\r\n4,5\r\n6,7,8,9\r\n',
  mixed: "a,b,c\r\n1,2,3\n4,5,6\r7,8,9\r\n",
  midquote: 'a,b,c\n1,x"y"z,3\n2,"abc"def,4\n3,"abc" ,4\n4,"a"b"c",5\n5,"open,6\n7,8,9\n',
  backslash: 'a,b,c\n1,"x\\"y",3\n2,x\\,y\n3,"x\\\\",4\n4,"a""b",5\n5,\\"q\\",6\n6,"end\\",7\n8,9,10\n',
  unterminated: 'a,b,c\n1,2,3\n4,"open,6\n7,8,9\n',
};

test("RFC 4180: doubled quotes, line breaks in quotes, plain backslashes, kept white space, empty is null", async () => {
  expect(await read(FILES.rfc, RFC)).toEqual([
    ["1", "x\ny", null, null],
    [null, null, 'q"q', null],
    [" sp ", " s ", "\\n", null],
  ]);
});

test("without multiLine each line is a record", async () => {
  expect(await read(FILES.rfc, { ...RFC, multiLine: "false" })).toEqual([
    ["1", "x", null, '1,"x'],
    ['y"', null, null, 'y",'],
    [null, null, 'q"q', null],
    [" sp ", " s ", "\\n", null],
  ]);
});

test("rows with too few or too many values go to the corrupt record, whole", async () => {
  const rest = [
    ["5", "6", "7", null],
    ["1", null, null, "1"],
    ["1", "2", null, null],
    ["1", "2", "3", "1,2,3,"],
  ];
  const first = [
    ["1", "2", null, "1,2"],
    ["1", "2", "3", "1,2,3,4"],
  ];
  expect(await read(FILES.short, RFC)).toEqual([...first, ["   ", null, null, "   "], ...rest]);
  expect(await read(FILES.short, { ...RFC, multiLine: "false" })).toEqual([...first, ...rest]);
});

test("line ends: \\r\\n inside quotes becomes \\n, the first line end decides with multiLine", async () => {
  const crlf = [
    ["1", "x\ny", "3", null],
    ["4", "5", null, "4,5"],
    ["6", "7", "8", "6,7,8,9"],
  ];
  expect(await read(FILES.crlf, RFC)).toEqual(crlf);
  expect(await read(FILES.mixed, RFC)).toEqual([["1", "2", "3\n4", "1,2,3\n4,5,6\r7,8,9"]]);
  expect(await read(FILES.mixed, { ...RFC, multiLine: "false" })).toEqual([
    ["1", "2", "3", null],
    ["4", "5", "6", null],
    ["7", "8", "9", null],
  ]);
});

test("quotes where they should not be", async () => {
  const first = [
    ["1", 'x"y"z', "3", null],
    ["2", '"abc"def', "4", null],
    ["3", "abc", "4", null],
    ["4", '"a"b"c"', "5", null],
  ];
  expect(await read(FILES.midquote, RFC)).toEqual([...first, ["5", "open,6\n7,8,9\n", null, '5,"open,6\n7,8,9']]);
  expect(await read(FILES.midquote, { header: "true" })).toEqual([
    ...first,
    ["5", "open,6", null, '5,"open,6'],
    ["7", "8", "9", null],
  ]);
  expect(await read(FILES.unterminated, RFC)).toEqual([
    ["1", "2", "3", null],
    ["4", "open,6\n7,8,9\n", null, '4,"open,6\n7,8,9'],
  ]);
});

test("a backslash escapes quotes by default, and nothing when the quote is the escape", async () => {
  expect(await read(FILES.backslash, { header: "true" })).toEqual([
    ["1", 'x"y', "3", null],
    ["2", "x\\", "y", null],
    ["3", "x\\", "4", null],
    ["4", '"a""b"', "5", null],
    ["5", '\\"q\\"', "6", null],
    ["6", 'end",7', null, '6,"end\\",7'],
    ["8", "9", "10", null],
  ]);
  expect(await read(FILES.backslash, RFC)).toEqual([
    ["1", '"x\\"y"', "3", null],
    ["2", "x\\", "y", null],
    ["3", "x\\\\", "4", null],
    ["4", 'a"b', "5", null],
    ["5", '\\"q\\"', "6", null],
    ["6", "end\\", "7", null],
    ["8", "9", "10", null],
  ]);
});

test("byte order mark, zero byte, blank lines before the header", async () => {
  expect(await read("\ufeffa,b,c\n1,2,3\n", RFC)).toEqual([["1", "2", "3", null]]);
  expect(await read("\ufeff1,2,3\n", { escape: '"' })).toEqual([["1", "2", "3", null]]);
  expect(await read("a,b,c\n1,\0,3\n", RFC)).toEqual([["1", "\0", "3", null]]);
  expect(await read("\n\na,b,c\n1,2,3\n", RFC)).toEqual([["1", "2", "3", null]]);
  expect(await read("", RFC)).toEqual([]);
  expect(await read("a,b,c", RFC)).toEqual([]);
});

test("modes without the corrupt column: pad, drop, fail", async () => {
  const abc = "a STRING, b STRING, c STRING";
  const padded = [
    ["1", "2", null],
    ["1", "2", "3"],
    ["5", "6", "7"],
    ["1", null, null],
    ["1", "2", null],
    ["1", "2", "3"],
  ];
  expect(await read(FILES.short, { header: "true" }, abc)).toEqual(padded);
  expect(await read(FILES.short, { header: "true", mode: "dropmalformed" }, abc)).toEqual([
    ["5", "6", "7"],
    ["1", "2", null],
  ]);
  await expect(read(FILES.short, { header: "true", mode: "FAILFAST" }, abc)).rejects.toMatchObject({
    code: "FAILED_READ_FILE.NO_HINT",
  });
});

test("white space is cut and other values mean null when asked", async () => {
  const trim = { header: "true", ignoreLeadingWhiteSpace: "true", ignoreTrailingWhiteSpace: "true" };
  expect((await read(FILES.rfc, trim))[3]).toEqual(["sp", "s", "\\n", null]);
  expect(await read('a,b,c\n1,"",\n5,"1",x\n', { header: "true", nullValue: "1", emptyValue: "EMPTY" })).toEqual([
    [null, "EMPTY", null, null],
    ["5", null, "x", null],
  ]);
});

test("types: what cannot be read is null and makes the row corrupt", async () => {
  const text =
    'i,d,ts,b,dec,dbl\n1,2020-01-02,2020-01-02T03:04:05.678+05:30,true,12.345,1.5\n 1,2020-1-2,2020-01-02,TRUE,12.3456,1e3\n1.0,20200102,x,1,abc,Inf\n99999999999,2020-01-02 10:00,2020-01-02 03:04,yes,999999999.1,NaN\n,,,,,\n"","","","","",""\n+5,2020-01-02x,2020-01-02 03:04:05,false,1e2,1.5f\n';
  const ddl = "i INT, d DATE, ts TIMESTAMP, b BOOLEAN, dec DECIMAL(7,2), dbl DOUBLE";
  const rows = [
    ["1", "2020-01-02", "2020-01-01 21:34:05.678+00", "true", "12.35", "1.5", null],
    [
      null,
      "2020-01-02",
      "2020-01-02 00:00:00+00",
      "true",
      "12.35",
      "1000.0",
      " 1,2020-1-2,2020-01-02,TRUE,12.3456,1e3",
    ],
    [null, null, null, null, null, "inf", "1.0,20200102,x,1,abc,Inf"],
    [
      null,
      "2020-01-02",
      "2020-01-02 03:04:00+00",
      null,
      null,
      "nan",
      "99999999999,2020-01-02 10:00,2020-01-02 03:04,yes,999999999.1,NaN",
    ],
    [null, null, null, null, null, null, null],
    [null, null, null, null, null, null, null],
    [
      "5",
      null,
      "2020-01-02 03:04:05+00",
      "false",
      "100.00",
      "1.5",
      "+5,2020-01-02x,2020-01-02 03:04:05,false,1e2,1.5f",
    ],
  ];
  expect(await read(text, { header: "true" }, `${ddl}, _corrupt_record STRING`)).toEqual(rows);
  expect(await read(text, { header: "true" }, ddl)).toEqual(rows.map((row) => row.slice(0, 6)));
  const dropped = await read(text, { header: "true", mode: "DROPMALFORMED" }, ddl);
  expect(dropped).toEqual([rows[0], rows[4], rows[5]].map((row) => row?.slice(0, 6)));
});

test("names: from the header, numbered where they repeat, or by position", async () => {
  const names = async (text: string, options: Record<string, string>) => {
    const source = await fixture.resolve("csv", await fixture.file("names.csv", text), options);
    return source.schema.fields.map((field) => field.name);
  };
  expect(await names("a,A,,b,a\n1,2,3,4,5\n", { header: "true" })).toEqual(["a0", "A1", "_c2", "b", "a4"]);
  expect(await names("1,2\n", {})).toEqual(["_c0", "_c1"]);
});

test("types are inferred from all values when asked", async () => {
  const text =
    "i,l,n,d,day,ts,b,s,none\n1,5,99999999999999999999,1,2020-01-02,2020-01-02 03:04:05,true,x,\n2,9999999999,1,1.5,,2020-01-02T03:04:05Z,FALSE,1,\n";
  const source = await fixture.resolve("csv", await fixture.file("types.csv", text), {
    header: "true",
    inferSchema: "true",
  });
  expect(source.schema.fields.map(({ dataType }) => dataType.kind)).toEqual([
    "integer",
    "long",
    "decimal",
    "double",
    "date",
    "timestamp",
    "boolean",
    "string",
    "string",
  ]);
  expect((await fixture.rows(source))[1]?.slice(0, 5)).toEqual(["2", "9999999999", "1", "1.5", null]);
});

test("a given schema goes by position; enforceSchema=false checks the header", async () => {
  const abc = "a STRING, b STRING, c STRING";
  expect(await read("b,a,c\n1,2,3\n", { header: "true" }, abc)).toEqual([["1", "2", "3"]]);
  await expect(read("b,a,c\n1,2,3\n", { header: "true", enforceSchema: "false" }, abc)).rejects.toMatchObject({
    message: expect.stringContaining("does not conform to the schema") as string,
  });
});

test("one column: blank lines are left out, white space only with multiLine kept", async () => {
  const text = 'a\n1\n\n  \n""\n2,3\n';
  const ddl = "a STRING, _corrupt_record STRING";
  expect(await read(text, { header: "true" }, ddl)).toEqual([
    ["1", null],
    [null, null],
    ["2", "2,3"],
  ]);
  expect(await read(text, { header: "true", multiLine: "true" }, ddl)).toEqual([
    ["1", null],
    ["  ", null],
    [null, null],
    ["2", "2,3"],
  ]);
});

test("other separators, comments, packed files, other encodings", async () => {
  expect(await read("a|b|c\n1|2|3\n", { header: "true", sep: "|" })).toEqual([["1", "2", "3", null]]);
  expect(await read('a;b;c\n"1";2;3\n', { header: "true", sep: ";", escape: '"' })).toEqual([["1", "2", "3", null]]);
  expect(await read("a||b||c\n1||2||3\n", { header: "true", sep: "||" })).toEqual([["1", "2", "3", null]]);
  expect(await read("#no\n1,2,3\n", { comment: "#" })).toEqual([["1", "2", "3", null]]);
  const packed = await fixture.file("packed.csv.gz", gzipSync("a,b,c\n1,2,3\n"));
  expect(await fixture.read("csv", packed, RFC, ABC)).toEqual([["1", "2", "3", null]]);
  const latin = await fixture.file("latin.csv", Buffer.from("a,b,c\né,2,3\n", "latin1"));
  expect(await fixture.read("csv", latin, { ...RFC, encoding: "ISO-8859-1" }, ABC)).toEqual([["é", "2", "3", null]]);
});

test("folders, patterns, several paths, hidden files, partition folders", async () => {
  await fixture.file("p/load_date=2020-01-01/k=a%3Db/x.csv", "1,2\n");
  await fixture.file("p/load_date=2020-01-02/k=__HIVE_DEFAULT_PARTITION__/x.csv", "3,4\n");
  await fixture.file("p/_SUCCESS", "");
  await fixture.file("p/.hidden.csv", "9,9\n");
  const source = await fixture.resolve("csv", fixture.path("p"));
  expect(source.schema.fields.map(({ name, dataType }) => [name, dataType.kind])).toEqual([
    ["_c0", "string"],
    ["_c1", "string"],
    ["load_date", "date"],
    ["k", "string"],
  ]);
  const all = [
    ["1", "2", "2020-01-01", "a=b"],
    ["3", "4", "2020-01-02", null],
  ];
  // Files are read in parallel: their order is not kept.
  expect((await fixture.rows(source)).sort()).toEqual(all);
  expect((await fixture.rows(source, ["_c1", "k"])).sort()).toEqual(all.map((row) => [row[1], row[3]]));
  expect(await fixture.rows(source, [])).toHaveLength(2);
  const pattern = `file:${fixture.path("p")}/load_date=*-0[12]/{k=a*,none}`;
  expect(await fixture.read("csv", pattern)).toEqual([["1", "2"]]);
  const two = [fixture.path("p/load_date=2020-01-02"), fixture.path("p/load_date=2020-01-01/k=a%3Db/x.csv")];
  expect((await fixture.read("csv", two, { recursiveFileLookup: "true" })).sort()).toEqual([
    ["1", "2"],
    ["3", "4"],
  ]);
  expect(await fixture.read("csv", fixture.path("p"), { pathGlobFilter: "*.txt" }, "a STRING")).toEqual([]);
});

test("a large plain file: all rows, the quoted line breaks too", async () => {
  const rows = 200_000;
  let text = "id,name,note\n";
  for (let i = 0; i < rows; i++)
    text += i % 1000 === 0 ? `${i},"line\nbreak, ""q""",\\x\n` : `${i},name ${i},some note\n`;
  const source = await fixture.resolve(
    "csv",
    await fixture.file("large.csv", text),
    RFC,
    "id STRING, name STRING, note STRING, _corrupt_record STRING",
  );
  const counts = await fixture.inOperation(async (operation) => {
    const columns = source.schema.fields.map(({ dataType }, ordinal) => ({ ordinal, id: `x${ordinal}`, dataType }));
    const sql = await source.prepare(columns, operation);
    return operation.rows(
      `SELECT count(*), sum(x0::BIGINT), count(*) FILTER (x1 = 'line' || chr(10) || 'break, "q"' AND x2 = '\\x'), count(x3) FROM ${sql}`,
    );
  });
  expect(counts.map((row) => row.map(Number))).toEqual([[rows, (rows * (rows - 1)) / 2, rows / 1000, 0]]);
});

test("errors: no path, nothing to infer from, options that cannot be", async () => {
  await expect(fixture.read("csv", fixture.path("nope"))).rejects.toMatchObject({
    code: "PATH_NOT_FOUND",
    message: `[PATH_NOT_FOUND] Path does not exist: file:${fixture.path("nope")}. SQLSTATE: 42K03`,
  });
  await expect(fixture.read("csv", fixture.path("nope*.csv"))).rejects.toMatchObject({ code: "PATH_NOT_FOUND" });
  await fixture.file("empty/_SUCCESS", "");
  await expect(fixture.read("csv", fixture.path("empty"))).rejects.toMatchObject({
    message: "[UNABLE_TO_INFER_SCHEMA] Unable to infer schema for CSV. It must be specified manually. SQLSTATE: 42KD9",
  });
  expect(await fixture.read("csv", fixture.path("empty"), {}, "a INT")).toEqual([]);
  await expect(read("a\n", { mode: "OTHER" })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  await expect(read("a\n", { dateFormat: "dd.MM.yyyy" })).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
  await expect(fixture.read("hdfs", "hdfs://x/y")).rejects.toMatchObject({ code: "DATA_SOURCE_NOT_FOUND" });
});

test("text: a row a line, empty ones too, whatever ends them", async () => {
  const path = await fixture.file("t.txt", "one\n\ntwo\r\nthree\rfour\n\x01\"q\" 'x'");
  expect((await fixture.read("text", path)).flat()).toEqual(["one", "", "two", "three", "four", "\x01\"q\" 'x'"]);
  const plain = await fixture.file("plain.txt", '{"a":"x,\\"y"}\nNULL\n"q"\n é \n');
  expect((await fixture.read("text", plain)).flat()).toEqual(['{"a":"x,\\"y"}', "NULL", '"q"', " é "]);
  expect(await fixture.read("text", plain, { wholetext: "true" })).toEqual([['{"a":"x,\\"y"}\nNULL\n"q"\n é \n']]);
  const parts = await fixture.file("sep.txt", "a;b\n;c");
  expect((await fixture.read("text", parts, { lineSep: ";" })).flat()).toEqual(["a", "b\n", "c"]);
});
