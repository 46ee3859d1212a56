// The package as users get it: packed, installed into an empty folder, and used there with Node alone.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test as base } from "vitest";

// Installing takes a minute: `npm run test:package` sets the variable.
const wanted = process.env["SLUICE_TEST_PACKAGE"] === "1";
const test = base.skipIf(!wanted);

const packageFolder = fileURLToPath(new URL("../../", import.meta.url));
const workspace = join(packageFolder, "..");
const folder = mkdtempSync(join(tmpdir(), "sluice-package-"));
let tarball: string;

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program in the user's folder, or in another one, to its end. */
function run(command: string, args: string[], cwd = folder): Ended {
  // No setting of the test runner or of `npm test` reaches the program.
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(?!config_)|NODE_(?!EXTRA)|VITEST|INIT_CWD)/.test(name),
  );
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: Object.fromEntries(kept),
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return { code: status, stdout, stderr };
}

beforeAll(() => {
  if (!wanted) return;
  const packed = run("npm", ["pack", "--json", "--pack-destination", folder], packageFolder);
  expect(packed, packed.stderr).toMatchObject({ code: 0 });
  tarball = join(folder, /"filename": *"([^"]+)"/.exec(packed.stdout)![1]!);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  const nodeTypes = `@types/node@${versionOf("@types/node")}`;
  const installed = run("npm", ["install", ...quiet, tarball, nodeTypes]);
  expect(installed, installed.stderr).toMatchObject({ code: 0 });
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function versionOf(name: string): string {
  const text = readFileSync(join(workspace, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

test("publint finds nothing to say", () => {
  const { code, stdout } = run("npx", ["publint", "run", tarball, "--strict"], workspace);
  expect(stdout).toContain("All good!");
  expect(code).toBe(0);
});

test("every import path has types for ES modules", () => {
  const { code, stdout } = run("npx", ["attw", tarball, "--profile", "esm-only", "--format", "json"], workspace);
  // The package is of ES modules: what older resolution and require() make of it does not matter.
  const { problems } = JSON.parse(stdout) as { problems: Record<string, { resolutionKind?: string }[]> };
  const found = Object.values(problems).flat();
  expect(found.filter(({ resolutionKind = "" }) => !["node10", "node16-cjs"].includes(resolutionKind))).toEqual([]);
  expect(code).toBe(0);
});

test("the tarball holds the licence and no test", () => {
  const { stdout } = run("tar", ["-tzf", tarball]);
  const files = stdout.trim().split("\n");
  expect(files).toEqual(
    expect.arrayContaining(["package/LICENSE", "package/bin/sluice.js", "package/dist/sql/index.js"]),
  );
  expect(files.filter((file) => /\.test\.|\/test\//.test(file))).toEqual([]);
});

test("a job reads and writes with Node alone", () => {
  writeFileSync(
    join(folder, "job.js"),
    `import { Session, functions as F } from "sluice/sql";
const spark = await Session.builder.appName("job").getOrCreate();
const rows = [{ country: "Canada", n: 1 }, { country: "Mexico", n: 2 }, { country: "Canada", n: 3 }];
const totals = spark.createDataFrame(rows).groupBy("country").agg(F.sum("n").alias("n")).orderBy("country");
await totals.show();
await totals.write.mode("overwrite").parquet("totals");
console.log(await spark.read.parquet("totals").count());
await spark.stop();
`,
  );
  const { code, stdout, stderr } = run(process.execPath, ["job.js"]);
  expect(stdout, stderr).toBe(`+-------+---+
|country|  n|
+-------+---+
| Canada|  4|
| Mexico|  2|
+-------+---+

2
`);
  expect([code, stderr]).toEqual([0, ""]);
});

test("the command runs a notebook that imports the package", () => {
  const version = run("npx", ["--no-install", "sluice", "--version"]);
  expect(version.stdout).toBe(`${versionOf("sluice")}\n`);
  const source = `import { Session } from "sluice/sql";
const own = await Session.builder.getOrCreate();
console.log("rows", await own.range(3).count(), await spark.range(2).count());`;
  const cell = { cell_type: "code", id: "one", source, metadata: {}, execution_count: null, outputs: [] };
  const metadata = { kernelspec: { name: "sluice", display_name: "Sluice", language: "typescript" } };
  writeFileSync(
    join(folder, "tiny.ipynb"),
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: [cell] }),
  );
  const { code, stdout, stderr } = run("npx", ["--no-install", "sluice", "run", "tiny.ipynb"]);
  expect(stdout, stderr).toContain("rows 3 2");
  expect(code).toBe(0);
});

test("TypeScript accepts a strict program and the package's own declarations", () => {
  writeFileSync(
    join(folder, "consumer.ts"),
    `import { openInput } from "sluice/azure";
import { integer, table } from "sluice/dummy-data";
import { SluiceError } from "sluice/errors";
import { connectClient } from "sluice/kernel";
import { publish } from "sluice/kafka";
import { runNotebook } from "sluice/notebook";
import preload from "sluice/preload";
import type { DataFrame, Row } from "sluice/sql";
import { col, functions as F, Session } from "sluice/sql";
import { services } from "sluice/stack";

interface Account { id: string; active: number | null }

export async function active(spark: Session): Promise<Row<Account>[]> {
  const accounts: DataFrame<Account> = spark.createDataFrame<Account>([{ id: "a", active: 1 }]);
  const rows = await accounts.filter(col("active").eq(F.lit(1))).collect();
  const id: string | undefined = rows[0]?.id;
  // @ts-expect-error -- the row has no such column, so the types are there
  void rows[0]?.identity;
  return id === undefined ? [] : rows;
}
export const all = [openInput, integer, table, SluiceError, connectClient, publish, runNotebook, preload, services];
`,
  );
  const compilerOptions = {
    strict: true,
    module: "nodenext",
    target: "es2022",
    lib: ["es2023", "esnext.disposable"],
    types: ["node"],
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
  const tsc = join(workspace, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = run(process.execPath, [tsc, "--pretty", "false"]);
  // Declarations of other packages are checked too; what is wrong in those is theirs.
  const ours = stdout.split("\n").filter((line) => /^(consumer\.ts|node_modules\/sluice\/|error )/.test(line));
  expect(ours).toEqual([]);
  const listed = run(process.execPath, [tsc, "--listFilesOnly"]).stdout;
  expect(listed).toContain("node_modules/sluice/dist/sql/index.d.ts");
});
