import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkApart } from "./places-apart.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "apart-"));
  mkdirSync(join(folder, "in"));
  symlinkSync(join(folder, "in"), join(folder, "link"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const below = (...parts: string[]): string => join(folder, ...parts);

test.each<[string, () => string, () => string]>([
  ["is", () => below("in"), () => `${below("in")}/`],
  ["is", () => below("in"), () => below("link")],
  ["is", () => pathToFileURL(below("in")).href, () => below("in")],
  ["lies in", () => below("in"), () => below("in", "accounts")],
  ["lies in", () => below("in"), () => below("link", "new", "out")],
  ["holds", () => below("in"), () => folder],
  ["is", () => "az://landing/bank", () => "az://landing/bank/"],
  ["lies in", () => "az://landing", () => "az://landing/out"],
  ["holds", () => "az://landing/bank/day", () => "abfss://landing@account.dfs.core.windows.net/bank"],
  ["lies in", () => "hdfs://host:8020/tables", () => "hdfs://host:8020/tables/out"],
])("an output that %s the input is refused", async (how, input, output) => {
  await expect(checkApart(input(), output())).rejects.toMatchObject({
    code: "USAGE",
    message: `The output ${output()} ${how} the input ${input()}. Name a place apart from it with --output.`,
  });
});

test.each<[() => string, () => string]>([
  [() => below("in"), () => below("input")],
  [() => below("in"), () => below("out")],
  [() => "az://landing/in", () => "az://landing/input"],
  [() => "az://landing/in", () => "az://processed/in"],
  [() => below("in"), () => "az://processed/in"],
  [() => "wasbs://landing@one.blob.core.windows.net/in", () => "abfss://landing@two.dfs.core.windows.net/in"],
  [() => "table:bank", () => below("in")],
  [() => "", () => folder],
])("an output beside the input is taken", async (input, output) => {
  await checkApart(input(), output());
});
