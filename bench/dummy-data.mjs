// Rows of dummy data (name, street, city, postal code, IBAN with valid check digits) against Python Faker in the same run.
// After `npm run build`: node bench/dummy-data.mjs [rows]. Makes a Python environment with Faker in the cache folder once.
// Exits with 1 when the ratio is below the target.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { city, iban, personName, postalCode, street, table } from "sluice/dummy-data";
import { cacheFolder } from "sluice/stack";

const TARGET = 100;
const rows = Number(process.argv[2] ?? 2_000_000);
const people = (seed, count) =>
  table({
    rows: count,
    seed,
    columns: { name: personName(), street: street(), city: city(), postal_code: postalCode(), iban: iban() },
  });

// Before and after, and the better one counts: a shared machine must not flatter us.
const before = pythonFaker();
const folder = await mkdtemp(join(tmpdir(), "bench-"));
const csv = [];
const columns = [];
for (let round = 1; round <= 3; round++) {
  csv.push(await rate(() => people(round, rows).writeCsv(folder)));
  columns.push(
    await rate(() => {
      for (const _ of people(round, rows).batches());
    }),
  );
}
await rm(folder, { recursive: true });
const faker = Math.max(before, pythonFaker());

const ours = median(csv);
const ratio = ours / faker;
console.log(`Python Faker, rows in memory   ${show(faker)} rows/s`);
console.log(
  `sluice, columns in memory      ${show(median(columns))} rows/s   ${(median(columns) / faker).toFixed(0)} ×`,
);
console.log(`sluice, CSV file written       ${show(ours)} rows/s   ${ratio.toFixed(0)} ×  (target ${TARGET} ×)`);
process.exitCode = ratio >= TARGET ? 0 : 1;

async function rate(work) {
  const start = performance.now();
  await work();
  return rows / ((performance.now() - start) / 1000);
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function show(value) {
  return Math.round(value).toLocaleString("en").padStart(10);
}

function pythonFaker() {
  const environment = join(cacheFolder(), "bench-python");
  const python = join(environment, "bin", "python");
  if (!existsSync(join(environment, "ready"))) {
    execFileSync("python3", ["-m", "venv", environment], { stdio: "inherit" });
    execFileSync(python, ["-m", "pip", "install", "--quiet", "faker"], { stdio: "inherit" });
    execFileSync(python, [
      "-c",
      "import faker, sys; open(sys.argv[1], 'w').write(faker.VERSION)",
      join(environment, "ready"),
    ]);
  }
  const script = fileURLToPath(new URL("dummy-data.py", import.meta.url));
  return Number(execFileSync(python, [script, "4"], { encoding: "utf8" }));
}
