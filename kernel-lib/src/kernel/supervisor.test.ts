import { expect, test } from "vitest";
import { reasonOf } from "./supervisor.ts";

test.each([
  [
    134,
    "SIGABRT",
    "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
    "ran out of memory",
  ],
  [null, "SIGKILL", "", "was killed"],
  [null, "SIGSEGV", "", "crashed (SIGSEGV)"],
  [7, null, "", "exit code 7"],
])("says why a process ended: %s %s", (code, signal, words, expected) => {
  const reason = reasonOf(code, signal, words);
  expect(reason).toContain(expected);
  expect(reason).toContain("all variables are lost");
});
