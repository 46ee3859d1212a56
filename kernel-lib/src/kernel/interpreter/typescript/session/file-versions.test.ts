import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fileVersion } from "./file-versions.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-versions-"));
afterAll(() => rmSync(folder, { recursive: true }));
let time = 1_000_000;

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  time += 10;
  utimesSync(file, time, time);
  return file;
}

test("a version changes with the file and with what it imports, and not otherwise", async () => {
  const top = write("top.ts", 'import { a } from "./middle.js";\nexport const b = a;');
  write("middle.ts", 'export * from "./bottom";\nimport "./top.ts";');
  const bottom = write("bottom.ts", "export const a = 1;");
  const other = write("other.ts", "export const o = 1;");
  const before = await Promise.all([top, other].map(fileVersion));
  expect(await Promise.all([top, other].map(fileVersion))).toEqual(before);
  write("bottom.ts", "export const a = 2;");
  const after = await Promise.all([top, other].map(fileVersion));
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
  expect(await fileVersion(bottom)).toMatch(/^[0-9a-f]{12}$/);
});
