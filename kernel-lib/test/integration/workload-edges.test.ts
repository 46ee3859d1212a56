// What real inputs and outputs of the daily load have beside good CSV files: each is read, or told in one sentence.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Session } from "sluice/sql";
import { readLoad } from "../../../notebooks/contract-events/input.ts";
import type { Load } from "../../../notebooks/contract-events/input.ts";

const HAND_MADE = fileURLToPath(new URL("../fixtures/contract-events", import.meta.url));
const DAY = "2024-01-01";

let spark: Session;
let folder: string;
const loads: Load[] = [];
beforeAll(async () => {
  spark = await Session.builder.appName("workload-edges").config("spark.sql.session.timeZone", "UTC").getOrCreate();
});
afterAll(() => spark.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workload-edges-"));
  cpSync(HAND_MADE, folder, { recursive: true });
});
afterEach(async () => {
  for (const load of loads.splice(0)) await load.close();
  rmSync(folder, { recursive: true });
});

async function read(): Promise<Load> {
  const load = await readLoad(spark, folder, DAY);
  loads.push(load);
  return load;
}

test("a named pipe and a link to a folder are told, and not waited for", async () => {
  const pipe = join(folder, "accounts", "x.csv");
  execFileSync("mkfifo", [pipe]);
  await expect(read()).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: `${pipe} is a named pipe and no file. Put a CSV file in its place, or take it out of the input.`,
  });
  rmSync(pipe);
  symlinkSync(join(folder, "parties"), pipe);
  await expect(read()).rejects.toThrow(`${pipe} is a link to a folder and no file.`);
});
