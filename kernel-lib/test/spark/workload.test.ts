// The daily load on real clusters: the same notebook, the same events as on the embedded engine, byte for byte but the run's time.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BlobServiceClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../../src/kafka/index.ts";
import { Session } from "../../src/sql/index.ts";
import {
  azuriteConnectionString,
  startAzurite,
  startKafka,
  startSpark,
  startSparkStandalone,
  startYarn,
} from "../../src/stack/index.ts";
import { readBack } from "../integration/kafka-read-back.ts";

const START = fileURLToPath(new URL("../../../scripts/start.mjs", import.meta.url));
const HAND_MADE = fileURLToPath(new URL("../fixtures/contract-events", import.meta.url));
const HAND_MADE_DAY = "2024-01-01";
const DUMMY_DAY = "2022-08-02";
const DUMMY = ["--accounts", "5000"];
/** The account of the emulator. */
const ACCOUNT = "devstoreaccount1";

let folder: string;
/** The events of the embedded engine: of the dummy data, and of the files made by hand. */
let dummyEvents: string[];
let handMadeEvents: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "workload-"));
  const dummy = await start(...DUMMY, "--no-publish", "--output", join(folder, "dummy"));
  expect(dummy).toMatchObject({ code: 0, result: { accountsRead: 5000 } });
  dummyEvents = eventsIn(join(folder, "dummy"), DUMMY_DAY);
  expect(dummyEvents).toHaveLength(Number(dummy.result["eventsBuilt"]));
  await start("--input", HAND_MADE, "--load-date", HAND_MADE_DAY, "--no-publish", "--output", join(folder, "made"));
  handMadeEvents = eventsIn(join(folder, "made"), HAND_MADE_DAY);
  expect(handMadeEvents.length).toBeGreaterThan(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `npm start` with options; its last line on standard output is the result. */
async function start(...args: string[]): Promise<{ code: number; result: Record<string, unknown>; stderr: string }> {
  const child = spawn(process.execPath, [START, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const read = { stdout: "", stderr: "" };
  child.stdout.on("data", (text: Buffer) => (read.stdout += text.toString()));
  child.stderr.on("data", (text: Buffer) => (read.stderr += text.toString()));
  const [code] = (await once(child, "close")) as [number];
  const last = read.stdout.trim().split("\n").at(-1) ?? "";
  return {
    code,
    result: last.startsWith("{") ? (JSON.parse(last) as Record<string, unknown>) : {},
    stderr: read.stderr,
  };
}

function eventsIn(output: string, day: string): string[] {
  const place = join(output, `load_date=${day}`);
  const files = readdirSync(place).filter((name) => name.startsWith("part-"));
  return events(files.flatMap((name) => readFileSync(join(place, name), "utf8").split("\n")));
}

/** Events in order, without the time of the run. */
function events(lines: readonly (string | null)[]): string[] {
  const texts = lines.filter((line): line is string => line !== null && line !== "");
  return texts.map((line) => line.replace(/"eventDateTime":"[^"]+"/, "")).sort();
}

async function eventsOn(cluster: Session, output: string, day: string): Promise<string[]> {
  return events((await cluster.read.text(`${output}/load_date=${day}`).toArray("value")) as string[]);
}

describe("Spark 4.0.1 on one machine", () => {
  let server: Awaited<ReturnType<typeof startSpark>>;
  beforeAll(async () => {
    // Hadoop's connector finds an emulator at its usual port alone.
    server = await startSpark({
      version: "4.0.1",
      conf: { "spark.hadoop.fs.azure.storage.emulator.account.name": ACCOUNT },
    });
  });
  afterAll(() => server.stop());

  test("events land in a folder of this program, and Spark's own connector publishes each one", async () => {
    await using broker = await startKafka();
    await using kafka = connect({ "bootstrap.servers": broker.address });
    await kafka.createTopic("contract-events", { partitions: 3 });
    const output = join(folder, "published");
    const run = await start(...DUMMY, "--remote", server.url, "--servers", broker.address, "--output", output);
    expect(run).toMatchObject({ code: 0, result: { eventsBuilt: dummyEvents.length } });
    expect(run.result["eventsAcknowledged"]).toBe(dummyEvents.length);
    expect(eventsIn(output, DUMMY_DAY)).toEqual(dummyEvents);
    const records = await readBack(broker.address, "contract-events");
    expect(events(records.map(({ value }) => value))).toEqual(dummyEvents);
    for (const { key, value } of records) expect(value).toContain(`"keyValue":"${key ?? ""}"`);
  });

  test("files that nobody's generator made give the same events", async () => {
    const output = join(folder, "made-on-spark");
    const input = ["--input", HAND_MADE, "--load-date", HAND_MADE_DAY];
    const run = await start(...input, "--remote", server.url, "--no-publish", "--output", output);
    expect(run.stderr).not.toContain("failed");
    expect(eventsIn(output, HAND_MADE_DAY)).toEqual(handMadeEvents);
  });

  test("tables and events are kept in Azure storage by Hadoop's own connector", async () => {
    await using azurite = await startAzurite({ port: 10000 });
    const connectionString = azuriteConnectionString(azurite);
    await BlobServiceClient.fromConnectionString(connectionString).createContainer("bank");
    const address = (path: string) => `wasb://bank@${ACCOUNT}/${path}`;
    const remote = ["--remote", server.url, "--no-publish"];
    const first = await start(...DUMMY, ...remote, "--stage", address("tables"), "--output", address("events-1"));
    expect(first).toMatchObject({ code: 0, result: { eventsBuilt: dummyEvents.length } });
    const input = ["--input", address("tables"), "--load-date", DUMMY_DAY];
    const second = await start(...input, ...remote, "--output", address("events-2"));
    expect(second).toMatchObject({ code: 0, result: { eventsBuilt: dummyEvents.length } });
    // Read back by this program's own client.
    vi.stubEnv("AZURE_STORAGE_CONNECTION_STRING", connectionString);
    try {
      await using embedded = await Session.builder.remote("local").create();
      for (const place of ["az://bank/events-1", "az://bank/events-2"])
        expect(await eventsOn(embedded, place, DUMMY_DAY)).toEqual(dummyEvents);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test("bad input on a cluster is told in one sentence", async () => {
    const remote = ["--remote", server.url, "--no-publish", "--output", join(folder, "bad")];
    const nowhere = await start("--input", `file://${folder}/nowhere`, ...remote);
    expect(nowhere.code).toBe(1);
    expect(nowhere.stderr).toContain(`There is no table accounts at file://${folder}/nowhere/accounts.`);
    await using cluster = await Session.builder.remote(server.url).create();
    const tables = `file://${folder}/wrong`;
    const accounts = await cluster.sql("SELECT DATE'2024-01-01' load_date, 1 activ_ind, '1' account_id");
    await accounts.write.parquet(`${tables}/accounts`);
    const wrong = await start("--input", tables, ...remote);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain(
      `The table ${tables}/accounts has no column active_ind. It has activ_ind: rename it to active_ind.`,
    );
    const url = await start("--remote", "sc://host:1?token=hidden-secret", "--no-publish");
    expect(url.code).toBe(2);
    expect(url.stderr).not.toContain("hidden-secret");
  });
});

test("a master and two workers make the same events, from tables of the catalog", async () => {
  await using cluster = await startSparkStandalone();
  const output = `file://${folder}/standalone`;
  const first = await start(
    ...DUMMY,
    "--remote",
    cluster.url,
    "--no-publish",
    "--stage",
    "table:default",
    "--output",
    output,
  );
  expect(first).toMatchObject({ code: 0, result: { eventsBuilt: dummyEvents.length } });
  expect(eventsIn(join(folder, "standalone"), DUMMY_DAY)).toEqual(dummyEvents);
  const again = `file://${folder}/standalone-again`;
  const input = ["--input", "table:default", "--load-date", DUMMY_DAY];
  const second = await start(...input, "--remote", cluster.url, "--no-publish", "--output", again);
  expect(second).toMatchObject({ code: 0, result: { eventsBuilt: dummyEvents.length } });
  expect(eventsIn(join(folder, "standalone-again"), DUMMY_DAY)).toEqual(dummyEvents);
  const other = await start(
    "--input",
    "table:default",
    "--load-date",
    "2020-02-02",
    "--remote",
    cluster.url,
    "--no-publish",
  );
  expect(other.stderr).toContain(
    "The accounts have no rows of the load date 2020-02-02. The load dates in the input are 2022-08-02.",
  );
});

test("YARN makes the same events, from Parquet in HDFS and into HDFS", async () => {
  await using cluster = await startYarn();
  const tables = `${cluster.hdfs ?? ""}/tables`;
  const output = `${cluster.hdfs ?? ""}/events`;
  const remote = ["--remote", cluster.url, "--no-publish"];
  const first = await start(...DUMMY, ...remote, "--stage", tables, "--output", `${output}-1`);
  expect(first).toMatchObject({ code: 0, result: { eventsBuilt: dummyEvents.length } });
  const second = await start("--input", tables, "--load-date", DUMMY_DAY, ...remote, "--output", `${output}-2`);
  expect(second).toMatchObject({ code: 0, result: { eventsBuilt: dummyEvents.length } });
  await using session = await Session.builder.remote(cluster.url).create();
  for (const place of [`${output}-1`, `${output}-2`])
    expect(await eventsOn(session, place, DUMMY_DAY)).toEqual(dummyEvents);
});

test("what a run was told of the server is in no file of it", async () => {
  const executed = fileURLToPath(new URL("../../../output/contract-events.executed.ipynb", import.meta.url));
  const run = await start(...DUMMY, "--no-publish", "--remote", "sc://127.0.0.1:1/;token=hidden-secret;use_ssl=false");
  expect(run.code).toBe(1);
  expect(run.stderr).toContain("nothing listens there");
  expect(`${run.stderr}${readFileSync(executed, "utf8")}`).not.toContain("hidden-secret");
  expect(execFileSync("ps", ["-eo", "args="], { encoding: "utf8" })).not.toContain("hidden-secret");
});
