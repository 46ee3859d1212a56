// What users install runs on the oldest Node that the package names.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Locked {
  version: string;
  dev?: boolean;
  devOptional?: boolean;
  engines?: { node?: string };
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

const packages = (
  JSON.parse(readFileSync(new URL("../../../package-lock.json", import.meta.url), "utf8")) as {
    packages: Record<string, Locked>;
  }
).packages;
const OLDEST = [20, 19, 4];

/** Packages that name a newer Node and yet run on the oldest one; the tests run them there. Each at one version. */
const KNOWN: Readonly<Record<string, string>> = {
  "@platformatic/dynamic-buffer": "0.3.1", // plain buffers; its client, @platformatic/kafka, names 20.19.4
  "@platformatic/wasm-utils": "0.2.1", // WebAssembly that Node 20 has; used by the same client
  "@polyglot-sql/sdk": "0.12.1", // WebAssembly; only its parser is used
};

/** Whether a range of versions, as packages write them for Node, takes the oldest Node. */
function takesOldest(range: string): boolean {
  return range.split("||").some((part) => {
    const found = /^(>=|\^|~)?\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.x)?$/.exec(part.trim());
    if (!found) return part.trim() === "*" || /^>=?0\.\d+\.x$/.test(part.trim());
    const [, sign, ...numbers] = found;
    const least = numbers.map((text) => Number(text ?? 0));
    if (sign !== ">=" && least[0] !== OLDEST[0]) return false;
    const first = least.findIndex((number, place) => number !== OLDEST[place]);
    return first === -1 || least[first]! < OLDEST[first]!;
  });
}

test("every package that users install takes the oldest Node, but for those known to run on it", () => {
  const installed = Object.entries(packages).filter(
    ([path, { dev, devOptional }]) => path !== "" && !dev && !devOptional,
  );
  expect(installed.length).toBeGreaterThan(20);
  const refusing = installed
    .filter(([, { engines }]) => engines?.node !== undefined && !takesOldest(engines.node))
    .map(([path, { version }]) => [path.replace(/^.*node_modules\//, ""), version]);
  expect(Object.fromEntries(refusing)).toEqual(KNOWN);
});

test("packages whose next version may break are pinned, and those for development stay out", () => {
  const { dependencies = {}, peerDependencies = {} } = packages["kernel-lib"]!;
  // DuckDB's two packages must be of one build; later clients of Azure need Node 22; the trees of parsers change.
  const exact = ["@azure/storage-blob", "@duckdb/node-api", "@duckdb/node-bindings", "@polyglot-sql/sdk", "oxc-parser"];
  for (const name of [...exact, "oxc-transform"]) expect(dependencies[name], name).toMatch(/^\d/);
  expect(dependencies["typescript7"]).toMatch(/^npm:typescript@\d/);
  expect(dependencies["@duckdb/node-api"]).toBe(dependencies["@duckdb/node-bindings"]);
  expect(Object.keys(peerDependencies)).toEqual(["@azure/identity"]);
  for (const name of ["azurite", "kafkajs", "playwright-core", "@azure/identity"]) {
    expect(dependencies[name], name).toBeUndefined();
    expect(packages[`node_modules/${name}`]?.dev ?? packages[`node_modules/${name}`]?.devOptional, name).toBe(true);
  }
});
