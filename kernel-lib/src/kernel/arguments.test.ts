import { expect, test } from "vitest";
import { readArguments } from "./arguments.ts";

test("reads the command line", () => {
  expect(readArguments(["--connection-file", "c.json", "--preload", "sluice/preload", "--supervised"])).toEqual({
    connectionFile: "c.json",
    preload: "sluice/preload",
    supervised: true,
  });
  expect(() => readArguments([])).toThrow("needs --connection-file");
});
