import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  city,
  companyName,
  concat,
  constant,
  date,
  digits,
  Draw,
  indexBelow,
  lookup,
  nullable,
  oneOf,
  pattern,
  personName,
  pick,
  postalCode,
  reference,
  street,
  table,
  timestamp,
  uniqueDigits,
} from "sluice/dummy-data";
import type { CsvOptions } from "sluice/dummy-data";
import { SluiceError } from "sluice/errors";
import { checkLoadDate } from "./load-date.ts";

/** What to generate, and where. */
export interface GenerateOptions extends CsvOptions {
  /** The folder that gets the folders `accounts`, `parties` and `party_address`; what these hold is replaced. */
  readonly folder: string;
  /** How many accounts; about as many parties and addresses come with them. */
  readonly accounts: number;
  readonly seed: number;
  /** The day of the load, `yyyy-MM-dd`. */
  readonly loadDate: string;
}

const COUNTRIES = ["United States", "Canada", "Mexico"];
const COUNTRY_CODES = ["US", "CA", "MX"];
const OFFSETS = ["+05:30", "-05:00", "-06:00", "-08:00"];
const ROWS_PER_FILE = 500_000;
/** How the tables belong together is held in memory, about 30 bytes for each account. */
const MOST_ACCOUNTS = 100_000_000;
/** How likely it is that an account has 0, 1, 2, … parties, in percent. */
const PARTY_COUNTS = [5, 65, 20, 7, 3];

/**
 * Writes seeded dummy tables as CSV folders with all the shapes that real loads have: inactive accounts, empty second
 * titles, accounts without a party, parties without an address, parties of unknown accounts, addresses of unknown parties.
 *
 * The same accounts, seed and load date give the same bytes on every machine.
 *
 * @returns how many rows each table has
 * @throws SluiceError `USAGE` for a number of accounts, a seed or a load date that cannot be
 */
export async function generateTables(
  options: GenerateOptions,
): Promise<{ accounts: number; parties: number; addresses: number }> {
  const { folder, accounts, seed, loadDate } = options;
  checkLoadDate(loadDate);
  if (!Number.isInteger(accounts) || accounts < 1 || accounts > MOST_ACCOUNTS)
    throw new SluiceError("USAGE", `Dummy data has 1 to ${MOST_ACCOUNTS} accounts, not ${accounts}.`);
  if (!Number.isSafeInteger(seed)) throw new SluiceError("USAGE", `A seed is a whole number, not ${seed}.`);
  const csv: CsvOptions = {
    rowsPerFile: ROWS_PER_FILE,
    ...(options.signal && { signal: options.signal }),
    ...(options.onProgress && { onProgress: options.onProgress }),
  };
  const { accountOfParty, relationOfParty, partyOfAddress } = relate(accounts, seed);
  const accountId = uniqueDigits(10);
  const partyId = uniqueDigits(10);
  const day = constant(loadDate, "DATE");
  const branch = indexBelow(seed, "branch", Math.max(1, Math.min(500, Math.ceil(accounts / 50))));
  const branchCountry = indexBelow(seed, "branch.country", COUNTRIES.length);
  const country = (row: number): number => branchCountry(branch(row));

  const all = [
    table({
      name: "accounts",
      rows: accounts,
      seed,
      columns: {
        load_date: day,
        active_ind: pick(["0", "1"], [1, 8], "INT"),
        account_id: accountId,
        source_sys: pick(["COR", "COH", "BDL", "ADS", "CML"]),
        account_start_date: timestamp({ from: "2008-01-01", to: "2021-12-31", offsets: OFFSETS }),
        legal_title_1: oneOf([personName(), companyName()], [7, 3]),
        legal_title_2: nullable(0.6, personName()),
        tax_id_type: pick(["EIN", "SSP", "CPR"]),
        tax_id: pattern("????##############"),
        branch_code: concat(
          reference("branch.bank", pattern("????"), branch),
          lookup(COUNTRY_CODES, country),
          reference("branch.place", digits(2), branch),
        ),
        country: lookup(COUNTRIES, country),
      },
    }),
    table({
      name: "parties",
      rows: accountOfParty.length,
      seed,
      columns: {
        load_date: day,
        account_id: reference("accounts.account_id", accountId, (row) => accountOfParty[row]!),
        party_id: partyId,
        relation_type: lookup(["F-N", "F-S"], (row) => relationOfParty[row]!),
        relation_start_date: timestamp({ from: "2008-01-01", to: "2021-12-31", offsets: OFFSETS }),
      },
    }),
    table({
      name: "party_address",
      rows: partyOfAddress.length,
      seed,
      columns: {
        load_date: day,
        party_id: reference("parties.party_id", partyId, (row) => partyOfAddress[row]!),
        address_line_1: street(),
        address_line_2: nullable(0.5, oneOf([pattern("Suite ###"), pattern("Apt. ###")])),
        city: city(),
        postal_code: postalCode(),
        country_of_address: pick(COUNTRIES, [6, 2, 2]),
        address_start_date: date({ from: "2008-01-01", to: "2021-12-31" }),
      },
    }),
  ];
  for (const [index, name] of ["accounts", "parties", "party_address"].entries()) {
    const target = join(folder, name);
    // Files of a larger run before must not be read as part of this one.
    await rm(target, { recursive: true, force: true });
    await all[index]!.writeCsv(target, csv);
  }
  return { accounts, parties: accountOfParty.length, addresses: partyOfAddress.length };
}

interface Relations {
  /** The account's row of each party; a row beyond the accounts is an account that does not exist. */
  readonly accountOfParty: Int32Array;
  /** 0 for an account's first party, 1 for its further ones. */
  readonly relationOfParty: Uint8Array;
  /** The party's row of each address; a row beyond the parties is a party that does not exist. */
  readonly partyOfAddress: Int32Array;
}

function relate(accounts: number, seed: number): Relations {
  const draw = new Draw(seed, "relations");
  const most = PARTY_COUNTS.length - 1;
  const accountOfParty = new Int32Array(accounts * most + 1);
  const relationOfParty = new Uint8Array(accounts * most + 1);
  let parties = 0;
  for (let account = 0; account < accounts; account++) {
    draw.at(account);
    let percent = draw.below(100);
    let count = 0;
    while (percent >= PARTY_COUNTS[count]!) percent -= PARTY_COUNTS[count++]!;
    for (let party = 0; party < count; party++) {
      const known = draw.below(200) > 0;
      accountOfParty[parties] = known ? account : accounts + parties;
      relationOfParty[parties++] = party === 0 ? 0 : 1;
    }
  }
  const partyOfAddress = new Int32Array(parties);
  let addresses = 0;
  for (let party = 0; party < parties; party++) {
    draw.at(accounts + party);
    const chance = draw.below(1000);
    if (chance < 900) partyOfAddress[addresses++] = party;
    else if (chance === 999) partyOfAddress[addresses++] = parties + party;
  }
  return {
    accountOfParty: accountOfParty.subarray(0, parties),
    relationOfParty: relationOfParty.subarray(0, parties),
    partyOfAddress: partyOfAddress.subarray(0, addresses),
  };
}
