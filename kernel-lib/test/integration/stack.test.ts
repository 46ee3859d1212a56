import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { BlobServiceClient } from "@azure/storage-blob";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { connect } from "../../src/kafka/index.ts";
import { azuriteConnectionString, down, services, startAzurite, status, up } from "../../src/stack/index.ts";

const stackModule = new URL("../../dist/stack/index.js", import.meta.url).href;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-stack-"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await down(services, { folder });
  await rm(folder, { recursive: true, force: true });
});

test("up starts the services once, status knows them, down ends them, and what they hold stays", async () => {
  const said: string[] = [];
  const started = await up(["kafka", "azurite"], {
    folder,
    onProgress: ({ service, text }) => said.push(`${service}: ${text}`),
  });
  expect(started.map(({ name, version }) => [name, version])).toEqual([
    ["kafka", "4.3.1"],
    ["azurite", "3.37.0"],
  ]);
  expect(said).toEqual(expect.arrayContaining(["kafka: Starting Kafka 4.3.1.", "azurite: Starting Azurite 3.37.0."]));
  const [broker, blobs] = started;
  if (!broker || !blobs) throw new Error("not started");

  const kafka = connect({ "bootstrap.servers": broker.address });
  await kafka.createTopic("kept", { partitions: 2 });
  const storage = BlobServiceClient.fromConnectionString(azuriteConnectionString(blobs));
  await storage.getContainerClient("kept").create();
  await storage.getContainerClient("kept").getBlockBlobClient("a/b.txt").upload("text", 4);

  expect(await up(["azurite", "kafka"], { folder })).toEqual([blobs, broker]);
  const found = await status({ folder });
  expect(found.map(({ name }) => name)).toEqual(services);
  expect(found.filter(({ state }) => state !== "stopped")).toMatchObject([
    { name: "kafka", state: "running", address: broker.address, pid: broker.pid },
    { name: "azurite", state: "running", address: blobs.address, pid: blobs.pid },
  ]);

  expect(await down(undefined, { folder })).toEqual(["kafka", "azurite"]);
  expect(await down(undefined, { folder })).toEqual([]);
  expect(new Set((await status({ folder })).map(({ state }) => state))).toEqual(new Set(["stopped"]));
  await vi.waitFor(() => expect([isRunning(broker.pid), isRunning(blobs.pid)]).toEqual([false, false]));
  await expect(kafka.topics()).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });

  await up(["kafka", "azurite"], { folder, ports: { kafka: broker.port, azurite: blobs.port } });
  expect(await kafka.topics()).toEqual(["kept"]);
  expect((await storage.getContainerClient("kept").getBlobClient("a/b.txt").downloadToBuffer()).toString()).toBe(
    "text",
  );
  await kafka.close();
});

test("two starts at the same time give one service", async () => {
  const [[one], [other]] = await Promise.all([up(["azurite"], { folder }), up(["azurite"], { folder })]);
  expect(one?.pid).toBeGreaterThan(0);
  expect(other).toEqual(one);
});

test("a service that died is told from one that runs, and is started again", async () => {
  const [before] = await up(["azurite"], { folder });
  process.kill(before?.pid ?? 0, "SIGKILL");
  await vi.waitFor(async () => expect((await status({ folder }))[1]?.state).toBe("stopped"));
  const [after] = await up(["azurite"], { folder });
  expect(after?.pid).not.toBe(before?.pid);
});

test("a service that runs and does not answer is silent, and is replaced", async () => {
  const [before] = await up(["azurite"], { folder });
  process.kill(before?.pid ?? 0, "SIGSTOP");
  expect((await status({ folder }))[1]).toMatchObject({ name: "azurite", state: "silent" });
  const [after] = await up(["azurite"], { folder });
  expect(after?.pid).not.toBe(before?.pid);
  expect((await status({ folder }))[1]).toMatchObject({ state: "running", pid: after?.pid });
});

test("a process that got the number of one that ended is left alone", async () => {
  await writeFile(
    join(folder, "state.json"),
    JSON.stringify({ azurite: { name: "azurite", pid: process.pid, born: "1", port: 1 } }),
  );
  expect((await status({ folder }))[1]?.state).toBe("stopped");
  expect(await down(["azurite"], { folder })).toEqual([]);
});

test("a port that was asked for and is taken is refused; else another one is found", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = taken.address() as { port: number };
  try {
    const expected = {
      code: "SERVICE_UNAVAILABLE",
      message: expect.stringContaining(`Port ${port} is taken`) as string,
    };
    await expect(up(["azurite"], { folder, ports: { azurite: port } })).rejects.toMatchObject(expected);
  } finally {
    taken.close();
  }
});

test("without Java the error says how to get it", async () => {
  vi.stubEnv("JAVA_HOME", "");
  vi.stubEnv("PATH", join(folder, "nowhere"));
  const expected = {
    code: "DEPENDENCY_MISSING",
    message: expect.stringMatching(
      /needs Java 17.*no `java` command.*apt-get install openjdk-17-jre-headless/,
    ) as string,
  };
  await expect(up(["kafka"], { folder })).rejects.toMatchObject(expected);
});

test("an old Java is refused with its version", async () => {
  await fakeJava("11.0.22");
  const expected = { code: "DEPENDENCY_MISSING", message: expect.stringMatching(/Java 17.*is version 11/) as string };
  await expect(up(["kafka"], { folder })).rejects.toMatchObject(expected);
});

test("without Maven the error says how to get it, and nothing is left in the cache", async () => {
  await fakeJava("17.0.15");
  vi.stubEnv("SLUICE_CACHE", join(folder, "cache"));
  vi.stubEnv("PATH", join(folder, "jdk/bin"));
  const expected = {
    code: "DEPENDENCY_MISSING",
    message: expect.stringMatching(/fetched with Maven.*apt-get install maven/) as string,
  };
  await expect(up(["kafka"], { folder })).rejects.toMatchObject(expected);
  await expect(readFile(join(folder, "cache/jars/kafka-4.3.1"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("a broker that does not come up is an error with the end of its log", async () => {
  await mkdir(join(folder, "kafka/data"), { recursive: true });
  await writeFile(join(folder, "kafka/data/meta.properties"), "version=1\ncluster.id=other\nnode.id=77\n");
  const error: unknown = await up(["kafka"], { folder }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "SERVICE_UNAVAILABLE",
    message: expect.stringMatching(/Kafka ended before it was ready[^]*node[^]*77[^]*broker\.log/) as string,
  });
  expect((await status({ folder }))[0]?.state).toBe("stopped");
});

test("an abort ends the start and what was started", async () => {
  const stop = new AbortController();
  const starting = up(["kafka"], {
    folder,
    signal: stop.signal,
    onProgress: ({ text }) => text.startsWith("Starting") && setTimeout(() => stop.abort(), 1500),
  });
  await expect(starting).rejects.toMatchObject({ code: "INTERRUPTED" });
  expect((await status({ folder }))[0]?.state).toBe("stopped");
});

test("an unknown service is refused with the known ones", async () => {
  await expect(up(["kafak"], { folder })).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringMatching(/no local service kafak.*kafka, azurite/) as string,
  });
});

test("a test's own Azurite ends with it", async () => {
  const azurite = await startAzurite();
  const storage = BlobServiceClient.fromConnectionString(azurite.connectionString);
  expect((await storage.getContainerClient("own").create()).errorCode).toBeUndefined();
  await azurite.stop();
  await vi.waitFor(() => expect(isRunning(azurite.pid)).toBe(false));
});

test("a test's own service ends with the process that started it, even when that is killed", async () => {
  const script = `import { startAzurite } from ${JSON.stringify(stackModule)}; const { pid, log } = await startAzurite(); console.log(JSON.stringify({ pid, log })); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [text] = (await once(parent.stdout, "data")) as [Buffer];
  const { pid, log } = JSON.parse(text.toString()) as { pid: number; log: string };
  try {
    expect(isRunning(pid)).toBe(true);
    parent.kill("SIGKILL");
    await vi.waitFor(() => expect(processesOfGroup(pid)).toEqual([]), 5_000);
  } finally {
    await rm(dirname(log), { recursive: true, force: true });
  }
});

/** The processes of a group that are more than zombies. */
function processesOfGroup(group: number): string[] {
  const lines = execFileSync("ps", ["-eo", "pgid=,stat=,args="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => new RegExp(`^\\s*${group}\\s+[^Z]`).test(line));
}

async function fakeJava(version: string): Promise<void> {
  const bin = join(folder, "jdk/bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "java"), `#!/bin/sh\necho 'openjdk version "${version}" 2024-01-16' >&2\n`);
  await chmod(join(bin, "java"), 0o755);
  vi.stubEnv("JAVA_HOME", join(folder, "jdk"));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
