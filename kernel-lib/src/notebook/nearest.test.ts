import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test.each([
  ["acounts", "accounts"],
  ["ACCOUNTS", "accounts"],
  ["laodDate", "loadDate"],
  ["topik", "topic"],
])("%s means %s", (written, meant) => {
  expect(nearest(written, ["accounts", "loadDate", "topic"])).toBe(meant);
});

test("a name far from all is near none", () => {
  expect(nearest("publish", ["accounts", "loadDate"])).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});
