import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { BlobServiceClient, ContainerSASPermissions } from "@azure/storage-blob";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listInput, openContainer, openInput, stageOutput } from "sluice/azure";
import type { BlobContainer } from "sluice/azure";
import { SluiceError } from "sluice/errors";
import { startAzurite } from "sluice/stack";
import type { LocalAzurite } from "sluice/stack";

const MIB = 1024 * 1024;
let server: LocalAzurite;
let service: BlobServiceClient;
let etl: BlobContainer;
let folder: string;

beforeAll(async () => {
  server = await startAzurite();
  process.env["AZURE_STORAGE_CONNECTION_STRING"] = server.connectionString;
  service = BlobServiceClient.fromConnectionString(server.connectionString);
  await service.createContainer("etl");
  etl = await openContainer("az://etl/");
  folder = mkdtempSync(join(tmpdir(), "azure-test-"));
});
afterAll(async () => {
  delete process.env["AZURE_STORAGE_CONNECTION_STRING"];
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

async function names(prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const blob of etl.list(prefix)) found.push(blob.name);
  return found;
}

async function failure(work: Promise<unknown>): Promise<SluiceError> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(SluiceError);
  const key = /AccountKey=([^;]+)/.exec(server.connectionString)![1]!;
  expect((thrown as SluiceError).message).not.toContain(key);
  return thrown as SluiceError;
}

test("a container is made once", async () => {
  const container = await openContainer("az://made-here/");
  expect([await container.create(), await container.create()]).toEqual([true, false]);
  expect(await container.exists("a")).toBe(false);
});

test("texts go in and out, are listed by folder, and are deleted", async () => {
  for (const name of ["one/a.txt", "one/b/c.txt", "one/ü ß%20.txt", "onetwo.txt"])
    await etl.putText(name, `in ${name}`);
  expect(await etl.readText("one/ü ß%20.txt")).toBe("in one/ü ß%20.txt");
  expect(await names("one/")).toEqual(["one/a.txt", "one/b/c.txt", "one/ü ß%20.txt"]);
  const flat: string[] = [];
  for await (const blob of etl.list("one/", { recursive: false })) flat.push(blob.name);
  expect(flat).toEqual(["one/a.txt", "one/ü ß%20.txt"]);
  expect(await etl.exists("one/a.txt")).toBe(true);
  expect(await etl.exists("one")).toBe(false);
  expect(await etl.delete("one/a.txt")).toBe(true);
  expect(await etl.delete("one/a.txt")).toBe(false);
  expect(await etl.deleteFolder("one")).toBe(2);
  expect(await names("")).toEqual(["onetwo.txt"]);
});

test("a 20 MB file goes up and down in blocks, byte for byte, with progress", async () => {
  const bytes = Buffer.alloc(
    20 * MIB + 7,
    Uint8Array.from({ length: 251 }, (_, index) => index),
  );
  writeFileSync(join(folder, "big.bin"), bytes);
  const progress: number[] = [];
  await etl.uploadFile(join(folder, "big.bin"), "big/big.bin", {
    onProgress: (done, total) => {
      expect(total).toBe(bytes.length);
      progress.push(done);
    },
  });
  expect(Math.max(...progress)).toBe(bytes.length);
  await etl.downloadFile("big/big.bin", join(folder, "back.bin"));
  expect(readFileSync(join(folder, "back.bin")).equals(bytes)).toBe(true);
  await using input = await openInput("az://etl/big/big.bin");
  expect(input.files.map(({ relative, size }) => ({ relative, size }))).toEqual([
    { relative: "big.bin", size: bytes.length },
  ]);
  expect(readFileSync(input.files[0]!.localPath).equals(bytes)).toBe(true);
});

test("a stream goes up and down", async () => {
  await etl.uploadStream(Readable.from(["one ", "two"].map((part) => Buffer.from(part))), "stream.txt");
  expect(await text(await etl.downloadStream("stream.txt"))).toBe("one two");
});

test("a folder is copied with its partitions and without hidden names, and removed again", async () => {
  for (const name of ["d=1/a.csv", "d=1/b.csv", "d=2/a.csv", "_SUCCESS", ".crc", "_tmp/x.csv"])
    await etl.putText(`tables/${name}`, name);
  const input = await openInput("az://etl/tables");
  expect(input.files.map((file) => file.relative).sort()).toEqual(["d=1/a.csv", "d=1/b.csv", "d=2/a.csv"]);
  expect(readFileSync(join(input.folder, "d=2", "a.csv"), "utf8")).toBe("d=2/a.csv");
  await input.close();
  expect(existsSync(input.folder)).toBe(false);
  expect((await listInput("az://etl/tables/d=*/a.csv")).map((file) => file.uri)).toEqual([
    "az://etl/tables/d=1/a.csv",
    "az://etl/tables/d=2/a.csv",
  ]);
  expect(await listInput("abfss://etl@devstoreaccount1.dfs.core.windows.net/tables/d={2,3}/")).toHaveLength(1);
});

test("output shows only when it is complete, and overwriting leaves nothing old", async () => {
  await etl.putText("out/old.json", "old");
  await etl.putText("out/part-0.json", "old");
  await etl.putText("outside.json", "stays");
  const output = await stageOutput("az://etl/out/", { mode: "overwrite" });
  mkdirSync(join(output.folder, "sub"));
  writeFileSync(join(output.folder, "part-0.json"), "new");
  writeFileSync(join(output.folder, "sub", "part-1.json"), "x".repeat(9 * MIB));
  writeFileSync(join(output.folder, "empty.json"), "");
  expect(await etl.readText("out/part-0.json")).toBe("old");
  expect(await output.commit()).toEqual({ files: 3, bytes: 3 + 9 * MIB });
  expect(await names("out")).toEqual([
    "out/_SUCCESS",
    "out/empty.json",
    "out/part-0.json",
    "out/sub/part-1.json",
    "outside.json",
  ]);
  expect(await etl.readText("out/part-0.json")).toBe("new");
  expect((await etl.stat("out/sub/part-1.json"))?.size).toBe(9 * MIB);
  expect(existsSync(output.folder)).toBe(false);

  const more = await stageOutput("az://etl/out/", { mode: "append" });
  writeFileSync(join(more.folder, "part-2.json"), "more");
  await more.commit();
  expect(await names("out/")).toContain("out/part-0.json");
  expect(await names("out/")).toContain("out/part-2.json");
});

test("a stopped upload leaves no blob and no local file", async () => {
  const stop = new AbortController();
  const output = await stageOutput("az://etl/stopped/", {
    mode: "overwrite",
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  writeFileSync(join(output.folder, "a.bin"), Buffer.alloc(64 * MIB));
  writeFileSync(join(output.folder, "b.bin"), Buffer.alloc(64 * MIB));
  expect((await failure(output.commit())).code).toBe("INTERRUPTED");
  expect(await names("stopped/")).toEqual([]);
  expect(existsSync(output.folder)).toBe(false);
});

test("a stopped download leaves no folder", async () => {
  await etl.uploadStream(Readable.from([Buffer.alloc(40 * MIB)]), "slow/a.bin");
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith("sluice-input-"));
  const stop = new AbortController();
  expect(
    (await failure(openInput("az://etl/slow/", { signal: stop.signal, onProgress: () => stop.abort() }))).code,
  ).toBe("INTERRUPTED");
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("sluice-input-"))).toEqual(before);
});

test("a container or a path that does not exist is named", async () => {
  const input = await failure(openInput("az://absent/a/"));
  expect(input).toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining(
      "container absent does not exist in the storage account devstoreaccount1",
    ) as string,
  });
  expect(await failure(openInput("az://absent/a.csv"))).toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("container absent") as string,
  });
  expect(await failure(stageOutput("az://absent/a/", { mode: "overwrite" }))).toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("container absent") as string,
  });
  expect(await failure(openInput("az://etl/nowhere/"))).toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("az://etl/nowhere/") as string,
  });
  expect(await failure(etl.readText("nowhere.txt"))).toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("az://etl/nowhere.txt") as string,
  });
  expect((await failure(stageOutput("az://etl/", { mode: "overwrite" }))).code).toBe("USAGE");
});

test("a wrong key is an authentication failure", async () => {
  const connectionString = server.connectionString.replace(
    /AccountKey=[^;]+/,
    `AccountKey=${Buffer.alloc(64, 1).toString("base64")}`,
  );
  const container = await openContainer("az://etl/", { connectionString });
  expect((await failure(container.exists("a"))).code).toBe("AUTHENTICATION_FAILED");
  expect((await failure(container.readText("onetwo.txt"))).code).toBe("AUTHENTICATION_FAILED");
  expect((await failure(openContainer("az://etl/", { connectionString: "AccountName=x" }))).code).toBe(
    "CONFIG_INVALID",
  );
});

test("a token that may only read is refused a write, and reads", async () => {
  const url = await service
    .getContainerClient("etl")
    .generateSasUrl({ permissions: ContainerSASPermissions.parse("rl"), expiresOn: new Date(Date.now() + 600_000) });
  const connectionString = `BlobEndpoint=${server.address};SharedAccessSignature=${new URL(url).search.slice(1)}`;
  const container = await openContainer("az://etl/", { connectionString });
  expect(await container.readText("onetwo.txt")).toBe("in onetwo.txt");
  const refused = await failure(container.putText("written.txt", "no"));
  expect(refused).toMatchObject({
    code: "PERMISSION_DENIED",
    message: expect.stringContaining("container etl") as string,
  });
});

test("another account's connection string is not used for a named account", async () => {
  process.env["AZURE_STORAGE_KEY"] = Buffer.alloc(64, 2).toString("base64");
  const other = await openContainer("wasbs://etl@elsewhere.blob.core.windows.net/");
  delete process.env["AZURE_STORAGE_KEY"];
  expect(other).toMatchObject({ account: "elsewhere", host: "elsewhere.blob.core.windows.net" });
  expect(await openContainer("wasbs://etl@devstoreaccount1.blob.core.windows.net/")).toMatchObject({
    account: "devstoreaccount1",
    host: new URL(server.address).host,
  });
});

test("a server that is down or silent is reported in bounded time", async () => {
  const silent = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
  await new Promise((resolve) => silent.once("listening", resolve));
  const { port } = silent.address() as AddressInfo;
  const at = (port: number) => server.connectionString.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`);
  const started = Date.now();
  const [down, mute] = await Promise.all([
    openContainer("az://etl/", { connectionString: at(9) }).then((container) => failure(container.exists("a"))),
    openContainer("az://etl/", { connectionString: at(port) }).then((container) => failure(container.exists("a"))),
  ]);
  expect(down).toMatchObject({
    code: "SERVICE_UNAVAILABLE",
    message: expect.stringContaining("127.0.0.1:9") as string,
  });
  expect(mute).toMatchObject({
    code: "SERVICE_UNAVAILABLE",
    message: expect.stringContaining(`127.0.0.1:${port}`) as string,
  });
  expect(Date.now() - started).toBeLessThan(20_000);
  silent.close();
});
