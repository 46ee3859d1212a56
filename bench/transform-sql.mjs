// The reference transform by hand: what someone who knows DuckDB well would write for the same JSON lines.

const column = (type) => (name) => `'${name}': '${type}'`;
const [date, int, text, instant] = ["DATE", "INTEGER", "VARCHAR", "TIMESTAMPTZ"].map(column);
const COLUMNS = {
  accounts: [
    date("load_date"),
    int("active_ind"),
    text("account_id"),
    text("source_sys"),
    instant("account_start_date"),
    ...["legal_title_1", "legal_title_2", "tax_id_type", "tax_id", "branch_code", "country"].map(text),
  ],
  parties: [
    date("load_date"),
    ...["account_id", "party_id", "relation_type"].map(text),
    instant("relation_start_date"),
  ],
  party_address: [
    date("load_date"),
    ...["party_id", "address_line_1", "address_line_2", "city", "postal_code", "country_of_address"].map(text),
    date("address_start_date"),
  ],
};

const NAMESPACE = "8D3C1F0A52B74E0E9A641C5F7BE0D2A9";
/** JSON of a text or a day; null stays null. */
const json = (value) => `to_json(${value})::VARCHAR`;
const time = (value) => `strftime(${value}::TIMESTAMP, '"%Y-%m-%dT%H:%M:%S.%gZ"')`;
/** A member that is left out when its value is null. */
const member = (name, value) => `coalesce(',"${name}":' || ${value}, '')`;
/** `,"name":{"operation":"INSERT","newValue":…}` */
const leaf = (name, value) => `',"${name}":{"operation":"INSERT"', ${member("newValue", value)}, '}'`;

/** One COPY from the CSV folders to a file of lines. */
export function contractEventsSql(folder, target, loadDate, eventTime) {
  const table = (name) =>
    `read_csv('${folder}/${name}/*.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${COLUMNS[name].join(", ")}})`;
  const hash = `sha1(unhex('${NAMESPACE}') || encode('SBDL-Contract|' || account_id || '|${loadDate}'))`;
  const title = (type, name) =>
    `CASE WHEN ${name} IS NOT NULL THEN '{"contractTitleLineType":"${type}","contractTitleLine":' || ${json(name)} || '}' END`;
  return `COPY (
    WITH addresses AS (
      SELECT party_id, '{' || substr(concat(${[
        member("addressLine1", json("address_line_1")),
        member("addressLine2", json("address_line_2")),
        member("addressCity", json("city")),
        member("addressPostalCode", json("postal_code")),
        member("addressCountry", json("country_of_address")),
        member("addressStartDate", `'"' || address_start_date || '"'`),
      ].join(", ")}), 2) || '}' AS address
      FROM ${table("party_address")}
    ), relations AS (
      SELECT account_id, '[' || string_agg(concat('{"partyIdentifier":{"operation":"INSERT"', ${member("newValue", json("party_id"))}, '}',
        ${leaf("partyRelationshipType", json("relation_type"))}, ${leaf("partyRelationStartDateTime", time("relation_start_date"))},
        CASE WHEN address IS NOT NULL THEN concat(${leaf("partyAddress", "address")}) END, '}'), ',' ORDER BY party_id) || ']' AS relations
      FROM ${table("parties")} LEFT JOIN addresses USING (party_id) GROUP BY account_id
    ), active AS (
      SELECT *, ${hash} AS h FROM ${table("accounts")} WHERE active_ind = 1
    )
    SELECT concat('{"eventHeader":{"eventIdentifier":"', h[1:8], '-', h[9:12], '-5', h[14:16], '-',
      translate(h[17:17], '0123456789abcdef', '89ab89ab89ab89ab'), h[18:20], '-', h[21:32],
      '","eventType":"SBDL-Contract","majorSchemaVersion":1,"minorSchemaVersion":0,"eventDateTime":"${eventTime}"},"keys":[{"keyField":"contractIdentifier"',
      ${member("keyValue", json("account_id"))}, '}],"payload":{"contractIdentifier":{"operation":"INSERT"', ${member("newValue", json("account_id"))}, '}',
      ${leaf("sourceSystemIdentifier", json("source_sys"))}, ${leaf("contactStartDateTime", time("account_start_date"))},
      ',"contractTitle":{"operation":"INSERT","newValue":[', concat_ws(',', ${title("lgl_ttl_ln_1", "legal_title_1")}, ${title("lgl_ttl_ln_2", "legal_title_2")}), ']}',
      ',"taxIdentifier":{"operation":"INSERT","newValue":{', substr(concat(${member("taxIdType", json("tax_id_type"))}, ${member("taxId", json("tax_id"))}), 2), '}}',
      ${leaf("contractBranchCode", json("branch_code"))}, ${leaf("contractCountry", json("country"))},
      ',"partyRelations":' || relations, '}}') AS value
    FROM active LEFT JOIN relations USING (account_id)
  ) TO '${target}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')`;
}
