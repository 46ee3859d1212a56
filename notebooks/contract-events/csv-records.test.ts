import { expect, test } from "vitest";
import { csvRecords } from "./csv-records.ts";
import type { CsvRecord } from "./csv-records.ts";

const TEXT = '\uFEFFid,name\r\n1,"a ""b"", c"\r\n2,"two\nlines"\n\n3,\n4,""\n5, spaces \\ \n6,last';

async function read(text: string, size: number): Promise<CsvRecord[]> {
  const chunks = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
  const records: CsvRecord[] = [];
  for await (const record of csvRecords(chunks)) records.push(record);
  return records;
}

test.each([1, 2, 3, 7, 1000])("records have their values and lines, in pieces of %i characters", async (size) => {
  expect(await read(TEXT, size)).toEqual([
    { line: 1, raw: "id,name", values: ["id", "name"] },
    { line: 2, raw: '1,"a ""b"", c"', values: ["1", 'a "b", c'] },
    { line: 3, raw: '2,"two\nlines"', values: ["2", "two\nlines"] },
    { line: 6, raw: "3,", values: ["3", null] },
    { line: 7, raw: '4,""', values: ["4", null] },
    { line: 8, raw: "5, spaces \\ ", values: ["5", " spaces \\ "] },
    { line: 9, raw: "6,last", values: ["6", "last"] },
  ]);
});

test("a quote that is never closed makes the rest of the file one record", async () => {
  expect(await read('id\n1,"a\n2,b\r\n', 3)).toEqual([
    { line: 1, raw: "id", values: ["id"] },
    { line: 2, raw: '1,"a\n2,b', values: ["1", "a\n2,b"] },
  ]);
});

test("an empty file has no records", async () => {
  expect(await read("", 10)).toEqual([]);
});
