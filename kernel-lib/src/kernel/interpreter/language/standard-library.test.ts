import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { CellFiles } from "./cell-files.ts";
import { checkCell } from "./check.ts";
import { NotebookProject } from "./project.ts";
import { StandardLibrary } from "./standard-library.ts";

function notebook(config?: string) {
  const cwd = mkdtempSync(join(tmpdir(), "library-"));
  if (config !== undefined) writeFileSync(join(cwd, "tsconfig.json"), config);
  const project: NotebookProject = new NotebookProject({ cwd, roots: () => cells.roots });
  const cells = new CellFiles(cwd, (file, text) => project.write(file, text));
  onTestFinished(() => {
    project.close();
    rmSync(cwd, { recursive: true });
  });
  const check = (code: string) => checkCell(project, cells, { number: 1, code, bindings: [] });
  return { project, check };
}

const OLD_AND_NEW = "[1].map(String); new Set([1]).union(new Set()); Iterator.from([1]).take(1); Array.fromAsync([1])";

test("a cell sees all parts of the libraries, old and new, and their types", () => {
  const { check } = notebook();
  expect(check(OLD_AND_NEW)).toEqual([]);
  expect(check("const all: [number, string] = await Promise.all([1, Promise.resolve('a')])")).toEqual([]);
  expect(check("[1].mapp(String)").map(({ code }) => code)).toEqual([2551]);
});

test("a folder that asks for older libraries does not see what is newer", () => {
  const { check } = notebook('{ "compilerOptions": { "lib": ["es2020"] } }');
  expect(check("[1].map(String)")).toEqual([]);
  expect(check("[1].findLast((one) => one > 0)").map(({ code }) => code)).toEqual([2550]);
});

test("every library of the newest language is in one file, and others are left as they are", () => {
  const folder = notebook().project.ask(({ program }) =>
    dirname(program.getSourceFileNames().find((file) => file.endsWith("lib.esnext.d.ts")) ?? ""),
  );
  const library = new StandardLibrary();
  const all = library.read(join(folder, "lib.esnext.d.ts")) ?? "";
  const newest = readFileSync(join(folder, "lib.es2023.array.d.ts"), "utf8");
  expect(all).toContain(newest.slice(newest.indexOf("interface Array<T>")));
  expect(library.read(join(folder, "lib.es2023.array.d.ts"))).toBe("");
  expect(existsSync(join(folder, "lib.dom.d.ts"))).toBe(true);
  expect(library.read(join(folder, "lib.dom.d.ts"))).toBeUndefined();
  expect(library.read(join(folder, "other.d.ts"))).toBeUndefined();
});

test("a cell sees all of Node, in few files: its modules, its globals and what these take from the web", () => {
  const { project, check } = notebook();
  const code = `import { readFile } from "node:fs/promises"; import { createServer } from "http";
    const text: string = await readFile("a", "utf8"); createServer().close(); process.exitCode = 1; Buffer.from(text);
    const answer: Response = await fetch("http://localhost"); new AbortController().signal.throwIfAborted(); setTimeout(() => 1).unref();`;
  expect(check(code)).toEqual([]);
  expect(check('import { readFil } from "node:fs/promises"; readFil').map(({ code }) => code)).toContain(2724);
  const files = project.ask(({ program }) => program.getSourceFileNames());
  expect(files.filter((file) => file.includes("/@types/node/")).length).toBeLessThan(10);
});

test("what is read ahead is no part of the program until a cell names it", () => {
  const { project, check } = notebook();
  check("1");
  const count = () => project.ask(({ program }) => program.getSourceFileNames().length);
  const before = count();
  project.readAhead([join(dirname(fileURLToPath(import.meta.url)), "language.ts")]);
  expect(count()).toBe(before);
  expect(check("const wrong: number = 'a'").map(({ code }) => code)).toEqual([2322]);
});
