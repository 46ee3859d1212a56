import { expect, test } from "vitest";
import { completenessOf } from "./is-complete.ts";

test.each(["1", "const a: Map<string, number> = new Map()", "await x", "", "if (a) { b }", "import x from 'y'"])(
  "%j is complete",
  (code) => expect(completenessOf(code)).toEqual({ status: "complete" }),
);

test.each([
  ["if (a) {", "  "],
  ["f(", "  "],
  ["  a +", "  "],
  ["`text", ""],
  ["/* text", ""],
  ["class A {\n  m() {", "    "],
])("%j needs more, indented by %j", (code, indent) =>
  expect(completenessOf(code)).toEqual({ status: "incomplete", indent }),
);

test.each(["}", "const 1a", "'text", "a b", "f(a b)"])("%j is invalid", (code) =>
  expect(completenessOf(code)).toEqual({ status: "invalid" }),
);
