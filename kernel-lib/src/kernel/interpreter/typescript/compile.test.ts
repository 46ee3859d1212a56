import { expect, test } from "vitest";
import { compileCell } from "./compile.ts";
import { positionReader } from "./source-map.ts";

function compiled(code: string) {
  const cell = compileCell(code);
  if (!cell.ok) throw new Error(cell.problems[0]?.message);
  return cell;
}

/** The script without its prologue. */
function script(code: string): string {
  return compiled(code).js.replace('"use strict";void 0;', "").trim();
}

test("top-level declarations become var, inner ones stay", () => {
  expect(script("const a: number = 1;")).toBe("var a = 1;");
  expect(script("let b;")).toBe("var b = undefined;");
  expect(script("{ const c = 1; let d; }")).toBe("{\n\tconst c = 1;\n\tlet d;\n}");
  expect(script("class K<T> { x?: T }")).toBe("var K = class K {\n\tx;\n};");
  expect(script("function f(x: string): void {}")).toBe("function f(x) {}");
  expect(script("for (const x of []) ;")).toBe("for (const x of []);");
});

test("imports become awaited calls, types leave nothing", () => {
  expect(script('import a, { b as c, type T } from "m";')).toBe('var { default: a, b: c } = await __sluice.load("m");');
  expect(script('import * as ns from "m";')).toBe('var ns = await __sluice.load("m");');
  expect(script('import d, * as ns from "m";')).toBe('var ns = await __sluice.load("m"), { default: d } = ns;');
  expect(script('import "m";')).toBe('await __sluice.load("m");');
  expect(script('import type { T } from "m"; type U = T;')).toBe(";");
  expect(script('import j from "./a.json" with { type: "json" };')).toContain(', { with: { type: "json" } })');
  expect(script('const m = import("x");')).toBe('var m = __sluice.load("x");');
  expect(script("import.meta.url")).toBe("__sluice.meta.url;");
});

test("exports are taken away", () => {
  expect(script("export const a = 1;")).toBe("var a = 1;");
  expect(script("export default { a: 1 };")).toMatch(/^\(\{ a: 1 \}\);?/);
  expect(script("const a = 1; export { a };")).not.toContain("export");
  expect(script('export * from "m";')).toBe('await __sluice.load("m");');
});

test("what is awaited goes through the session with the place of the await", () => {
  const { js, map } = compiled("const a = 1;\n  await f(a);\nfor await (const x of y) x;");
  expect(js).toMatch(/await __sluice\.wait\(f\(a\), \d+\);/);
  expect(js).toMatch(/of __sluice\.each\(y, \d+\)\)/);
  const read = positionReader({ mappings: map.mappings, shifts: [] });
  expect(map.awaits.map(([, line, column]) => read({ line, column }))).toEqual([
    { line: 1, column: 2 },
    { line: 2, column: 0 },
  ]);
});

test("the names that a cell declares are known by kind", () => {
  const code = [
    'import d, { a as b } from "m";',
    "const { x, y: [z = 1], ...rest } = {} as any;",
    "function f() {} class C {} enum E {} interface I {} type T = 1; namespace N {}",
    "export let exported;",
  ].join("\n");
  const names = compiled(code).bindings.map(({ name, kind }) => `${name}:${kind}`);
  expect(names).toEqual([
    ...["d:import", "b:import", "x:variable", "z:variable", "rest:variable"],
    ...["f:declaration", "C:declaration", "E:declaration", "I:declaration", "T:declaration", "N:declaration"],
    "exported:variable",
  ]);
});

test("places in the script lead back to the cell", () => {
  const code = "interface A {\n  a: 1;\n}\n\nconst x = 1; class B { m() { throw new Error('here'); } }";
  const { js, map } = compiled(code);
  const offset = js.indexOf("new Error");
  const before = js.slice(0, offset).split("\n");
  const place = positionReader(map)({ line: before.length - 1, column: before.at(-1)?.length ?? 0 });
  expect(place).toEqual({ line: 4, column: code.split("\n")[4]?.indexOf("new Error") });
});

test("what can't run is refused with its place", () => {
  expect(compileCell("let x: = 1")).toMatchObject({ ok: false, problems: [{ start: 7 }] });
  expect(compileCell("@a class B {}")).toMatchObject({ ok: false, problems: [{ start: 0, end: 2 }] });
});

test("using becomes a value that is disposed with its cell", () => {
  expect(script("using a = f();")).toBe("var a = __sluice.use(f(), false);");
  expect(script("await using a = f();")).toBe("var a = __sluice.use(f(), true);");
});

test("a new enum does not add to an old one", () => {
  expect(script("enum E { A }")).toContain("}({});");
});

test("a name without which the kernel can't go on is refused, unless it is a module's own or a type", () => {
  for (const code of [
    "const process = { step: 1 };",
    "let { a: Date } = row;",
    "class Object {}",
    "function Map() {}",
    "enum Set { A }",
    "export const process = 1;",
  ]) {
    const [, name] = /(Date|Object|Map|Set|process)/.exec(code) ?? [];
    const sentence = `${name} is JavaScript's own, and the kernel itself needs it: choose another name.`;
    expect(compileCell(code)).toMatchObject({
      ok: false,
      problems: [{ message: sentence, start: code.indexOf(name!) }],
    });
  }
  for (const code of [
    'import process from "node:process";',
    'const { performance } = await import("node:perf_hooks");',
    'const { performance: p } = require("perf_hooks");',
    "interface Date { extra: string }",
    "declare const process: unknown;",
    "{ const Date = 1; }",
    "function f(Map: unknown) {}",
  ])
    expect(compileCell(code).ok).toBe(true);
});
