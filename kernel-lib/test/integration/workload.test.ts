import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Session } from "sluice/sql";
import { generateTables } from "../../../notebooks/contract-events/generate.ts";
import { readLoad } from "../../../notebooks/contract-events/input.ts";
import type { Load } from "../../../notebooks/contract-events/input.ts";
import {
  checkOutput,
  landEvents,
  landReconciliation,
  landRejects,
  placesOf,
} from "../../../notebooks/contract-events/land.ts";
import { reconcile } from "../../../notebooks/contract-events/reconcile.ts";
import { buildEvents } from "../../../notebooks/contract-events/transform.ts";
import { referenceEvents } from "./workload-reference.ts";

const HAND_MADE = fileURLToPath(new URL("../fixtures/contract-events", import.meta.url));
const SPARKS_ANSWER = new URL("../fixtures/contract-events-spark-4.0.1.tsv", import.meta.url);
const DAY = "2024-01-01";

let spark: Session;
let folder: string;
const loads: Load[] = [];
beforeAll(async () => {
  spark = await Session.builder.appName("workload").config("spark.sql.session.timeZone", "UTC").getOrCreate();
});
afterAll(() => spark.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workload-"));
});
afterEach(async () => {
  for (const load of loads.splice(0)) await load.close();
  rmSync(folder, { recursive: true });
});

async function read(input: string, day = DAY): Promise<Load> {
  const load = await readLoad(spark, input, day);
  loads.push(load);
  return load;
}

async function eventsOf(load: Load): Promise<Map<string, string>> {
  const rows = await buildEvents(load, { loadDate: load.loadDate, eventDateTime: "<time>" }).collect();
  return new Map(rows.map((row) => [String(row.get("key")), String(row.get("value"))]));
}

/** The hand-made tables with one file changed. */
function changed(file: string, change: (text: string) => string): string {
  cpSync(HAND_MADE, folder, { recursive: true });
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file), "utf8")));
  return folder;
}

const inOrder = (events: ReadonlyMap<string, string>) => [...events].sort(([a], [b]) => (a < b ? -1 : 1));

test("the reference gives what Spark 4.0.1 gives", () => {
  const spark = new Map(
    readFileSync(SPARKS_ANSWER, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t") as [string, string]),
  );
  expect(inOrder(referenceEvents(HAND_MADE, DAY))).toEqual(inOrder(spark));
});

test("tables made by hand give the events of an independent script, and the counts add up", async () => {
  const load = await read(HAND_MADE);
  expect(inOrder(await eventsOf(load))).toEqual(inOrder(referenceEvents(HAND_MADE, DAY)));
  expect(load.counts).toEqual({
    accountsRead: 6,
    accountsActive: 5,
    rejected: 0,
    partiesRead: 8,
    addressesRead: 4,
    partiesWithoutAccount: 2,
    addressesWithoutParty: 1,
  });
  expect(load.rejects).toEqual([]);
  expect((await eventsOf(await read(HAND_MADE, "2024-01-02"))).size).toBe(2);
});

test("generated tables give the same events as the independent script", async () => {
  await generateTables({ folder, accounts: 3000, seed: 7, loadDate: DAY });
  const load = await read(folder, "");
  const expected = referenceEvents(folder, DAY);
  expect(load.counts).toMatchObject({ accountsRead: 3000, accountsActive: expected.size, rejected: 0 });
  expect(inOrder(await eventsOf(load))).toEqual(inOrder(expected));
});

test("events, rejects and counts land beside each other, and a second run replaces the first", async () => {
  const load = await read(HAND_MADE);
  const output = join(folder, "out");
  const places = placesOf(output, DAY);
  const events = buildEvents(load, { loadDate: DAY, eventDateTime: "<time>" });
  for (const rejects of [[{ table: "accounts", file: "a.csv", line: 2, reason: "wrong", row: "x" }], []]) {
    const { count: built } = await landEvents(spark, events, places.events);
    await landRejects(spark, rejects, places.rejects);
    await landReconciliation(spark, reconcile(load.counts, built, built), places.reconciliation);
    const lines = readdirSync(places.events)
      .filter((name) => /^part-/.test(name))
      .flatMap((name) => readFileSync(join(places.events, name), "utf8").trimEnd().split("\n"));
    expect(lines.sort()).toEqual([...referenceEvents(HAND_MADE, DAY).values()].sort());
    expect(existsSync(join(places.rejects, "rejects.json"))).toBe(rejects.length > 0);
    expect(JSON.parse(readFileSync(join(places.reconciliation, "reconciliation.json"), "utf8"))).toMatchObject({
      eventsBuilt: 5,
      eventsAcknowledged: 5,
    });
  }
  expect(() => reconcile(load.counts, 4, null)).toThrow("4 events were built, but 5 active accounts");
  expect(() => reconcile(load.counts, 5, 4)).toThrow("Kafka acknowledged 4 of 5 events.");
});

test("rows that do not parse are rejected with file, line and reason, and the counts still add up", async () => {
  const bad = [
    "2024-01-01,1,0000000011,COR,not a time,A,,EIN,T,B,Canada",
    "2024-01-01,2,0000000012,COR,2018-03-24T13:56:45Z,A,,EIN,T,B,Canada",
    "2024-01-01,1,,COR,2018-03-24T13:56:45Z,A,,EIN,T,B,Canada",
    "2024-01-01,1,0000000013,COR,2018-03-24T13:56:45Z",
    '2024-01-01,1,0000000014,COR,13:56:45,"A\nB",,EIN,T,B,Canada',
    "2024-01-01,0,0000000015,COR,2018-02-30T00:00:00Z,A,,EIN,T,B,Canada",
    "01/02/2024,1,0000000016,COR,2018-03-24T13:56:45Z,A,,EIN,T,B,Canada",
    "2024-01-02,1,0000000017,COR,another day's mistake,A,,EIN,T,B,Canada",
    "2024-01-01,1,0000000018,COR,2018-03-24T13:56:45Z,good,,EIN,T,B,Canada",
  ];
  const input = changed("accounts/more.csv", (text) => text + bad.join("\r\n") + "\r\n");
  writeFileSync(
    join(input, "parties", "more.csv"),
    "load_date,account_id,party_id,relation_type,relation_start_date\n2024-01-01,0000000018,9100000001,F-N,yesterday\n",
  );
  const load = await read(input);
  const file = join(input, "accounts", "more.csv");
  const line = (index: number) => 4 + index;
  expect(load.rejects).toEqual([
    {
      table: "accounts",
      file,
      line: line(0),
      reason: "account_start_date is not a timestamp: not a time",
      row: bad[0],
    },
    { table: "accounts", file, line: line(1), reason: "active_ind is not 0 or 1: 2", row: bad[1] },
    { table: "accounts", file, line: line(2), reason: "account_id is empty", row: bad[2] },
    {
      table: "accounts",
      file,
      line: line(3),
      reason: "the row has another number of fields than the header",
      row: bad[3],
    },
    { table: "accounts", file, line: line(4), reason: "account_start_date is not a timestamp: 13:56:45", row: bad[4] },
    {
      table: "accounts",
      file,
      line: line(6),
      reason: "account_start_date is not a timestamp: 2018-02-30T00:00:00Z",
      row: bad[5],
    },
    { table: "accounts", file, line: line(7), reason: "load_date is not a date: 01/02/2024", row: bad[6] },
    {
      table: "parties",
      file: join(input, "parties", "more.csv"),
      line: 2,
      reason: "relation_start_date is not a timestamp: yesterday",
      row: "2024-01-01,0000000018,9100000001,F-N,yesterday",
    },
  ]);
  // Seven rejected accounts, one of them known to be inactive; and one more good one.
  expect(load.counts).toMatchObject({ accountsRead: 14, accountsActive: 12, rejected: 6, partiesWithoutAccount: 2 });
  const events = await eventsOf(load);
  expect(reconcile(load.counts, events.size, null).eventsBuilt).toBe(6);
  expect(events.has("0000000018")).toBe(true);
});

test.each<[string, string, (text: string) => string, string, RegExp]>([
  [
    "a missing column",
    "parties/parties.csv",
    (text) => text.replace(",relation_type", ",note"),
    "INPUT_INVALID",
    /parties\.csv has no column relation_type/,
  ],
  [
    "a misnamed column",
    "accounts/by-hand.csv",
    (text) => text.replace("legal_title_1", "legal_titel_1"),
    "INPUT_INVALID",
    /by-hand\.csv has no column legal_title_1\. Its header has legal_titel_1: rename it/,
  ],
  [
    "a column that is there twice",
    "parties/parties.csv",
    (text) => text.replace("relation_type", "party_id"),
    "INPUT_INVALID",
    /has the column party_id twice/,
  ],
  [
    "a repeated account id",
    "accounts/more.csv",
    (text) => text.replace("0000000005", "0000000001"),
    "INPUT_INVALID",
    /account_id 0000000001 stands 2 times in accounts of 2024-01-01/,
  ],
  [
    "a repeated address",
    "party_address/part-0.csv",
    (text) => text.replace("9999999999", "9000000001"),
    "INPUT_INVALID",
    /party_id 9000000001 stands 2 times in party_address/,
  ],
])("%s stops the run", async (_, file, change, code, message) => {
  await expect(read(changed(file, change))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
  });
});

test("a quote that is never closed is a reject in the last row, and stops the run before it", async () => {
  const row = (id: string, title: string) => `2024-01-01,1,${id},COR,2018-03-24T13:56:45Z,${title},,EIN,T,B,Canada\r\n`;
  const last = row("0000000011", '"A');
  const load = await read(changed("accounts/more.csv", (text) => text + last));
  expect(load.rejects).toMatchObject([{ line: 4, reason: "a quote is never closed", row: last.trimEnd() }]);
  const input = changed("accounts/more.csv", (text) => text + last + row("0000000012", "B"));
  await expect(read(input)).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: expect.stringMatching(/line 4 of .*more\.csv is never closed/) as string,
  });
});

test("a file that is not UTF-8 or cannot be read is named", async () => {
  const input = changed("accounts/more.csv", (text) => text);
  const file = join(input, "parties", "more.csv");
  const header = "load_date,account_id,party_id,relation_type,relation_start_date\n";
  for (const [before, line] of [
    [header, 2],
    // Beyond the piece that is read for the header.
    [header + "2024-01-01,0000000001,1,F-N,\n".repeat(50_000), 50_002],
  ] as const) {
    writeFileSync(file, Buffer.concat([Buffer.from(before), Buffer.from([0xc3, 0x28, 0x0a])]));
    await expect(read(input)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: `The file ${file} is not UTF-8 in line ${line}.`,
    });
  }
  rmSync(file);
  symlinkSync(join(folder, "nowhere"), file);
  await expect(read(input)).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: `The file ${file} cannot be read: ENOENT.`,
  });
});

test("an output that cannot be written is known before the work", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  await checkOutput(spark, join(folder, "new", "folder"));
  await expect(checkOutput(spark, join(file, "below"))).rejects.toMatchObject({
    code: "USAGE",
    message: `The output ${join(file, "below")} cannot be a folder, because ${file} is a file. Name another with --output.`,
  });
  expect(existsSync(join(folder, "new"))).toBe(false);
});

test("a file that mixes line ends is refused, since its rows cannot be told apart", async () => {
  const input = changed(
    "accounts/more.csv",
    (text) => text + "2024-01-01,1,0000000011,COR,,A,,EIN,T,B,Canada\n2024-01-01,1,0000000012,COR,,A,,EIN,T,B,Canada\n",
  );
  await expect(read(input)).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: expect.stringMatching(/accounts.*line ends/) as string,
  });
});

test("a day without rows is an error that says which days there are, and so is a day that is not said", async () => {
  await expect(read(HAND_MADE, "2023-12-31")).rejects.toMatchObject({
    code: "INPUT_EMPTY",
    message: expect.stringMatching(/2023-12-31.*2024-01-01, 2024-01-02/) as string,
  });
  await expect(read(HAND_MADE, "2023-02-29")).rejects.toMatchObject({ code: "USAGE" });
  await expect(read(HAND_MADE, "")).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: expect.stringMatching(/2 load dates: 2024-01-01, 2024-01-02.*--load-date/) as string,
  });
});

test("a folder or a table that is not there is named", async () => {
  await expect(read(join(folder, "nowhere"))).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("nowhere") as string,
  });
  cpSync(HAND_MADE, folder, { recursive: true });
  mkdirSync(join(folder, "party_adress"));
  cpSync(join(folder, "party_address"), join(folder, "party_adress"), { recursive: true });
  rmSync(join(folder, "party_address"), { recursive: true });
  await expect(read(folder)).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringMatching(/no folder party_address.*It has party_adress/) as string,
  });
});
