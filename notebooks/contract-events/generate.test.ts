import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { csvRecords } from "./csv-records.ts";
import { generateTables } from "./generate.ts";
import * as schema from "./schema.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "generate-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function readTable(name: string): Promise<Record<string, string | null>[]> {
  const rows: Record<string, string | null>[] = [];
  for (const file of readdirSync(join(folder, name))) {
    let header: string[] | undefined;
    for await (const { values } of csvRecords(
      createReadStream(join(folder, name, file), "utf8") as AsyncIterable<string>,
    )) {
      if (header) rows.push(Object.fromEntries(header.map((column, index) => [column, values[index]!])));
      else header = values as string[];
    }
  }
  return rows;
}

function hashOf(name: string): string {
  return createHash("sha256")
    .update(readFileSync(join(folder, name, "part-00000.csv")))
    .digest("hex");
}

test("the tables have the shapes of real loads", async () => {
  const counts = await generateTables({ folder, accounts: 9000, seed: 1, loadDate: "2022-08-02" });
  const accounts = await readTable("accounts");
  const parties = await readTable("parties");
  const addresses = await readTable("party_address");
  expect(counts).toEqual({ accounts: accounts.length, parties: parties.length, addresses: addresses.length });
  expect(accounts).toHaveLength(9000);
  for (const [rows, table] of [
    [accounts, schema.accounts],
    [parties, schema.parties],
    [addresses, schema.partyAddress],
  ] as const) {
    expect(Object.keys(rows[0]!)).toEqual(Object.keys(table.columns));
    expect(rows.every((row) => row["load_date"] === "2022-08-02")).toBe(true);
  }

  const inactive = accounts.filter((row) => row["active_ind"] === "0").length;
  expect(inactive).toBeGreaterThan(900);
  expect(inactive).toBeLessThan(1100);
  const untitled = accounts.filter((row) => row["legal_title_2"] === null).length / 9000;
  expect(untitled).toBeGreaterThan(0.5);
  expect(untitled).toBeLessThan(0.67);
  expect(new Set(accounts.map((row) => row["account_id"])).size).toBe(9000);
  const countries = new Map<string, string>();
  for (const row of accounts) {
    expect(row["account_id"]).toMatch(/^\d{10}$/);
    expect(row["account_start_date"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000[+-]\d\d:\d\d$/);
    expect(row["tax_id"]).toMatch(/^[A-Z]{4}\d{14}$/);
    expect(row["branch_code"]).toMatch(/^[A-Z]{4}(US|CA|MX)\d\d$/);
    expect(["United States", "Canada", "Mexico"]).toContain(row["country"]);
    expect(countries.get(row["branch_code"]!) ?? row["country"]).toBe(row["country"]);
    countries.set(row["branch_code"]!, row["country"]!);
  }

  const known = new Set(accounts.map((row) => row["account_id"]));
  const perAccount = new Map<string, string[]>();
  for (const row of parties)
    perAccount.set(row["account_id"]!, [...(perAccount.get(row["account_id"]!) ?? []), row["relation_type"]!]);
  expect(parties.some((row) => !known.has(row["account_id"]))).toBe(true);
  expect(accounts.some((row) => !perAccount.has(row["account_id"]!))).toBe(true);
  expect([...perAccount.values()].some((types) => types.length > 2)).toBe(true);
  // A first party may be one of an unknown account; there is never more than one.
  expect([...perAccount.values()].every((types) => types.filter((type) => type === "F-N").length <= 1)).toBe(true);

  const partyIds = new Set(parties.map((row) => row["party_id"]));
  expect(partyIds.size).toBe(parties.length);
  const addressed = new Set(addresses.map((row) => row["party_id"]));
  expect(addressed.size).toBe(addresses.length);
  expect(parties.some((row) => !addressed.has(row["party_id"]))).toBe(true);
  expect(addresses.some((row) => !partyIds.has(row["party_id"]))).toBe(true);
  expect(addresses.every((row) => /^\d{5}$/.test(row["postal_code"]!))).toBe(true);
  expect(addresses.some((row) => row["postal_code"]!.startsWith("0"))).toBe(true);
});

test.each([
  [{ accounts: 0 }, "Dummy data has 1 to 100000000 accounts, not 0."],
  [{ accounts: -1 }, "not -1."],
  [{ accounts: 1.5 }, "not 1.5."],
  [{ accounts: 1e12 }, "not 1000000000000."],
  [{ seed: 0.5 }, "A seed is a whole number, not 0.5."],
  [{ loadDate: "2023-02-29" }, "The load date 2023-02-29 is no day of the calendar. Write it YYYY-MM-DD."],
  [{ loadDate: "../x" }, "The load date ../x is no day"],
])("%j is refused before anything is written", async (wrong, message) => {
  const making = generateTables({ folder, accounts: 10, seed: 1, loadDate: "2024-02-29", ...wrong });
  await expect(making).rejects.toThrow(message);
  expect(readdirSync(folder)).toEqual([]);
});

test("the same arguments give the same bytes, and fewer accounts leave no files of more", async () => {
  await generateTables({ folder, accounts: 2000, seed: 42, loadDate: "2022-08-02" });
  const first = ["accounts", "parties", "party_address"].map(hashOf);
  // The data that everyone gets: a change here needs a reason.
  expect(first).toEqual([
    "d252fc43a00fe6ab0dc8ae197f844df3b78b142c0cd574d3b6ad8513eeae4b1b",
    "51dd29b7c14a8e6a5e063cd1e7f1e1c3391431c025fe0779fb7596e384335fb2",
    "5d5b57dbd32c9e7185085c031e8d28924c135de1e4f2601c74be9a2dfdc1471c",
  ]);
  await generateTables({ folder, accounts: 10, seed: 43, loadDate: "2022-08-02" });
  expect(await readTable("accounts")).toHaveLength(10);
  await generateTables({ folder, accounts: 2000, seed: 42, loadDate: "2022-08-02" });
  expect(["accounts", "parties", "party_address"].map(hashOf)).toEqual(first);
});
