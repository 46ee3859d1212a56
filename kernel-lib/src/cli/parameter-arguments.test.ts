import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readParameterArguments } from "./parameter-arguments.ts";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "sluice-cli-"))));
afterAll(() => rm(folder, { recursive: true }));

async function file(text: string): Promise<string> {
  const path = join(folder, "parameters.json");
  await writeFile(path, text);
  return path;
}

test("everything after the first equals sign is the value", async () => {
  expect(await readParameterArguments(undefined, ["a=1", "sas=?sv=1&sig=x=", "empty="])).toEqual({
    a: "1",
    sas: "?sv=1&sig=x=",
    empty: "",
  });
});

test("the command line wins over the file", async () => {
  const path = await file('{"a": 1, "list": [1, 2], "none": null}');
  expect(await readParameterArguments(path, ["a=5"])).toEqual({ a: "5", list: [1, 2], none: null });
});

test("wrong arguments and files are told in one sentence", async () => {
  await expect(readParameterArguments(undefined, ["a"])).rejects.toThrow('-p takes NAME=VALUE, not "a".');
  await expect(readParameterArguments(undefined, ["=a"])).rejects.toThrow('-p takes NAME=VALUE, not "=a".');
  await expect(readParameterArguments(undefined, ["a=1", "a=2"])).rejects.toThrow('The parameter "a" is given twice.');
  await expect(readParameterArguments(await file("[1]"), [])).rejects.toThrow("does not hold one JSON object");
  await expect(readParameterArguments(await file("{"), [])).rejects.toThrow("cannot be read");
  await expect(readParameterArguments(join(folder, "none.json"), [])).rejects.toMatchObject({ code: "INPUT_INVALID" });
});
