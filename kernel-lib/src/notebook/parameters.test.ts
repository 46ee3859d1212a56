import { expect, test } from "vitest";
import { parseNotebook, tagsOf } from "./nbformat.ts";
import type { Notebook } from "./nbformat.ts";
import { injectParameters } from "./parameters.ts";

const declarations = `let accounts: number = 1000;
const loadDate: string = "2026-08-02", publish: boolean = true;
let input: string | undefined = undefined;
let profile: "LOCAL" | "QA" | "PROD" = "LOCAL";
let limit: number | null = null;
let big: bigint = 0n;
let topics: string[] = [];
let factor = 1.5;
let quiet = false;
function notAParameter() {}`;

function notebook(source = declarations): Notebook {
  const cell = (text: string, tags: string[]) => ({ cell_type: "code", source: text, metadata: { tags }, outputs: [] });
  return parseNotebook(
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: "sluice", language: "typescript" } },
      cells: [cell("import {}", []), cell(source, ["parameters"]), cell("accounts", [])],
    }),
    "daily.ipynb",
  );
}

function inject(values: Record<string, unknown>, target = notebook()): string[] {
  injectParameters(target, values, "daily.ipynb");
  return target.cells[2]?.source.split("\n").slice(1) ?? [];
}

test.each<[Record<string, unknown>, string]>([
  [{ accounts: "5000" }, "let accounts: number = 5000;"],
  [{ accounts: "-1.5e3" }, "let accounts: number = -1500;"],
  [{ accounts: 7 }, "let accounts: number = 7;"],
  [{ loadDate: 'a "quoted"\nday' }, 'const loadDate: string = "a \\"quoted\\"\\nday";'],
  [{ loadDate: "42" }, 'const loadDate: string = "42";'],
  [{ publish: "false" }, "const publish: boolean = false;"],
  [{ input: "undefined" }, "let input: string | undefined = undefined;"],
  [{ input: "az://landing/day" }, 'let input: string | undefined = "az://landing/day";'],
  [{ profile: "QA" }, 'let profile: "LOCAL" | "QA" | "PROD" = "QA";'],
  [{ limit: "null" }, "let limit: number | null = null;"],
  [{ limit: "12" }, "let limit: number | null = 12;"],
  [{ big: "9007199254740993" }, "let big: bigint = 9007199254740993n;"],
  [{ topics: '["a","b"]' }, 'let topics: string[] = ["a","b"];'],
  [{ topics: ["c"] }, 'let topics: string[] = ["c"];'],
  [{ factor: "2" }, "let factor = 2;"],
  [{ quiet: "true" }, "let quiet = true;"],
])("%j becomes %s", (values, line) => {
  expect(inject(values)).toEqual([line]);
});

test("the injected cell stands right after the parameters, tagged, and replaces an earlier one", () => {
  const target = notebook();
  inject({ accounts: "1" }, target);
  expect(inject({ accounts: "2", quiet: "true" }, target)).toEqual(["let accounts: number = 2;", "let quiet = true;"]);
  expect(target.cells.map(tagsOf)).toEqual([[], ["parameters"], ["injected-parameters"], []]);
  expect(target.cells).toHaveLength(4);
});

test("without values nothing is injected", () => {
  const target = notebook();
  injectParameters(target, {}, "daily.ipynb");
  expect(target).toEqual(notebook());
});

test.each<[Record<string, unknown>, string]>([
  [
    { acounts: "5" },
    'daily.ipynb has no parameter "acounts". Did you mean "accounts"? Its parameters are accounts, loadDate, publish',
  ],
  [{ somethingElse: "5" }, 'daily.ipynb has no parameter "somethingElse". Its parameters are accounts,'],
  [{ accounts: "many" }, 'The parameter "accounts" takes a value of the type number, not "many".'],
  [{ accounts: "" }, 'takes a value of the type number, not "".'],
  [{ accounts: "9007199254740993" }, "takes a value of the type number"],
  [{ accounts: true }, "takes a value of the type number, not true."],
  [{ publish: "yes" }, 'takes a value of the type boolean, not "yes".'],
  [{ profile: "DEV" }, 'takes one of "LOCAL", "QA", "PROD", not "DEV".'],
  [{ topics: "a,b" }, 'takes JSON of the type string[], not "a,b".'],
])("%j is refused", (values, sentence) => {
  expect(() => inject(values)).toThrow(sentence);
});

test("a notebook without a tagged cell takes no parameters", () => {
  const target = notebook();
  target.cells.splice(1, 1);
  expect(() => injectParameters(target, { a: "1" }, "daily.ipynb")).toThrow("takes no parameters");
});

test("a parameters cell that is not TypeScript is named", () => {
  expect(() => inject({ a: "1" }, notebook("let a: = 3"))).toThrow(
    'The cell tagged "parameters" is not valid TypeScript',
  );
});
