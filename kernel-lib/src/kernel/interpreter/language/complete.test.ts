import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CellFiles } from "./cell-files.ts";
import { completeAt } from "./complete.ts";
import { inspectAt } from "./inspect.ts";
import { NotebookProject } from "./project.ts";

let cwd: string;
let project: NotebookProject;
let cells: CellFiles;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "sluice-complete-"));
  writeFileSync(join(cwd, "rates.ts"), "export const monthly = 1;\nexport const yearly = 12;\n");
  project = new NotebookProject({ cwd, roots: () => cells.roots });
  cells = new CellFiles(cwd, (file, text) => project.write(file, text));
  const code = `
interface Frame {
  /** Keeps some columns. */
  select(column: "account_id" | "opened on"): Frame; readonly rows: number }
/** The accounts. */
declare const accounts: Frame;
/**
 * Adds two.
 *
 * @param a the first
 */
function add(a: number, b = 1) { return a + b; }
const untyped: any = {};`;
  const names = { accounts: "variable", add: "declaration", untyped: "variable", Frame: "declaration" } as const;
  const bindings = Object.entries(names).map(([name, kind]) => ({ name, kind }));
  cells.accept({ number: 1, code, bindings }, {}, false);
});
afterAll(() => {
  project.close();
  rmSync(cwd, { recursive: true, force: true });
});

/** Completes at the mark `|`: the text before the range, the matches. */
function complete(marked: string): [before: string, matches: string[]] | undefined {
  const cursor = marked.indexOf("|");
  const found = completeAt(project, cells, marked.replace("|", ""), cursor);
  return found && [marked.slice(0, found.start), found.matches.map(({ text }) => text)];
}

function inspect(marked: string, detail = 0): string | undefined {
  return inspectAt(project, cells, marked.replace("|", ""), marked.indexOf("|"), detail)?.text;
}

test("members are completed, also in code that is not finished", () => {
  expect(complete("accounts.|")).toEqual(["accounts.", ["select", "rows"]]);
  expect(complete("add(accounts.ro|")).toEqual(["add(accounts.", ["rows"]]);
  expect(complete("accounts.select('account_id').SEL|\nconst x = 1;")?.[1]).toEqual(["select"]);
  expect(complete("function f(n: number) { n.toF| }")?.[1]).toEqual(["toFixed"]);
});

test("texts are completed where only some fit", () => {
  expect(complete('accounts.select("|')).toEqual(['accounts.select("', ["account_id", "opened on"]]);
  expect(complete('accounts.select("opened o|")')).toEqual(['accounts.select("', ["opened on"]]);
});

test("modules and what they export are completed", () => {
  expect(complete('import { monthly } from "./ra|')).toEqual(['import { monthly } from "./', ["rates.ts"]]);
  expect(complete('import { mon| } from "./rates.ts"')?.[1]).toEqual(["monthly"]);
});

test("names in scope are completed: of cells, of this cell, of Node, of the language", () => {
  expect(complete("acc|")?.[1]).toEqual(["accounts"]);
  expect(complete("const another = 1;\nanot|")?.[1]).toEqual(["another"]);
  expect(complete("con|")?.[1]).toEqual(expect.arrayContaining(["console", "const", "continue"]));
});

test("what has no type is left to the values", () => {
  expect(complete("untyped.|")).toBeUndefined();
  expect(complete("nowhere.|")).toBeUndefined();
  expect(inspect("unty|ped")).toBeUndefined();
  expect(inspect("nowhere|")).toBeUndefined();
  expect(inspect("|")).toBeUndefined();
});

test("an inspection gives the type and the documentation", () => {
  expect(inspect("accou|nts")).toBe("(variable) accounts: Frame\n\nThe accounts.");
  expect(inspect("accounts.select|")).toMatch(
    /^\(method\) Frame\.select: \(column: .*=> Frame\n\nKeeps some columns\.$/,
  );
  expect(inspect("add(|")).toBe("(function) add: (a: number, b?: number) => number\n\nAdds two.\n\n@param a the first");
  expect(inspect("accounts|", 1)).toContain("Members:\n  select: ");
  expect(inspect("const local = 5;\nlocal|")).toMatch(/local: (number|5)$/);
});
