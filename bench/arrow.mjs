// A million rows of five columns out of the embedded engine as Arrow, and into it, against DuckDB's own client.
// After `npm run build`: node bench/arrow.mjs. Prints the best of three rounds.
import { DuckDBInstance } from "@duckdb/node-api";
import { RecordBatchReader, Table, tableToIPC } from "apache-arrow";

// The package exports no driver: this is a benchmark of the inside.
const { openDriver } = await import(new URL("../kernel-lib/dist/engines/duckdb/driver/driver.js", import.meta.url));

const ROWS = 1_000_000;
const SQL = `SELECT i AS id, 'name longer than twelve bytes ' || i AS name, i * 0.5::DOUBLE AS amount,
  DATE '2020-01-01' + (i % 1000)::INT AS day, (i % 100)::INT AS k FROM range(${ROWS}) r(i)`;
const fields = [
  ["id", "long"],
  ["name", "string"],
  ["amount", "double"],
  ["day", "date"],
  ["k", "integer"],
].map(([name, kind]) => ({ name, dataType: { kind }, nullable: true }));
const schema = { kind: "struct", fields };

const driver = await openDriver();
const operation = await driver.begin({ timeZone: "UTC" });
await operation.run(`CREATE TEMP TABLE t AS ${SQL}`);
const batches = [];
const out = await best(async () => {
  batches.length = 0;
  for await (const { data } of operation.query("SELECT * FROM t", schema, [])) batches.push(data);
});
const arrow = tableToIPC(new Table(batches.flatMap((data) => [...RecordBatchReader.from(data)])), "stream");
const into = await best(() =>
  operation.localTable(
    { schema, arrow },
    fields.map(({ name }) => name),
  ),
);
await operation.end();
await driver.close();

const client = await (await DuckDBInstance.create(":memory:")).connect();
await client.run(`CREATE TEMP TABLE t AS ${SQL}`);
const columns = await best(async () => (await client.runAndReadAll("SELECT * FROM t")).getColumnsJS());
console.log(
  `${ROWS} rows out as Arrow  ${out.toFixed(2)} s; DuckDB's client, values in columns ${columns.toFixed(2)} s: ratio ${(out / columns).toFixed(2)}`,
);
console.log(`${ROWS} rows in from Arrow  ${into.toFixed(2)} s: ${Math.round(ROWS / into / 1000)} k rows/s`);

async function best(work) {
  let seconds = Infinity;
  for (let round = 0; round < 3; round++) {
    const started = performance.now();
    await work();
    seconds = Math.min(seconds, (performance.now() - started) / 1000);
  }
  return seconds;
}
