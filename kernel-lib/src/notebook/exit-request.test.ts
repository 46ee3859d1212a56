import { expect, test } from "vitest";
import { exitMimeType, requestedExitCode } from "./exit-request.ts";

test.each([
  [{ code: 10 }, 10],
  [{ code: 0 }, 0],
  [7, 7],
  [{ code: 300 }, 1],
  [{ code: "10" }, 1],
  [null, 1],
])("%j asks for %i", (value, code) => {
  expect(requestedExitCode({ "text/plain": "x", [exitMimeType]: value })).toBe(code);
});

test("other displays ask for nothing", () => {
  expect(requestedExitCode({ "text/plain": "{ code: 3 }" })).toBeUndefined();
});
