import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestKernel } from "../../src/kernel/testkit/test-kernel.ts";

let folder: string;
let kernel: TestKernel;
let edits = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sluice-imports-"));
  kernel = await TestKernel.start({ cwd: folder });
});

afterAll(async () => {
  await kernel.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): void {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  // File systems may keep whole seconds only: each edit is clearly later than the one before.
  const time = Date.now() / 1000 + ++edits * 2;
  utimesSync(file, time, time);
}

async function resultOf(code: string): Promise<string | undefined> {
  const run = await kernel.execute(code);
  expect(run.error).toBeUndefined();
  expect(run.stderr).toBe("");
  return run.result;
}

test("every form of import works, and an import may serve the next cell", async () => {
  write(
    "shapes.ts",
    "export const side = 2;\nexport type Side = number;\nexport default function area(x: number): number { return x * x; }\n",
  );
  expect(await resultOf('import area, { side as edge, type Side } from "./shapes.ts";\narea(edge)')).toBe("4");
  expect(await resultOf('import * as shapes from "./shapes.ts"; Object.keys(shapes)')).toBe("[ 'default', 'side' ]");
  await resultOf('import { join } from "node:path";');
  expect(await resultOf('join("a", "b") + edge')).toBe("'a/b2'");
  write("side-effect.ts", "(globalThis as { touched?: boolean }).touched = true;\n");
  expect(await resultOf('import "./side-effect.ts";\ntouched')).toBe("true");
  write("data.json", '{ "rows": [1, 2] }');
  expect(await resultOf('import data from "./data.json" with { type: "json" };\ndata.rows')).toBe("[ 1, 2 ]");
});

test("local files are found without an extension and as .js", async () => {
  write("plain.ts", "export const plain: string = 'plain';\n");
  expect(await resultOf('(await import("./plain")).plain')).toBe("'plain'");
  expect(await resultOf('(await import("./plain.js")).plain')).toBe("'plain'");
});

test("an edited file is loaded anew, and so is what imports it, but nothing else", async () => {
  write("lib/base.ts", "export const base: number = 1;\n");
  write("lib/other.ts", "export const loads = [Math.random()];\n");
  write(
    "lib/top.ts",
    'import { base } from "./base.ts";\nexport { loads } from "./other.ts";\nexport const top = base * 10;\n',
  );
  const read = 'import { top, loads } from "./lib/top.ts";\n';
  expect(await resultOf(`${read}var firstLoad = loads; top`)).toBe("10");
  expect(await resultOf(`${read}loads === firstLoad`)).toBe("true");
  write("lib/base.ts", "export const base: number = 5;\n");
  expect(await resultOf(`${read}top`)).toBe("50");
  expect(await resultOf(`${read}loads === firstLoad`)).toBe("true");
});

test("a local file may use what Node itself lacks", async () => {
  write(
    "held.ts",
    "export const log: string[] = [];\nexport async function hold() {\n  await using held = { async [Symbol.asyncDispose]() { log.push('freed'); } };\n  log.push('held');\n  return held;\n}\n",
  );
  expect(await resultOf("import { hold, log } from './held.ts';\nawait hold();\nlog.join()")).toBe("'held,freed'");
});

test("an error in a local file shows its own line", async () => {
  write(
    "broken.ts",
    "interface Row {\n  a: number;\n}\n\nexport function fail(row: Row): never {\n  throw new RangeError(`no ${row.a}`);\n}\n",
  );
  const run = await kernel.execute('import { fail } from "./broken.ts";\nfail({ a: 1 });');
  expect(run.error).toBe("RangeError: no 1");
  expect(run.traceback.join("\n")).toContain("at fail (broken.ts:6:9)");
  expect(run.traceback.join("\n")).toMatch(/at Cell\[\d+\]:2:1/);
});

test("a file that can't be read as TypeScript says where", async () => {
  write("unreadable.ts", "export const = 1;\n");
  const run = await kernel.execute('import "./unreadable.ts"');
  expect(run.error).toMatch(/^SyntaxError: .*unreadable\.ts/s);
});

test("this package is found without being installed beside the notebook", async () => {
  expect(await resultOf('import { SluiceError } from "sluice/errors"; new SluiceError("USAGE", "Said.").message')).toBe(
    "'Said.'",
  );
});

test("packages are found from the notebook's folder first", async () => {
  write(
    "node_modules/sluice/package.json",
    '{ "name": "sluice", "type": "module", "exports": { "./errors": "./errors.js" } }',
  );
  write("node_modules/sluice/errors.js", "export const own = 'the folder’s own';\n");
  write("node_modules/small/package.json", '{ "name": "small", "main": "index.js" }');
  write("node_modules/small/index.js", "exports.small = 1;\n");
  expect(await resultOf('import { small } from "small"; small')).toBe("1");
  const other = await TestKernel.start({ cwd: folder });
  try {
    expect((await other.execute('(await import("sluice/errors")).own')).result).toBe("'the folder’s own'");
  } finally {
    await other.close();
  }
});

test("a missing module is an error that names it", async () => {
  expect((await kernel.execute('import "not-installed-anywhere"')).error).toContain("not-installed-anywhere");
  expect((await kernel.execute('import { x } from "./nowhere.ts"')).error).toContain("nowhere.ts");
});

test("a preload gives globals to the first cell and is disposed at the end", async () => {
  write(
    "preload.ts",
    [
      'import { writeFileSync } from "node:fs";',
      "export default async (host: { cwd: string; interruptSignal(): AbortSignal }) => ({",
      "  globals: { answer: 42, where: () => host.cwd, aborted: () => host.interruptSignal().aborted },",
      '  types: "declare const answer: number;",',
      '  dispose: async () => writeFileSync(host.cwd + "/disposed.txt", "yes"),',
      "});",
    ].join("\n"),
  );
  const preloaded = await TestKernel.start({ cwd: folder, preload: "./preload.ts" });
  expect((await preloaded.execute("[answer, where() === process.cwd(), aborted()]")).result).toBe(
    "[ 42, true, false ]",
  );
  expect((await preloaded.execute("const answer = 1; answer")).result).toBe("1");
  await preloaded.close();
  const check = await kernel.execute('require("node:fs").readFileSync("disposed.txt", "utf8")');
  expect(check.result).toBe("'yes'");
});

test("a preload that fails is told under the first cell, which runs", async () => {
  const preloaded = await TestKernel.start({ cwd: folder, preload: "./missing-preload.ts" });
  try {
    const run = await preloaded.execute("1 + 1");
    expect(run.result).toBe("2");
    expect(run.stderr).toContain("./missing-preload.ts could not be loaded");
  } finally {
    await preloaded.close();
  }
});

test("a preload that never ends can be interrupted", async () => {
  write("endless.ts", "export default () => new Promise(() => {});\n");
  const preloaded = await TestKernel.start({ cwd: folder, preload: "./endless.ts" });
  try {
    const id = preloaded.startCell("1");
    await new Promise((resolve) => setTimeout(resolve, 300));
    await preloaded.request("control", "interrupt_request");
    expect((await preloaded.finished(id)).error).toContain("Interrupted");
  } finally {
    await preloaded.close();
  }
});
