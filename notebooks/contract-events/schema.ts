/** One table of the daily load: its folder below the input, and its columns with their Spark types. */
export interface Table {
  readonly name: "accounts" | "parties" | "party_address";
  readonly columns: Readonly<Record<string, "STRING" | "INT" | "DATE" | "TIMESTAMP">>;
  /** Columns that must have a value: rows without one are rejected. */
  readonly required: readonly string[];
  /** The columns whose values together no two rows of one load may share. */
  readonly unique: readonly string[];
}

export const accounts: Table = {
  name: "accounts",
  columns: {
    load_date: "DATE",
    active_ind: "INT",
    account_id: "STRING",
    source_sys: "STRING",
    account_start_date: "TIMESTAMP",
    legal_title_1: "STRING",
    legal_title_2: "STRING",
    tax_id_type: "STRING",
    tax_id: "STRING",
    branch_code: "STRING",
    country: "STRING",
  },
  required: ["load_date", "active_ind", "account_id"],
  unique: ["account_id"],
};

export const parties: Table = {
  name: "parties",
  columns: {
    load_date: "DATE",
    account_id: "STRING",
    party_id: "STRING",
    relation_type: "STRING",
    relation_start_date: "TIMESTAMP",
  },
  required: ["load_date", "account_id", "party_id"],
  // A second row would put the party into the event of its account twice.
  unique: ["account_id", "party_id"],
};

export const partyAddress: Table = {
  name: "party_address",
  columns: {
    load_date: "DATE",
    party_id: "STRING",
    address_line_1: "STRING",
    address_line_2: "STRING",
    city: "STRING",
    postal_code: "STRING",
    country_of_address: "STRING",
    address_start_date: "DATE",
  },
  required: ["load_date", "party_id"],
  // A second address would double the party in the event.
  unique: ["party_id"],
};

export const tables: readonly Table[] = [accounts, parties, partyAddress];
