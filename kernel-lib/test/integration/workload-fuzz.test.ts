// Nasty but valid CSV folders, made from seeds: the events must be those of the independent script. FUZZ_CASES=500 for more.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Session } from "sluice/sql";
import { readLoad } from "../../../notebooks/contract-events/input.ts";
import * as schema from "../../../notebooks/contract-events/schema.ts";
import { buildEvents } from "../../../notebooks/contract-events/transform.ts";
import { referenceEvents } from "./workload-reference.ts";

const FIRST = Number(process.env["FUZZ_FIRST"] ?? 1);
const CASES = Number(process.env["FUZZ_CASES"] ?? 12);

let spark: Session;
let folder: string;
beforeAll(async () => {
  spark = await Session.builder.appName("fuzz").config("spark.sql.session.timeZone", "UTC").getOrCreate();
});
afterAll(() => spark.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fuzz-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A small generator of its own (mulberry32), so that a seed names a case for good. */
class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1);
  }
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
  shuffle<T>(values: readonly T[]): T[] {
    return values
      .map((value) => [this.below(1e9), value] as const)
      .sort(([a], [b]) => a - b)
      .map(([, value]) => value);
  }
}

const PIECES = [
  ..."abZ019",
  "00",
  " ",
  "\t",
  ",",
  '"',
  '""',
  "'",
  "\\",
  "\\n",
  "\\\\",
  "/",
  "</script>",
  "{",
  "}",
  "[",
  "]",
  "null",
  "NaN",
  "true",
  "$",
  "%s",
  "#",
  ";",
  "\n",
  "\u0001",
  "\u0008",
  "\u001f",
  "\u007f",
  "\u0085",
  "\u00a0",
  "\u2028",
  "\u2029",
  "\ufeff",
  "é",
  "e\u0301",
  "ß",
  "日本",
  "🙂",
  "👩‍👩‍👧",
  "𝕏",
  "\ufffd",
  "\ufffe",
];
const text = (dice: Dice, most: number): string =>
  Array.from({ length: dice.below(most + 1) }, () => dice.pick(PIECES)).join("");
const id = (dice: Dice): string =>
  text(dice, 2) + dice.pick(["", "0", "00", "-"]) + String(dice.below(40)) + text(dice, 1);
const two = (number: number): string => String(number).padStart(2, "0");
const day = (dice: Dice): string =>
  dice.pick(["2024-01-01", "2024-01-01", "2024-01-01", "2024-01-01", "2024-02-29", "2023-12-31"]);
const date = (dice: Dice): string =>
  dice.below(4) === 0
    ? dice.pick([
        "0001-01-01",
        "9999-12-31",
        "1582-10-04",
        "1582-10-15",
        "1970-01-01",
        "1969-12-31",
        "2000-02-29",
        "1900-03-01",
      ])
    : `${String(1000 + dice.below(2000))}-${two(1 + dice.below(12))}-${two(1 + dice.below(28))}`;
const moment = (dice: Dice): string =>
  date(dice).replace(/^(0001|9999)/, "2024") +
  dice.pick(["T", "T", " "]) +
  `${two(dice.below(24))}:${two(dice.below(60))}:${two(dice.below(60))}` +
  dice.pick(["", ".000", ".5", ".123"]) +
  dice.pick(["", "Z", "+00:00", "+05:30", "-08:00", "+14:00", "-12:00"]);

type Values = Record<string, string>;

function values(dice: Dice, table: schema.Table): Values {
  const made: Values = {};
  for (const [name, type] of Object.entries(table.columns)) {
    if (name === "load_date") made[name] = day(dice);
    else if (type === "INT") made[name] = dice.pick(["0", "1", "1", "1"]);
    else if (type === "DATE") made[name] = dice.below(6) === 0 ? "" : date(dice);
    else if (type === "TIMESTAMP") made[name] = dice.below(6) === 0 ? "" : moment(dice);
    else made[name] = dice.below(5) === 0 ? "" : text(dice, 4);
  }
  return made;
}

function quote(dice: Dice, value: string): string {
  const must = /[",\r\n]/.test(value);
  return must || dice.below(4) === 0 ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Writes rows as some files, each with its own order of columns, line end, and further columns. */
function writeTable(dice: Dice, table: schema.Table, rows: readonly Values[]): void {
  mkdirSync(join(folder, table.name));
  const files = 1 + dice.below(3);
  for (let file = 0; file < files; file++) {
    const own = rows.filter((_, row) => row % files === file);
    const extra = dice.below(3) === 0 ? ['note, "x"'] : [];
    const header = dice.shuffle([...Object.keys(table.columns), ...extra]);
    // In files with \r\n, line breaks in quotes become \n for the engine; so only \n files hold such.
    const end = own.some((row) => Object.values(row).some((value) => value.includes("\n")))
      ? "\n"
      : dice.pick(["\n", "\r\n"]);
    const lines = [header, ...own.map((row) => header.map((name) => row[name] ?? text(dice, 2).replaceAll("\n", "")))];
    const content = lines.map((line) => line.map((value) => quote(dice, value)).join(",")).join(end);
    writeFileSync(
      join(folder, table.name, dice.pick(["a", "ü b", "c#1", "d%20", "e'"]) + `${file}.csv`),
      content + dice.pick(["", end]),
    );
  }
}

function unique(rows: readonly Values[], ...names: string[]): Values[] {
  return [...new Map(rows.map((row) => [JSON.stringify(names.map((name) => row[name])), row])).values()];
}

test.each(Array.from({ length: CASES }, (_, index) => FIRST + index))("case %i", async (seed) => {
  const dice = new Dice(seed);
  const many = (table: schema.Table, least: number, fill: (row: Values) => Values) =>
    Array.from({ length: least + dice.below(12) }, () => fill(values(dice, table)));
  const accounts = many(schema.accounts, 1, (row) => ({ ...row, account_id: id(dice) }));
  accounts[0]!["load_date"] = "2024-01-01";
  const parties = many(schema.parties, 0, (row) => ({
    ...row,
    account_id: dice.below(5) === 0 ? id(dice) : dice.pick(accounts)["account_id"]!,
    party_id: id(dice),
  }));
  const addresses = many(schema.partyAddress, 0, (row) => ({
    ...row,
    party_id: dice.below(5) === 0 || parties.length === 0 ? id(dice) : dice.pick(parties)["party_id"]!,
  }));
  writeTable(dice, schema.accounts, unique(accounts, "load_date", "account_id"));
  writeTable(dice, schema.parties, unique(parties, "load_date", "account_id", "party_id"));
  writeTable(dice, schema.partyAddress, unique(addresses, "load_date", "party_id"));

  const load = await readLoad(spark, folder, "2024-01-01");
  expect(load.rejects).toEqual([]);
  const rows = await buildEvents(load, { loadDate: load.loadDate, eventDateTime: "<time>" }).collect();
  const built = new Map(rows.map((row) => [String(row.get("key")), String(row.get("value"))]));
  const expected = referenceEvents(folder, "2024-01-01");
  // Spark writes the digits of an escape as capitals, JSON.stringify as small letters.
  for (const [key, event] of expected) expected.set(key, event.replaceAll("\\u001f", "\\u001F"));
  expect([...built.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [key, event] of expected) expect(built.get(key)).toBe(event);
  expect(load.counts.accountsActive).toBe(expected.size);
  expect(rows).toHaveLength(expected.size);
});
