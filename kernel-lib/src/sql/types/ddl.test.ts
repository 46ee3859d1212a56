import { expect, test } from "vitest";
import { SparkError } from "../errors.ts";
import { parseDataType, parseSchema } from "./ddl.ts";
import { simpleString, toDdl } from "./text.ts";

// The right-hand sides are what Spark 4.0.1 prints for the same text.
test.each([
  [
    "a INT, b ARRAY<STRUCT<x: STRING>> NOT NULL COMMENT 'why'",
    "a INT,b ARRAY<STRUCT<x: STRING>> NOT NULL COMMENT 'why'",
  ],
  ["d decimal, e dec(5), f numeric(7,2)", "d DECIMAL(10,0),e DECIMAL(5,0),f DECIMAL(7,2)"],
  [
    "i interval day to second, j interval month, k interval, l void, m timestamp_ntz, n real",
    "i INTERVAL DAY TO SECOND,j INTERVAL MONTH,k INTERVAL,l VOID,m TIMESTAMP_NTZ,n FLOAT",
  ],
  [
    "a struct<x int, `y z`: map<string,int> not null comment 'k\\'q'>",
    "a STRUCT<x: INT, `y z`: MAP<STRING, INT> NOT NULL COMMENT 'k\\'q'>",
  ],
  ['a string COMMENT "q"', "a STRING COMMENT 'q'"],
  ["select int, from string", "select INT,from STRING"],
  ["`a b` int, `c``d` tinyint", "`a b` INT,`c``d` TINYINT"],
])("reads %s", (text, ddl) => {
  expect(toDdl(parseSchema(text))).toBe(ddl);
  expect(toDdl(parseSchema(ddl))).toBe(ddl);
});

test("reads columns with colons, a struct, and a single type as the column value", () => {
  expect(toDdl(parseSchema("a: int, b: string"))).toBe("a INT,b STRING");
  expect(toDdl(parseSchema("struct<a: int, b string>"))).toBe("a INT,b STRING");
  expect(toDdl(parseSchema("array<int>"))).toBe("value ARRAY<INT>");
  expect(parseSchema("").fields).toEqual([]);
});

test("reads single types without regard to case", () => {
  expect(simpleString(parseDataType("Map<STRING, array<Decimal(12, 2)>>"))).toBe("map<string,array<decimal(12,2)>>");
  expect(parseDataType("varchar(10)")).toEqual({ kind: "string" });
  expect(parseDataType("struct<>")).toEqual({ kind: "struct", fields: [] });
});

function failure(text: string): SparkError {
  try {
    parseSchema(text);
  } catch (error) {
    if (error instanceof SparkError) return error;
  }
  throw new Error(`${text} was accepted`);
}

test.each([
  ["a INT NULL", "PARSE_SYNTAX_ERROR", "near 'NULL' (line 1, pos 6)"],
  ["a INT,,", "PARSE_SYNTAX_ERROR", "near ',' (line 1, pos 6)"],
  ["a INT,\nb map<int>", "PARSE_SYNTAX_ERROR", "near '>' (line 2, pos 9)"],
  ["a array<int", "PARSE_SYNTAX_ERROR", "near end of input (line 1, pos 11)"],
  ["a timestamp default 3", "PARSE_SYNTAX_ERROR", "near 'default' (line 1, pos 12)"],
  ["a FOO", "UNSUPPORTED_DATATYPE", '"FOO"'],
  ["a decimal(39,0)", "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", "39"],
  ["a decimal(3,5)", "INVALID_DECIMAL_SCALE", "5"],
  ["a char", "DATATYPE_MISSING_SIZE", "CHAR"],
  ["a string collate UTF8_LCASE", "UNSUPPORTED_FEATURE", "UTF8_LCASE"],
])("refuses %s", (text, code, words) => {
  const error = failure(text);
  expect(error.code).toBe(code);
  expect(error.message).toContain(words);
});
