import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
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
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openContainer } from "sluice/azure";
import { connect, readTopic, textAt } from "sluice/kafka";
import { startAzurite, startKafka } from "sluice/stack";
import type { LocalAzurite, LocalKafka } from "sluice/stack";
import { referenceEvents } from "./workload-reference.ts";

const START = fileURLToPath(new URL("../../../scripts/start.mjs", import.meta.url));
const HAND_MADE = fileURLToPath(new URL("../fixtures/contract-events", import.meta.url));
const DAY = "2024-01-01";

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let storage: LocalAzurite;
let broker: LocalKafka;
beforeAll(async () => {
  [storage, broker] = await Promise.all([startAzurite(), startKafka()]);
  await using cluster = connect({ "bootstrap.servers": broker.address });
  await cluster.createTopic("contract-events", { partitions: 3 });
  await (await openContainer("az://processed/", { connectionString: storage.connectionString })).create();
});
afterAll(() => Promise.all([storage.stop(), broker.stop()]));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "start-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function launch(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): ChildProcess {
  const clean = {
    ...process.env,
    AZURE_STORAGE_CONNECTION_STRING: undefined,
    KAFKA_SERVERS: undefined,
    NODE_OPTIONS: undefined,
  };
  return spawn(process.execPath, [START, ...args], {
    env: { ...clean, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

const start = (args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}) =>
  outcomeOf(launch(args, env));
const services = () => ({ AZURE_STORAGE_CONNECTION_STRING: storage.connectionString, KAFKA_SERVERS: broker.address });
const lastLine = ({ stdout }: Outcome) => JSON.parse(stdout.trimEnd().split("\n").at(-1)!) as Record<string, unknown>;
const timeless = (event: string) => event.replace(/"eventDateTime":"[^"]*"/, '"eventDateTime":"<time>"');
const idOf = (event: string) =>
  (JSON.parse(event) as { eventHeader: { eventIdentifier: string } }).eventHeader.eventIdentifier;

function landed(places: string): string[] {
  return readdirSync(places)
    .filter((name) => name.startsWith("part-"))
    .flatMap((name) => readFileSync(join(places, name), "utf8").split("\n").filter(Boolean))
    .sort();
}

async function published(): Promise<Map<string, string[]>> {
  const events = new Map<string, string[]>();
  for await (const batch of readTopic({ "bootstrap.servers": broker.address, topic: "contract-events" })) {
    for (let row = 0; row < batch.rows; row++) {
      const key = textAt(batch.key, row)!;
      events.set(key, [...(events.get(key) ?? []), textAt(batch.value, row)!]);
    }
  }
  return events;
}

test("a folder of one's own is landed, and the last line holds the counts", async () => {
  const output = join(folder, "out");
  const outcome = await start(["--input", HAND_MADE, "--load-date", DAY, "--output", output, "--no-publish"]);
  expect(outcome.code, outcome.stderr).toBe(0);
  const { seconds, ...counts } = lastLine(outcome);
  expect(seconds).toBeGreaterThan(0);
  expect(counts).toEqual({
    accountsRead: 6,
    accountsActive: 5,
    eventsBuilt: 5,
    eventsAcknowledged: null,
    partiesWithoutAccount: 2,
    addressesWithoutParty: 1,
    rejected: 0,
    output,
    topic: null,
  });
  expect(landed(join(output, `load_date=${DAY}`)).map(timeless)).toEqual(
    [...referenceEvents(HAND_MADE, DAY).values()].sort(),
  );
});

test("dummy data goes to Azure and Kafka, and a second run gives the same events again", async () => {
  const ids: Map<string, string>[] = [];
  for (let run = 1; run <= 2; run++) {
    const outcome = await start(["--accounts", "400"], services());
    expect(outcome.code, outcome.stderr).toBe(0);
    const counts = lastLine(outcome);
    expect(counts).toMatchObject({
      accountsRead: 400,
      rejected: 0,
      output: "az://processed/contract-events",
      topic: "contract-events",
    });
    expect(counts["eventsAcknowledged"]).toBe(counts["accountsActive"]);
    expect(counts["eventsBuilt"]).toBe(counts["accountsActive"]);
    const events = await published();
    expect(events.size).toBe(counts["eventsBuilt"]);
    expect([...events.values()].every((versions) => versions.length === run)).toBe(true);
    ids.push(new Map([...events].map(([key, versions]) => [key, idOf(versions.at(-1)!)])));
    expect(new Set(ids[0]!.values()).size).toBe(events.size);
  }
  expect(ids[1]).toEqual(ids[0]);
});

test("without Java the events are landed, and the exit code says that they were not published", async () => {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  const output = join(folder, "out");
  const outcome = await start(["--accounts", "50", "--output", output], { PATH: bin, JAVA_HOME: undefined });
  expect(outcome.stderr).toMatch(/Java.*(install|Install)/);
  expect(outcome.code, outcome.stderr).toBe(6);
  expect(lastLine(outcome)).toMatchObject({ accountsRead: 50, eventsAcknowledged: null, topic: null });
  expect(landed(join(output, "load_date=2022-08-02"))).toHaveLength(lastLine(outcome)["eventsBuilt"] as number);
});

test("rejected rows are told in the exit code and stand in their file", async () => {
  cpSync(HAND_MADE, join(folder, "in"), { recursive: true });
  const file = join(folder, "in", "accounts", "more.csv");
  writeFileSync(file, `${readFileSync(file, "utf8")}2024-01-01,1,0000000011,COR,not a time,A,,EIN,T,B,Canada\n`);
  const outcome = await start([
    "--input",
    join(folder, "in"),
    "--load-date",
    DAY,
    "--output",
    join(folder, "out"),
    "--no-publish",
  ]);
  expect(outcome.code, outcome.stderr).toBe(7);
  expect(lastLine(outcome)).toMatchObject({ accountsActive: 6, eventsBuilt: 5, rejected: 1 });
  const reject = JSON.parse(
    readFileSync(join(folder, "out", "rejects", `load_date=${DAY}`, "rejects.json"), "utf8"),
  ) as object;
  expect(reject).toMatchObject({
    table: "accounts",
    file,
    line: 4,
    reason: "account_start_date is not a timestamp: not a time",
  });
});

test.each<[string, () => string[], RegExp, number]>([
  ["a misspelt option", () => ["--acounts", "5"], /There is no option --acounts\. Did you mean --accounts\?/, 2],
  ["an unknown profile", () => ["--profile", "PORD"], /There is no profile PORD\. Did you mean PROD\?/, 2],
  [
    "a missing secret",
    () => ["--profile", "PROD", "--accounts", "5", "--output", join(folder, "out")],
    /The secret KAFKA_SERVERS is not set/,
    1,
  ],
  [
    "a day without rows",
    () => ["--input", HAND_MADE, "--load-date", "2023-01-01", "--output", join(folder, "out"), "--no-publish"],
    /2023-01-01.*2024-01-01, 2024-01-02/,
    1,
  ],
  [
    "an output in the input",
    () => ["--input", folder, "--output", join(folder, "out"), "--no-publish"],
    /The output \S+ lies in the input \S+\. Name a place apart/,
    1,
  ],
  [
    "a topic that is not there",
    () => ["--accounts", "5", "--topic", "no-such-topic", "--servers", broker.address, "--output", join(folder, "out")],
    /no-such-topic/,
    1,
  ],
  [
    "a broker that is down",
    () => ["--accounts", "5", "--servers", "127.0.0.1:9", "--output", join(folder, "out")],
    /127\.0\.0\.1:9/,
    1,
  ],
])("%s is one sentence and a code, and nothing is landed", async (_, args, message, code) => {
  const outcome = await start(args());
  expect(
    outcome.stderr
      .split("\n")
      .filter((line) => line.startsWith("sluice:"))
      .join("\n"),
  ).toMatch(message);
  expect(outcome.code).toBe(code);
  expect(existsSync(join(folder, "out"))).toBe(false);
});

test("a folder for temporary files that is not there is one sentence", async () => {
  const missing = join(folder, "nowhere");
  const outcome = await start(["--accounts", "5", "--output", join(folder, "out"), "--no-publish"], {
    TMPDIR: missing,
  });
  // The kernel cannot start.
  expect(outcome.code).toBe(4);
  expect(outcome.stderr).toContain(
    `sluice: No temporary folder can be made in ${missing}: it does not exist. Set TMPDIR to a folder that is there and can be written.`,
  );
});

test("a container that is not there is named", async () => {
  const outcome = await start(["--accounts", "5", "--output", "az://no-such-container/x", "--no-publish"], services());
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toMatch(/container no-such-container does not exist/);
});

test("Ctrl-C in the middle leaves no partial output", async () => {
  const output = join(folder, "out");
  const child = launch(["--accounts", "300000", "--output", output, "--no-publish"]);
  const ended = outcomeOf(child);
  // The next cell lands the events, which takes seconds.
  await new Promise<void>((resolve) =>
    child.stderr!.on("data", (text: string) => void (/\] Events: done/.test(text) && resolve())),
  );
  await setTimeout(300);
  child.kill("SIGINT");
  expect((await ended).code).toBe(130);
  expect(existsSync(join(output, "load_date=2022-08-02"))).toBe(false);
});
