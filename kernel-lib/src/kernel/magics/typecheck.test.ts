import { expect, test } from "vitest";
import { readMagics } from "./typecheck.ts";

test("magic lines at the top are blanked, so that offsets stay true", () => {
  const { code, typecheck, problem } = readMagics("\n%typecheck warn\nconst a = 1;");
  expect(code).toBe("\n               \nconst a = 1;");
  expect(typecheck).toBe("warn");
  expect(problem).toBeUndefined();
});

test("code without magics stays as it is, also with a percent sign later", () => {
  expect(readMagics("5\n% 2")).toEqual({ code: "5\n% 2" });
});

test("an unknown magic is a problem that names the known one", () => {
  expect(readMagics("%time x").problem).toEqual({
    message: "There is no magic %time x. Known: %typecheck error, warn or off.",
    start: 0,
    end: 7,
  });
  expect(readMagics("%typecheck maybe").problem?.message).toContain("%typecheck maybe");
});
