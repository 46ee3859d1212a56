// What real inputs and outputs of the daily load have beside good CSV files: each is read, or told in one sentence.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
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

/** Changes a file of the input, which is a copy of the hand-made tables. */
function change(file: string, how: (text: string) => string): string {
  const path = join(folder, file);
  writeFileSync(path, how(readFileSync(path, "utf8")));
  return path;
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

test("files packed by gzip give the events and the rejects of the same files unpacked", async () => {
  const row = "2024-01-01,1,0000000011,COR,not a time,A,,EIN,T,B,Canada";
  const plain = join(folder, "accounts", "more.csv");
  writeFileSync(plain, `${readFileSync(plain, "utf8").trimEnd()}\n${row}\n`.replaceAll("\r\n", "\n"));
  const { counts } = await read();
  for (const file of ["accounts/by-hand.csv", "accounts/more.csv", "parties/parties.csv"]) {
    writeFileSync(join(folder, `${file}.gz`), gzipSync(readFileSync(join(folder, file))));
    rmSync(join(folder, file));
  }
  const load = await read();
  expect(load.counts).toEqual(counts);
  expect(load.rejects).toMatchObject([{ file: `${plain}.gz`, line: 4, row }]);
});

test("a file that is packed otherwise, in part, or without saying so is told as that", async () => {
  const packed = gzipSync(readFileSync(join(folder, "accounts", "more.csv")));
  const file = join(folder, "accounts", "x.csv");
  const next = "Unpack it, or pack it by gzip with a name that ends in .gz.";
  writeFileSync(file, packed);
  await expect(read()).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: `The file ${file} is packed by gzip, and its name does not say so. ${next}`,
  });
  renameSync(file, `${file}.zst`);
  await expect(read()).rejects.toThrow(`The file ${file}.zst is packed as .zst. ${next}`);
  rmSync(`${file}.zst`);
  for (const bytes of [packed.subarray(0, 100), Buffer.from("no gzip")]) {
    writeFileSync(`${file}.gz`, bytes);
    await expect(read()).rejects.toThrow(
      `The file ${file}.gz is no whole gzip file. Send it again whole, or name it without .gz when it is not packed.`,
    );
  }
  writeFileSync(`${file}.gz`, gzipSync(Buffer.from([0x61, 0x0a, 0xc3, 0x28])));
  await expect(read()).rejects.toThrow(`The file ${file}.gz is not UTF-8 in line 2.`);
});

test("a file whose lines end in CR alone is told without its data", async () => {
  const file = change("parties/parties.csv", (text) => text.replaceAll(/\r?\n/g, "\r"));
  await expect(read()).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: `The lines of ${file} end in a carriage return (CR) alone. End them in a line feed (LF), or in CR and LF.`,
  });
});

test("a column that is missing is told with the columns that there must be, and no more than a piece of the header", async () => {
  const file = change("parties/parties.csv", (text) => text.replace("relation_type", "x".repeat(5000)));
  const columns = "load_date, account_id, party_id, relation_type, relation_start_date";
  const shown = `party_id, load_date, account_id, ${"x".repeat(200 - "party_id, load_date, account_id, ".length)}…`;
  await expect(read()).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: `The file ${file} has no column relation_type. Give it the columns ${columns}, in any order; its header is ${shown}.`,
  });
});

test("a party that stands twice for one account stops the run, and one of two accounts does not", async () => {
  const row = (account: string, relation: string) => `9000000008,2024-01-01,${account},${relation},\n`;
  change("parties/parties.csv", (text) => `${text.trimEnd()}\n${row("0000000004", "F-S")}`);
  expect((await read()).counts.partiesRead).toBe(9);
  change("parties/parties.csv", (text) => text + row("0000000005", "F-S"));
  await expect(read()).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message:
      "The account_id 0000000005 with the party_id 9000000008 stands 2 times in parties of 2024-01-01. Which row is right cannot be known: remove the wrong ones.",
  });
});
