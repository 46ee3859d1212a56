import { expect, test } from "vitest";
import type { RunStatus } from "../../notebook/run-types.ts";
import { exitCodeOf } from "./run.ts";

test.each<[RunStatus, number | undefined, NodeJS.Signals | undefined, number]>([
  ["passed", undefined, undefined, 0],
  ["passed", 10, undefined, 10],
  ["failed", undefined, undefined, 1],
  ["failed", 10, undefined, 10],
  ["failed", 0, undefined, 1],
  ["died", 10, undefined, 4],
  ["timed-out", undefined, undefined, 5],
  ["interrupted", undefined, "SIGINT", 130],
  ["interrupted", 0, "SIGTERM", 143],
])("a run that %s, asked for code %s and got signal %s, ends with %i", (status, asked, signal, code) => {
  expect(exitCodeOf(asked === undefined ? { status } : { status, exitCode: asked }, signal)).toBe(code);
});
