// The JavaScript parts of functions on their own: edges that are hard to reach through SQL.
import { expect, test } from "vitest";
import { canonicalTimestamp } from "../casts/timestamp-text.ts";
import { bigDecimal, javaNumber } from "../casts/java-number.ts";
import { dayTimeText, yearMonthText } from "../casts/interval.ts";
import { farDate } from "../casts/to-string.ts";
import { adjusted, exactResult, widerDecimal } from "./decimal-rules.ts";
import { decimalMath } from "./decimal-math.ts";
import { parsePattern } from "./date-pattern.ts";
import { formatNumber, formatString } from "./format.ts";
import { murmurOfBytes, xxOfBytes } from "./hash-natives.ts";
import { jsonAt, readJson, writeJson } from "./json-text.ts";
import { javaRegex, re2Pattern, regexReplace, regexSplit } from "./java-regex.ts";
import { decimal } from "./kinds.ts";
import { roundedText } from "./math-natives.ts";
import { lookup, names } from "./catalogue.ts";

test("decimal arithmetic is exact and rounds half up", () => {
  expect(decimalMath("1", "3", "/", 6)).toBe("0.333333");
  expect(decimalMath("-2.00", "3", "/", 2)).toBe("-0.67");
  expect(decimalMath("0.05", "0.1", "*", 2)).toBe("0.01");
  expect(decimalMath("-7.5", "2", "%", 1)).toBe("-1.5");
  expect(decimalMath("99999999999999999999999999999999999999", "1", "+", 0)).toBe(
    "100000000000000000000000000000000000000",
  );
});

test("decimal types keep integral digits when 38 are not enough", () => {
  expect(adjusted(...exactResult("*", decimal(38, 10), decimal(38, 10)))).toEqual(decimal(38, 6));
  expect(adjusted(...exactResult("/", decimal(38, 18), decimal(38, 18)))).toEqual(decimal(38, 6));
  expect(adjusted(...exactResult("/", decimal(10, 2), decimal(10, 2)))).toEqual(decimal(23, 13));
  expect(widerDecimal(decimal(38, 0), decimal(10, 5))).toEqual(decimal(38, 0));
});

test("numbers print as Java prints them", () => {
  expect(javaNumber("1e+20")).toBe("1.0E20");
  expect(javaNumber("1.5e-07")).toBe("1.5E-7");
  expect(javaNumber("10000000.0")).toBe("1.0E7");
  expect(javaNumber("-inf")).toBe("-Infinity");
  expect(bigDecimal("0.0000001")).toBe("1E-7");
  expect(bigDecimal("0.0000000000")).toBe("0E-10");
  expect(bigDecimal("0.000001")).toBe("0.000001");
  expect(roundedText("1.5e-7", 7, false)).toBe("0.0000002");
  expect(roundedText("2.5", 0, true)).toBe("2");
  expect(roundedText("12345", -2, false)).toBe("12300");
  expect(formatNumber("-1234.5", 0)).toBe("-1,234");
  expect(formatString("%08.3f|%+d|%-3s|%1$s", ["3.14159", "7", "a"], "nis")).toBe("0003.142|+7|a  |3.14159");
});

test("days and times outside of four-digit years have a sign", () => {
  expect(farDate("0045-03-15 (BC)")).toBe("-0044-03-15");
  expect(farDate("12024-01-05 00:00:00")).toBe("+12024-01-05 00:00:00");
  expect(dayTimeText(-90_061_500_000n, 0, 3)).toBe("INTERVAL '-1 01:01:01.5' DAY TO SECOND");
  expect(dayTimeText(5_400_000_000n, 2, 2)).toBe("INTERVAL '90' MINUTE");
  expect(yearMonthText(-14, 0, 1)).toBe("INTERVAL '-1-2' YEAR TO MONTH");
});

test("timestamp texts become one form, or nothing", () => {
  expect(canonicalTimestamp("2024-1-5", "UTC")).toBe("2024-01-05 00:00:00.000000");
  expect(canonicalTimestamp(" 2024-01-05T1:2:3.5Z ", "UTC")).toBe("2024-01-05 01:02:03.500000+00:00");
  expect(canonicalTimestamp("2024-01-05 10:20 UTC+3", "UTC")).toBe("2024-01-05 10:20:00.000000+03:00");
  expect(canonicalTimestamp("2024-01-05 10:20 PST", "UTC")).toBeNull();
  expect(canonicalTimestamp("2024-01-05 24:00", "UTC")).toBeNull();
  expect(canonicalTimestamp("5 January", "UTC")).toBeNull();
});

test("Java's regular expressions mean in JavaScript what they mean in Java", () => {
  expect(javaRegex("\\p{Alpha}+\\Q.x\\E", "t").test("ab.x")).toBe(true);
  expect(javaRegex("a.b", "t").test("a\rb")).toBe(false);
  expect(javaRegex("end$", "t").test("end\n")).toBe(true);
  expect(javaRegex("[\\w&&[^a]]", "t").test("a")).toBe(false);
  expect(javaRegex("[\\w.-]+@[a-z-]+", "t").test("a-b@c-d")).toBe(true);
  expect(javaRegex("^[-+]?[0-9a-f&&[^5]]{2,}$", "t").test("-55")).toBe(false);
  expect(javaRegex("[\\]\\-x]", "t").test("-")).toBe(true);
  expect(() => javaRegex("a++", "t")).toThrow("possessive");
  expect(() => javaRegex("(", "t")).toThrow("INVALID_PARAMETER_VALUE.PATTERN");
  expect(regexReplace("a1b22", "(\\d)(\\d)?", "<$1>", 1)).toBe("a<1>b<2>");
  expect(regexReplace("ab", "", "-", 1)).toBe("-a-b-");
  expect(() => regexReplace("a", "a", "$3", 1)).toThrow("INVALID_PARAMETER_VALUE");
  expect(regexSplit("a1b2c", "\\d", 2)).toEqual(["a", "b2c"]);
  expect(re2Pattern("^\\d{4}-\\d\\d$")).toContain("\\r\\n");
  expect(re2Pattern("(?=a)")).toBeUndefined();
});

test("JSON keeps the text of its numbers", () => {
  expect(jsonAt('{"a":{"b":1.0}}', "$.a")).toBe('{"b":1.0}');
  expect(jsonAt('{"a":[{"b":"x"},{"b":"y"}]}', "$.a[*].b")).toBe('["x","y"]');
  expect(jsonAt("{'a':'it\\'s'}", "$.a")).toBe("it's");
  expect(readJson('{"a":}')).toBeUndefined();
  expect(writeJson(readJson('{"k": [1e2, null, "\\u00e9"]}') ?? null)).toBe('{"k":[1e2,null,"é"]}');
});

test("hashes are those of Spark for every length of text", () => {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));
  expect(murmurOfBytes(bytes("abc"), 42)).toBe(1322437556);
  expect(xxOfBytes(bytes(""), 42n)).toBe(-7444071767201028348n);
});

test("date patterns are read as Java reads them", () => {
  expect(parsePattern("yyyy-MM-dd'T'HH''")).toHaveLength(8);
  expect(() => parsePattern("bb")).toThrow("INVALID_DATETIME_PATTERN");
  expect(() => parsePattern("YYYY")).toThrow("INCONSISTENT_BEHAVIOR");
});

test("the catalogue finds names in any case, and has no name twice", () => {
  expect(lookup("COALESCE")?.name).toBe("coalesce");
  expect(lookup("no_such")).toBeUndefined();
  expect(new Set(names()).size).toBe(names().length);
});
