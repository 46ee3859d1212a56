import { expect, test } from "vitest";
import { readArguments } from "./arguments.ts";

test("reads the command line", () => {
  expect(readArguments(["--connection-file", "c.json", "--preload", "sluice/preload", "--supervised"])).toEqual({
    connectionFile: "c.json",
    preload: "sluice/preload",
    typecheck: "error",
    supervised: true,
  });
  expect(readArguments(["--connection-file", "c.json", "--typecheck", "off"])).toMatchObject({ typecheck: "off" });
  expect(() => readArguments(["--connection-file", "c.json", "--typecheck", "no"])).toThrow("no --typecheck no");
  expect(() => readArguments([])).toThrow("needs --connection-file");
});
