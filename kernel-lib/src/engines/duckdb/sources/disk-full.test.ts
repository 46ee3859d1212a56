import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";

import { afterAll, beforeAll, expect, test } from "vitest";

import { parseSchema } from "../../../sql/types/index.ts";
import { SourceFixture, semantics } from "./source-fixture.ts";
import { write } from "./write.ts";

// A file system of 2 MiB, which only the superuser may make.
let fixture: SourceFixture;
let mounted = false;
beforeAll(async () => {
  fixture = await SourceFixture.open();
  await mkdir(fixture.path("small"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", fixture.path("small")], { stdio: "ignore" });
    mounted = true;
  } catch {
    // The test says that it was left out.
  }
});
afterAll(async () => {
  if (mounted) execFileSync("umount", [fixture.path("small")]);
  await fixture.close();
});

test("a full disk is named, the old data stay and nothing half-written is left", async (context) => {
  if (!mounted) return context.skip("a small file system cannot be mounted here");
  const target = fixture.path("small/out");
  const save = (rows: number, format: string, partitionBy: string[] = []) =>
    fixture.inOperation((operation) =>
      write({
        operation,
        sql: `SELECT range, 'x' || range % 3 FROM range(${rows})`,
        schema: parseSchema("i BIGINT, p STRING"),
        natives: [],
        format,
        mode: "overwrite",
        path: target,
        options: {},
        partitionBy,
        semantics,
      }),
    );
  await save(2, "json");
  for (const [format, partitionBy] of [
    ["json", []],
    ["csv", ["p"]],
    ["parquet", []],
  ] as const) {
    await expect(save(3_000_000, format, [...partitionBy]), format).rejects.toMatchObject({
      code: "STORAGE_FULL",
      message: expect.stringContaining(target) as string,
    });
  }
  const [part = ""] = (await readdir(target)).filter((name) => name.startsWith("part-"));
  expect(await readFile(`${target}/${part}`, "utf8")).toBe('{"i":0,"p":"x0"}\n{"i":1,"p":"x1"}\n');
  expect(await readdir(fixture.path("small"))).toEqual(["out"]);
});
