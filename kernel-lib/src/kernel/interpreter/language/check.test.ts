import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { scanCell } from "../typescript/scan.ts";
import { CellFiles } from "./cell-files.ts";
import { checkCell } from "./check.ts";
import type { Diagnostic } from "./language.ts";
import { NotebookProject } from "./project.ts";

// The real TypeScript over a real folder; one process serves all tests.

let cwd: string;
let project: NotebookProject;
let cells: CellFiles;
let number = 0;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "sluice-check-"));
  project = new NotebookProject({ cwd, roots: () => cells.roots });
});
beforeEach(() => {
  cells = new CellFiles(cwd, (file, text) => project.write(file, text));
});
afterEach(() => {
  number = 0;
});
afterAll(() => {
  project.close();
  rmSync(cwd, { recursive: true, force: true });
});

function file(name: string, text: string): void {
  mkdirSync(dirname(join(cwd, name)), { recursive: true });
  writeFileSync(join(cwd, name), text);
}

function check(code: string): Diagnostic[] {
  return checkCell(project, cells, { number: ++number, code, bindings: scanCell(code).bindings });
}

/** Checks a cell that must be right, and keeps it. */
function pass(code: string, types: Record<string, string> = {}, failed = false): void {
  expect(check(code)).toEqual([]);
  cells.accept({ number, code, bindings: scanCell(code).bindings }, types, failed);
}

function errorsOf(code: string): string[] {
  return check(code).map(({ severity, code: id, start, end }) => `${severity} ${id} at ${code.slice(start, end)}`);
}

test("an error is at its place in the cell", () => {
  const code = "const a = 1;\nconst price: number = `dear`;";
  expect(check(code)).toEqual([
    {
      severity: "error",
      code: 2322,
      message: "Type 'string' is not assignable to type 'number'.",
      start: code.indexOf("price"),
      end: code.indexOf("price") + 5,
    },
  ]);
});

test("await, Node's types and modules are there", () => {
  pass(`import { readFileSync } from "node:fs"; await Promise.resolve(1); for await (const x of [1]) x.toFixed();`);
  pass(`const text: Buffer = readFileSync(process.argv[0] ?? ""); setTimeout(() => text, 1); await fetch("x");`);
});

test("later cells know the types of all earlier ones, however many", () => {
  pass(
    "let total = 0; interface Row { n: number } class Sum<T> { of!: T } enum Kind { a } function twice(n: number) { return n * 2; }",
  );
  for (let i = 0; i < 30; i++) pass(`const value${i} = twice(${i === 0 ? "total" : `value${i - 1}`});`);
  expect(errorsOf("value29.trim()")).toEqual(["error 2339 at trim"]);
  pass("const row: Row = { n: Kind.a }; new Sum<Row>().of = row; total = row.n;");
  expect(errorsOf('total = "x"')).toEqual(["error 2322 at total"]);
});

test("a name can be declared again as anything, and closures keep the first type", () => {
  pass("let x = 1; const read = () => x;");
  pass('const x = "text";');
  pass("x.trim(); read().toFixed();");
  pass("class x { size = 1 }");
  pass("new x().size.toFixed();");
  pass("function x() { return true; }");
  expect(errorsOf("x().trim()")).toEqual(["error 2339 at trim"]);
  pass('export const x = [1]; export function y() {} export default "y";');
  pass("x.push(2);");
});

test("what starts without a type takes any value", () => {
  pass("let result = null; let list = []; let later;");
  pass("result = 5; list.push('a'); later = [];");
  pass("const f = (a, b) => a + b; const o = {}; o['k'];");
});

test("what may be null or undefined is a warning", () => {
  pass("const found = [1, 2].find((n) => n > 1);");
  expect(errorsOf("found.toFixed()")).toEqual(["warning 18048 at found"]);
  expect(errorsOf("Math.abs(found)")).toEqual(["warning 2345 at found"]);
  expect(errorsOf("if (1 === 2) {}")).toEqual(["warning 2367 at 1 === 2"]);
  expect(errorsOf("const n: number = null")).toEqual(["error 2322 at n"]);
});

test("the cells of a name that failed take any value", () => {
  pass("let x = 1;");
  pass("let x = JSON.parse('['); function sure() { return 1; }", {}, true);
  pass("x.anything(); sure().toFixed();");
});

test("types that values told are used, unless the name is assigned", () => {
  pass(
    "interface Frame<R> { select(...columns: (keyof R & string)[]): Frame<any> } declare function read(): Frame<any>; let frame = read(); let other = frame;",
    {
      frame: "{ select(...columns: ('account_id' | 'active_ind')[]): void }",
    },
  );
  expect(check('frame.select("acount_id")')[0]?.message).toMatch(/Did you mean 'account_id'\?$/);
  pass("frame = other;");
});

test("a mistyped name names the nearest", () => {
  pass("const parties = [1];");
  expect(check("partys.length")[0]?.message).toMatch(/Did you mean 'parties'\?$/);
  expect(check("parties.lenght")[0]?.message).toMatch(/Did you mean 'length'\?$/);
});

test("local modules are read as they are now, whatever their import is called", () => {
  file("lib/rate.ts", "export const rate = 1;");
  pass('import { rate } from "./lib/rate.ts"; rate.toFixed();');
  pass('import { rate as again } from "./lib/rate.js"; import { rate as third } from "./lib/rate"; again + third;');
  file("lib/rate.ts", 'export const rate = "one"; export const more = 2;');
  pass('import { rate, more } from "./lib/rate.ts"; rate.trim(); more.toFixed();');
  expect(errorsOf('import { rate } from "./lib/none.ts";')).toEqual(['error 2307 at "./lib/none.ts"']);
  file("lib/none.ts", "export const rate = 1;");
  pass('import { rate } from "./lib/none.ts";');
});

test("packages work with types, without them, and where only the run can tell", () => {
  file("node_modules/typed/package.json", '{ "name": "typed", "types": "index.d.ts", "main": "index.js" }');
  file("node_modules/typed/index.d.ts", "export declare const n: number;");
  file("node_modules/untyped/package.json", '{ "name": "untyped", "main": "index.js" }');
  file("node_modules/untyped/index.js", "module.exports.n = 1;");
  pass('import { n } from "typed"; import { n as other } from "untyped"; n.toFixed(); other.anything();');
  expect(errorsOf('import { n } from "typed"; n.trim()')).toEqual(["error 2339 at trim"]);
  pass('await import("not-installed").catch(() => 0); import "data:text/javascript,1"; import "./style.css";');
  expect(errorsOf('import "./a.css"; import x from "not-installed";')).toEqual(['error 2307 at "not-installed"']);
});

test("declarations are seen by cells that name them, and cells can declare the name anew", () => {
  file("far.ts", "/** Opens it. */ export declare function open(): number; export interface Far { near: string }");
  cells.declare(
    'interface Base { b: number }\ndeclare const far: import("./far.ts").Far;\ndeclare const base: Base;\n',
  );
  pass("far.near.trim(); base.b.toFixed();");
  expect(errorsOf("far.near2")).toEqual(["error 2551 at near2"]);
  pass("const far = 5;");
  pass("far.toFixed();");
});

test("a compiler that was ended is started again", () => {
  pass("const kept = 1;");
  project.close();
  expect(errorsOf("kept.trim()")).toEqual(["error 2339 at trim"]);
});
