// Our client of Spark Connect against PySpark's own, on one and the same Spark 4.0.1, in turn: 5,000,000 rows out as Arrow, a trivial
// query (median), 1,000,000 rows of the program up, and the memory while 20,000,000 rows stream by.
// After `npm run build`: node bench/spark-connect.mjs [--rounds 5] [--remote sc://host:15002]
// PySpark's client is installed into the cache folder when it is not there. Exits with 1 when a target is missed.
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { Session } from "../kernel-lib/dist/sql/index.js";
import { cacheFolder, startSpark } from "../kernel-lib/dist/stack/index.js";

const PYSPARK = "4.0.1";
const ROWS_OUT = 5_000_000;
const ROWS_UP = 1_000_000;
const ROWS_STREAMED = 20_000_000;
const TRIVIAL = 40;
const MOST_MEGABYTES = 400;
const wide = (rows) =>
  `select id, cast(id % 1000 as int) k, id * 1.5D v, concat('name_', id % 1000) s, id % 2 = 0 b from range(0, ${rows}, 1, 8)`;

const { values: given } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, remote: { type: "string" } },
});
const server = given.remote
  ? { url: given.remote, stop: async () => undefined }
  : await startSpark({ version: PYSPARK, quick: false, conf: { "spark.driver.memory": "8g" } });
const spark = await Session.builder.remote(server.url).create();
const python = spawn(pythonWithPySpark(), [fileURLToPath(new URL("spark-connect.py", import.meta.url)), server.url], {
  stdio: ["pipe", "pipe", "ignore"],
});
const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
const answer = async () => JSON.parse((await answers.next()).value);
await answer();
const ask = (command) => {
  python.stdin.write(`${command}\n`);
  return answer();
};

try {
  const ours = { fetch: [], trivial: [], upload: [] };
  const theirs = { fetch: [], trivial: [], upload: [] };
  const megabytes = await stream();
  // The server compiles what it runs often: both meet it warm.
  for (let i = 0; i < 2; i++) {
    await trivial();
    await upload();
    await ask(`trivial ${TRIVIAL}`);
    await ask(`upload ${ROWS_UP}`);
  }
  for (let round = 0; round < Number(given.rounds); round++) {
    // In turn, so that a busy machine is unfair to none.
    const turns = [
      async () => {
        ours.fetch.push(await fetchRows(ROWS_OUT));
        ours.trivial.push(...(await trivial()));
        ours.upload.push(await upload());
      },
      async () => {
        theirs.fetch.push((await ask(`fetch ${wide(ROWS_OUT)}`)).seconds);
        theirs.trivial.push(...(await ask(`trivial ${TRIVIAL}`)).seconds);
        theirs.upload.push((await ask(`upload ${ROWS_UP}`)).seconds);
      },
    ];
    for (const turn of round % 2 ? turns.toReversed() : turns) await turn();
  }
  compare(`${ROWS_OUT} × 5 out as Arrow`, ours.fetch, theirs.fetch);
  compare("a trivial query, p50", ours.trivial, theirs.trivial);
  compare(`${ROWS_UP} × 5 up and summed`, ours.upload, theirs.upload);
  tell(`${ROWS_STREAMED} rows streamed: memory grew by ${megabytes.toFixed(0)} MB`, megabytes <= MOST_MEGABYTES);
} finally {
  python.kill();
  await spark.stop();
  await server.stop();
}

async function fetchRows(rows) {
  const started = performance.now();
  const table = await (await spark.sql(wide(rows))).toArrow();
  if (table.numRows !== rows) throw new Error(`${table.numRows} rows came of ${rows}.`);
  return (performance.now() - started) / 1000;
}

async function trivial() {
  const frame = spark.range(1);
  const times = [];
  for (let i = 0; i < TRIVIAL; i++) {
    const started = performance.now();
    await frame.toArrow();
    times.push((performance.now() - started) / 1000);
  }
  return times;
}

async function upload() {
  const rows = Array.from({ length: ROWS_UP }, (_, i) => [i, i % 1000, i * 1.5, `name_${i % 1000}`, i % 2 === 0]);
  const started = performance.now();
  const frame = spark.createDataFrame(rows, "id BIGINT, k INT, v DOUBLE, s STRING, b BOOLEAN");
  const [row] = await frame.selectExpr("sum(id)").collect();
  if (row.get(0) !== (BigInt(ROWS_UP) * BigInt(ROWS_UP - 1)) / 2n) throw new Error(`The sum is ${row.get(0)}.`);
  return (performance.now() - started) / 1000;
}

async function stream() {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = 0;
  let rows = 0;
  for await (const batch of (await spark.sql(wide(ROWS_STREAMED))).toArrowBatches()) {
    rows += batch.numRows;
    most = Math.max(most, process.memoryUsage.rss() - before);
  }
  if (rows !== ROWS_STREAMED) throw new Error(`${rows} rows came of ${ROWS_STREAMED}.`);
  return most / 1e6;
}

function compare(what, mine, other) {
  const [own, peer] = [median(mine), median(other)];
  const ratio = own / peer;
  tell(`${what}: ${text(own)}, PySpark ${text(peer)}: ratio ${ratio.toFixed(2)}`, ratio <= 1);
}

function tell(line, reached) {
  console.log(`${line} (${reached ? "reached" : "MISSED"})`);
  if (!reached) process.exitCode = 1;
}

function text(seconds) {
  return seconds < 1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(2)} s`;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function pythonWithPySpark() {
  const folder = join(cacheFolder(), `bench-pyspark-${PYSPARK}`);
  const program = join(folder, "bin", "python");
  if (!existsSync(join(folder, "complete"))) {
    execFileSync("python3", ["-m", "venv", folder]);
    execFileSync(program, ["-m", "pip", "install", "--quiet", `pyspark-client==${PYSPARK}`]);
    execFileSync("touch", [join(folder, "complete")]);
  }
  return program;
}
