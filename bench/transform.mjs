// The reference transform (contract events as JSON lines) on the embedded engine against the same job as hand-written SQL
// in DuckDB's own client, in the same run, each in a process of its own. The lines must be the same, byte for byte.
// After `npm run build`: node bench/transform.mjs [--accounts 2000000] [--memory-limit 1GB] [--rounds 3] [--data FOLDER]
// Exits with 1 when the time ratio or the peak memory is above its target, or when a line differs.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { DuckDBInstance } from "@duckdb/node-api";
import { transform } from "oxc-transform";

import { contractEventsSql } from "./transform-sql.mjs";

const TARGET_RATIO = 1.3;
const TARGET_MIB = { unlimited: 4096, limited: 1536 };
const LOAD_DATE = "2024-03-01";
const EVENT_TIME = "2024-03-02T01:02:03+0000";
const TABLES = {
  accounts:
    "load_date DATE, active_ind INT, account_id STRING, source_sys STRING, account_start_date TIMESTAMP, legal_title_1 STRING, legal_title_2 STRING, tax_id_type STRING, tax_id STRING, branch_code STRING, country STRING",
  parties: "load_date DATE, account_id STRING, party_id STRING, relation_type STRING, relation_start_date TIMESTAMP",
  party_address:
    "load_date DATE, party_id STRING, address_line_1 STRING, address_line_2 STRING, city STRING, postal_code STRING, country_of_address STRING, address_start_date DATE",
};

const { values: given } = parseArgs({
  options: {
    accounts: { type: "string", default: "2000000" },
    "memory-limit": { type: "string" },
    rounds: { type: "string", default: "3" },
    data: { type: "string" },
    child: { type: "string" },
    work: { type: "string" },
  },
});

const CHILDREN = { generate, sluice, duckdb, compare };
if (given.child) console.log(JSON.stringify(await CHILDREN[given.child]()));
else await main();

async function main() {
  const work = mkdtempSync(join(tmpdir(), "bench-"));
  process.once("exit", () => rmSync(work, { recursive: true, force: true }));
  const data = given.data ?? join(work, "data");
  if (!given.data) child("generate", data, work);
  const runs = { sluice: [], duckdb: [] };
  for (let round = 0; round < Number(given.rounds); round++) {
    // In turn, so that a busy machine is unfair to neither.
    for (const side of round % 2 ? ["duckdb", "sluice"] : ["sluice", "duckdb"])
      runs[side].push(child(side, data, work));
  }
  const same = child("compare", data, work);
  const best = (side) => runs[side].sort((a, b) => a.seconds - b.seconds)[0];
  const cpu = (side) => Math.min(...runs[side].map((run) => run.cpu));
  const [ours, theirs] = [best("sluice"), best("duckdb")];
  const ratio = ours.seconds / theirs.seconds;
  const limit = given["memory-limit"] ? TARGET_MIB.limited : TARGET_MIB.unlimited;
  const peak = Math.max(...runs.sluice.map((run) => run.peakMiB));
  console.log(
    `DuckDB, SQL by hand   ${theirs.seconds.toFixed(1)} s   ${cpu("duckdb").toFixed(1)} s of processors   peak ${theirs.peakMiB} MiB`,
  );
  console.log(
    `sluice                ${ours.seconds.toFixed(1)} s   ${cpu("sluice").toFixed(1)} s of processors   peak ${peak} MiB   ${ours.rows} events`,
  );
  console.log(
    `time ratio ${ratio.toFixed(2)} (target at most ${TARGET_RATIO}; of processors ${(cpu("sluice") / cpu("duckdb")).toFixed(2)}), memory target ${limit} MiB, lines ${same.equal ? "the same" : "DIFFERENT"}`,
  );
  process.exitCode = ratio <= TARGET_RATIO && peak < limit && same.equal ? 0 : 1;
}

function child(name, data, work) {
  const args = [
    fileURLToPath(import.meta.url),
    "--child",
    name,
    "--data",
    data,
    "--work",
    work,
    "--accounts",
    given.accounts,
  ];
  if (given["memory-limit"]) args.push("--memory-limit", given["memory-limit"]);
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
}

/** The workload's own TypeScript module, in JavaScript beside the work, with the built library. */
async function workload(name) {
  const source = fileURLToPath(new URL(`../notebooks/contract-events/${name}.ts`, import.meta.url));
  const { code } = await transform(source, readFileSync(source, "utf8"));
  const target = join(given.work, `${name}.mjs`);
  writeFileSync(
    target,
    code.replace(/(from\s+)"(sluice\/[^"]+)"/g, (_, from, module) => `${from}"${import.meta.resolve(module)}"`),
  );
  return import(target);
}

async function generate() {
  const { generateTables } = await workload("generate");
  mkdirSync(given.data, { recursive: true });
  return generateTables({ folder: given.data, accounts: Number(given.accounts), seed: 42, loadDate: LOAD_DATE });
}

async function sluice() {
  const { Session } = await import("sluice/sql");
  const { buildEvents } = await workload("transform");
  let builder = Session.builder.config("spark.sql.session.timeZone", "UTC");
  if (given["memory-limit"]) builder = builder.config("sluice.memoryLimit", given["memory-limit"]);
  const spark = await builder.getOrCreate();
  const timed = stopwatch();
  const read = (table) =>
    spark.read
      .schema(TABLES[table])
      .option("header", true)
      .option("multiLine", true)
      .option("escape", '"')
      .csv(join(given.data, table));
  const tables = { accounts: read("accounts"), parties: read("parties"), partyAddress: read("party_address") };
  const events = buildEvents(tables, { loadDate: LOAD_DATE, eventDateTime: EVENT_TIME });
  await events.select("value").write.mode("overwrite").text(join(given.work, "sluice"));
  const times = timed();
  const rows = await spark.read.text(join(given.work, "sluice")).count();
  await spark.stop();
  return { ...times, peakMiB: peakMiB(), rows: Number(rows) };
}

async function duckdb() {
  // Without the memory limit, whatever was asked: its lists cannot spill, and it fails under one.
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const timed = stopwatch();
  await connection.run(contractEventsSql(given.data, join(given.work, "duckdb.txt"), LOAD_DATE, EVENT_TIME));
  return { ...timed(), peakMiB: peakMiB() };
}

/** Seconds by the clock, and of processor time on all threads, which a busy machine changes less. */
function stopwatch() {
  const started = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
  };
}

/** The most memory this process has had at once. */
function peakMiB() {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024);
}

/** Whether both sides wrote the same lines, in any order. */
async function compare() {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const digest = async (path) => {
    const lines = `read_csv('${path}', auto_detect = false, header = false, columns = {'line': 'VARCHAR'}, delim = '\x01', quote = '', escape = '')`;
    const reader = await connection.runAndReadAll(
      `SELECT count(*)::VARCHAR, sum(hash(line))::VARCHAR, sum(hash(line || 'x'))::VARCHAR FROM ${lines}`,
    );
    return reader.getRows()[0].join(" ");
  };
  const [part] = readdirSync(join(given.work, "sluice")).filter((name) => name.startsWith("part-"));
  const [ours, theirs] = [await digest(join(given.work, "sluice", part)), await digest(join(given.work, "duckdb.txt"))];
  return { equal: ours === theirs, ours, theirs };
}
