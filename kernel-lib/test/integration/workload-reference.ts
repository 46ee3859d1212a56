// The contract events computed a second time, by plain means and without any of the project's code: the measure for the workload.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Row = Record<string, string | null>;

/** Reads a CSV folder: values by column name, null for an empty field. */
export function readFolder(folder: string): Row[] {
  const rows: Row[] = [];
  for (const file of readdirSync(folder).sort()) {
    const [header, ...records] = parseCsv(readFileSync(join(folder, file), "utf8"));
    for (const record of records)
      rows.push(Object.fromEntries(header!.map((name, index) => [name, record[index] || null])));
  }
  return rows;
}

function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[at + 1] === '"') field += text[++at]!;
      else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === ",") {
      record.push(field);
      field = "";
    } else if (sign === "\n") {
      record.push(field);
      records.push(record);
      record = [];
      field = "";
    } else if (sign !== "\r") field += sign;
  }
  if (field !== "" || record.length > 0) records.push([...record, field]);
  return records;
}

const NAMESPACE = "8d3c1f0a52b74e0e9a641c5f7be0d2a9";

function uuidOf(name: string): string {
  const bytes = createHash("sha1").update(Buffer.from(NAMESPACE, "hex")).update(name, "utf8").digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const known = <T>(value: T | null | undefined): T | undefined => value ?? undefined;
const leaf = <T>(newValue: T | null | undefined) => ({ operation: "INSERT", newValue: known(newValue) });

/** A timestamp as the session's time zone, UTC, prints it. */
function moment(text: string | null | undefined): string | undefined {
  if (text == null) return undefined;
  return new Date(/(Z|[+-]\d\d:\d\d)$/.test(text) || text.length === 10 ? text : `${text}Z`).toISOString();
}

/** The events of a day by account id, as JSON texts; the event time is left open as `<time>`. */
export function referenceEvents(input: string, loadDate: string): Map<string, string> {
  const ofDay = (table: string) => readFolder(join(input, table)).filter((row) => row["load_date"] === loadDate);
  const addresses = new Map(ofDay("party_address").map((row) => [row["party_id"], row]));
  const parties = new Map<string, Row[]>();
  for (const party of ofDay("parties"))
    parties.set(party["account_id"]!, [...(parties.get(party["account_id"]!) ?? []), party]);

  const events = new Map<string, string>();
  for (const account of ofDay("accounts").filter((row) => row["active_ind"] === "1")) {
    const id = account["account_id"]!;
    const titles = [
      { contractTitleLineType: "lgl_ttl_ln_1", contractTitleLine: account["legal_title_1"] },
      { contractTitleLineType: "lgl_ttl_ln_2", contractTitleLine: account["legal_title_2"] },
    ];
    const relations = parties
      .get(id)
      ?.sort((a, b) => Buffer.compare(Buffer.from(a["party_id"]!), Buffer.from(b["party_id"]!)))
      .map((party) => {
        const address = addresses.get(party["party_id"]);
        return {
          partyIdentifier: leaf(party["party_id"]),
          partyRelationshipType: leaf(party["relation_type"]),
          partyRelationStartDateTime: leaf(moment(party["relation_start_date"])),
          partyAddress: address && leaf(addressOf(address)),
        };
      });
    const event = {
      eventHeader: {
        eventIdentifier: uuidOf(`SBDL-Contract|${id}|${loadDate}`),
        eventType: "SBDL-Contract",
        majorSchemaVersion: 1,
        minorSchemaVersion: 0,
        eventDateTime: "<time>",
      },
      keys: [{ keyField: "contractIdentifier", keyValue: id }],
      payload: {
        contractIdentifier: leaf(id),
        sourceSystemIdentifier: leaf(account["source_sys"]),
        contactStartDateTime: leaf(moment(account["account_start_date"])),
        contractTitle: leaf(titles.filter((title) => title.contractTitleLine !== null)),
        taxIdentifier: leaf({ taxIdType: known(account["tax_id_type"]), taxId: known(account["tax_id"]) }),
        contractBranchCode: leaf(account["branch_code"]),
        contractCountry: leaf(account["country"]),
        partyRelations: relations,
      },
    };
    events.set(id, JSON.stringify(event));
  }
  return events;
}

function addressOf(row: Row): Record<string, string | undefined> {
  return {
    addressLine1: known(row["address_line_1"]),
    addressLine2: known(row["address_line_2"]),
    addressCity: known(row["city"]),
    addressPostalCode: known(row["postal_code"]),
    addressCountry: known(row["country_of_address"]),
    addressStartDate: known(row["address_start_date"]),
  };
}
