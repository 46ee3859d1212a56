import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KERNEL_TYPES } from "../../src/kernel/interpreter/typescript/kernel-types.ts";
import { scanCell } from "../../src/kernel/interpreter/typescript/scan.ts";
import { CellFiles } from "../../src/kernel/interpreter/language/cell-files.ts";
import { checkCell } from "../../src/kernel/interpreter/language/check.ts";
import { NotebookProject } from "../../src/kernel/interpreter/language/project.ts";
import { TestKernel } from "../../src/kernel/testkit/test-kernel.ts";
import { globalTypes } from "../../src/preload/types.ts";

// What TypeScript knows, seen through the real kernel with the library's own globals, in a folder without any package.

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await TestKernel.start({ preload: "sluice/preload", typecheck: "error" });
  // The checker is up when it refuses something; until then, cells on a busy machine may run unchecked.
  for (let tries = 0; tries < 20; tries++) {
    if ((await kernel.execute("const up: number = 'not yet';")).status === "error") break;
  }
});

afterAll(() => kernel.close());

async function complete(code: string): Promise<string[]> {
  const reply = await kernel.request("shell", "complete_request", { code, cursor_pos: code.length });
  return reply.content["matches"] as string[];
}

async function inspect(code: string, detail = 0): Promise<string> {
  const content = { code, cursor_pos: code.length, detail_level: detail };
  const reply = await kernel.request("shell", "inspect_request", content);
  const data = reply.content["data"] as Record<string, string>;
  return data["text/plain"] ?? "";
}

test("a type error is shown at its line before anything ran", async () => {
  const run = await kernel.execute('console.log("it ran");\nvar trace = 1;\nconst price: number = "dear";');
  expect(run.error).toBe("TypeScriptError: 3:7 - TS2322: Type 'string' is not assignable to type 'number'.");
  expect(run.stdout).toBe("");
  const frame = stripVTControlCharacters(run.traceback.join("\n"));
  expect(frame).toContain('> 3 | const price: number = "dear";\n    |       ^');
  expect((await kernel.execute("typeof globalThis.trace")).result).toBe("'undefined'");
});

test("a mistyped name names the nearest", async () => {
  expect((await kernel.execute("spak.range(1)")).error).toMatch(/TS(2304|2552): .*Did you mean 'spark'\?/);
  expect((await kernel.execute("spark.rnge(1)")).error).toMatch(/TS2551: .*Did you mean 'range'\?/);
});

test("warnings are printed and the cell runs; switched off, nothing is said", async () => {
  const warned = await kernel.execute('%typecheck warn\nconst n: number = "5"; n');
  expect([warned.status, warned.result]).toEqual(["ok", "'5'"]);
  expect(warned.stderr).toContain("2:7 - TS2322");
  const silent = await kernel.execute('%typecheck off\nconst m: number = "6"; m');
  expect([silent.result, silent.stderr]).toEqual(["'6'", ""]);
  expect((await kernel.execute("%typecheck error\nconst o: number = '7';")).status).toBe("error");
});

test("twenty cells in a row keep their types, and a name can be declared again with another", async () => {
  await kernel.execute("let step0 = 1;");
  for (let i = 1; i <= 20; i++) {
    const run = await kernel.execute(`const step${i} = step${i - 1} + 1;\nstep${i}`);
    expect([run.error, run.result]).toEqual([undefined, String(i + 1)]);
  }
  expect((await kernel.execute("step20.trim()")).error).toContain("TS2339");
  expect((await kernel.execute('const step0 = "text"; step0.trim()')).result).toBe("'text'");
  expect((await kernel.execute("step0.trim()")).result).toBe("'text'");
  expect((await kernel.execute("step0.push(1)")).error).toContain("TS2339");
});

test("what only the running values know is no mistake", async () => {
  await kernel.execute('Object.assign(globalThis, { dynamic: 5 }); const lost = 6; throw new Error("stop");');
  expect((await kernel.execute("dynamic + 1")).result).toBe("6");
  expect((await kernel.execute("lost + 1")).result).toBe("7");
});

test("the library's session is completed and described, with its documentation", async () => {
  expect(await complete("spark.")).toEqual(expect.arrayContaining(["read", "sql", "range", "createDataFrame"]));
  expect(await complete("spark.rea")).toEqual(["read"]);
  expect(await complete('import { Wind } from "sluice/')).toEqual(expect.arrayContaining(["sql", "kafka"]));
  const text = await inspect("spark.read");
  expect(text).toContain("Session.read: DataFrameReader");
  expect(text).toContain("Reads files");
  expect(await inspect("spark.read", 1)).toMatch(/\n {2}parquet: /);
});

test("the kernel's own globals are checked and described by their one declaration", async () => {
  expect((await kernel.execute("display.htm('<b>bold</b>')")).error).toMatch(/TS2551: .*Did you mean 'html'\?/);
  expect(await inspect("display.vegaLite", 1)).toContain("Draws a Vega-Lite chart");
});

test("a frame tells its columns: they complete, and a wrong one is marked before the cell runs", async () => {
  const made = 'let people = spark.createDataFrame([["a", 1]], "person_name STRING, age INT");\nawait people.count()';
  expect((await kernel.execute(made)).error).toBeUndefined();
  expect(await inspect("people")).toContain("person_name");
  expect(await complete('people.select("per')).toEqual(expect.arrayContaining(["person_name"]));
  const wrong = await kernel.execute('console.log("it ran");\npeople.select("persn_name")');
  expect(wrong.error).toMatch(/^TypeScriptError: 2:15 .*Did you mean 'person_name'\?/);
  expect(wrong.stdout).toBe("");
  expect((await kernel.execute('people = people.select("age");')).error).toBeUndefined();
  expect((await kernel.execute('people.select("age")')).error).toBeUndefined();
});

test("every cell of the reference notebook is right", () => {
  const notebooks = fileURLToPath(new URL("../../../notebooks", import.meta.url));
  const { cells: all } = JSON.parse(readFileSync(join(notebooks, "contract-events.ipynb"), "utf8")) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  const codes = all.filter((cell) => cell.cell_type === "code").map(({ source }) => [source].flat().join(""));
  expect(codes.length).toBeGreaterThan(5);
  const project: NotebookProject = new NotebookProject({ cwd: notebooks, roots: () => cells.roots });
  const cells = new CellFiles(notebooks, (file, text) => project.write(file, text));
  try {
    for (const types of [KERNEL_TYPES, globalTypes]) cells.declare(types);
    for (const [index, code] of codes.entries()) {
      const cell = { number: index + 1, code, bindings: scanCell(code).bindings };
      expect(checkCell(project, cells, cell)).toEqual([]);
      cells.accept(cell, {}, false);
    }
    const wrong = { number: 99, code: "load.acounts; counts.trim();", bindings: [] };
    expect(checkCell(project, cells, wrong).map(({ code }) => code)).toEqual([2551, 2339]);
  } finally {
    project.close();
  }
});
