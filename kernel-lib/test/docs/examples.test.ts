// Every example of a doc comment is checked by TypeScript and run; what it says it prints must be what it prints.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { openContainer, stageOutput } from "../../src/azure/index.ts";
import { connect } from "../../src/kafka/index.ts";
import { runNotebook } from "../../src/notebook/index.ts";
import { startAzurite, startKafka } from "../../src/stack/index.ts";
import type { LocalAzurite, LocalKafka } from "../../src/stack/index.ts";
import { keepPrinted } from "./check.ts";
import { compilerOptions, exportedNames } from "./compile.ts";
import type { Example } from "./find-examples.ts";
import { findExamples, moduleOf, packageFolder } from "./find-examples.ts";

const BROKER = "127.0.0.1:9092";
const examples = findExamples();
// A folder of the project: the modules import the package by its name.
const folder = join(packageFolder, "..", "output", `doc-examples-${process.pid}`);
const home = process.cwd();
let broker: LocalKafka | undefined;
let storage: LocalAzurite | undefined;

const moduleFile = (example: Example): string =>
  join(folder, `${example.file.replaceAll("/", "_").replace(/\.ts$/, "")}_${example.line}.ts`);

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  for (const example of examples) writeFileSync(moduleFile(example), moduleOf(example, folder, exportedNames));
  [broker, storage] = await Promise.all([startKafka(), startAzurite()]);
  await using kafka = connect({ "bootstrap.servers": broker.address });
  await kafka.createTopic("events", { partitions: 2 });
  process.env["AZURE_STORAGE_CONNECTION_STRING"] = storage.connectionString;
  process.env["KAFKA_PASSWORD"] = "not a secret";
  for (const name of ["events", "landing", "processed"]) await (await openContainer(`az://${name}/`)).create();
  const landing = await stageOutput("az://landing/accounts/", { mode: "overwrite" });
  writeFileSync(join(landing.folder, "part-0.csv"), "account_id,active_ind\n6982391060,1\n");
  await landing.commit();
  const work = mkdtempSync(join(tmpdir(), "sluice-examples-"));
  process.chdir(work);
  writeFileSync(
    "daily.ipynb",
    JSON.stringify(notebook('let loadDate = "2026-08-01";\nlet accounts = 10;', ["parameters"])),
  );
});

afterAll(async () => {
  const work = process.cwd();
  process.chdir(home);
  if (work !== home) rmSync(work, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([broker?.stop(), storage?.stop()]);
});

afterEach(() => vi.restoreAllMocks());

function notebook(source: string, tags: string[] = []): object {
  const metadata = { kernelspec: { name: "sluice", display_name: "Sluice", language: "typescript" } };
  const cell = { cell_type: "code", id: "cell-1", source, metadata: { tags }, execution_count: null, outputs: [] };
  return { nbformat: 4, nbformat_minor: 5, metadata, cells: [cell] };
}

const ran = examples.filter(({ run }) => run !== "no");
const only = examples.filter(({ run }) => run === "no");

test(`${ran.length} examples are run and ${only.length} are only checked`, () => {
  for (const { file, line, reason } of only) process.stdout.write(`only checked: ${file}:${line}: ${reason}\n`);
  expect(ran.length).toBeGreaterThan(only.length);
});

test("TypeScript accepts every example", () => {
  const files = examples.filter(({ run }) => run !== "notebook").map(moduleFile);
  const program = ts.createProgram(files, compilerOptions());
  const ours = new Set(files);
  const errors = program
    .getSourceFiles()
    .filter(({ fileName }) => ours.has(fileName))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, messageText, start = 0 }) => {
      const line = file ? file.text.slice(0, start).split("\n").at(-1)! + file.text.slice(start).split("\n")[0]! : "";
      const name = file?.fileName.slice(folder.length + 1);
      return `${name}: ${ts.flattenDiagnosticMessageText(messageText, " ")}\n    ${line}`;
    });
  expect(errors).toEqual([]);
});

test.each(ran.map((example) => [`${example.file}:${example.line}`, example] as const))("%s", async (_, example) => {
  if (example.run === "notebook") {
    writeFileSync("example.ipynb", JSON.stringify(notebook(example.code)));
    const result = await runNotebook("example.ipynb");
    expect(result.failure).toBeUndefined();
    expect(result.status).toBe("passed");
    return;
  }
  keepPrinted();
  const text = moduleOf(example, folder, exportedNames).replaceAll(BROKER, broker!.address);
  writeFileSync(moduleFile(example), text);
  await import(/* @vite-ignore */ moduleFile(example));
});
