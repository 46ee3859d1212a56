import { expect, test } from "vitest";
import { chainAt, chainBefore } from "./chain.ts";

test.each([
  ["", [], ""],
  ["acc", [], "acc"],
  ["a.b", ["a"], "b"],
  ["x = a . b?.c", ["a", "b"], "c"],
  ["f(a.b.", ["a", "b"], ""],
  ["[...re", [], "re"],
])("before the cursor of %j is the path %j and the prefix %j", (code, path, prefix) => {
  expect(chainBefore(code, code.length)).toMatchObject({ path, prefix, start: code.length - prefix.length });
});

test("what a call gives has no path", () => {
  expect(chainBefore("f().x", 5)).toBeUndefined();
  expect(chainBefore('"text".len', 10)).toBeUndefined();
});

test("the path under the cursor is whole", () => {
  expect(chainAt("account.nested.number", 10)).toEqual(["account", "nested"]);
  expect(chainAt("account.nested", 3)).toEqual(["account"]);
  expect(chainAt("  ", 1)).toBeUndefined();
});
