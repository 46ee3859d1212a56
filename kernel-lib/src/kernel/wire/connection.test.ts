import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { CHANNELS, endpoint, newConnection, readConnectionFile, writeConnectionFile } from "./connection.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-connection-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a new connection has five different ports and is read back as written, by its owner only", async () => {
  const connection = await newConnection("sluice");
  expect(new Set(CHANNELS.map((channel) => connection[`${channel}_port`])).size).toBe(5);
  const file = join(folder, "connection.json");
  writeConnectionFile(file, connection);
  expect(readConnectionFile(file)).toEqual(connection);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test("an endpoint names transport, address and port", async () => {
  const connection = { ...(await newConnection()), ip: "10.0.0.1", shell_port: 5 };
  expect(endpoint(connection, "shell")).toBe("tcp://10.0.0.1:5");
  expect(endpoint({ ...connection, transport: "ipc", ip: "/run/kernel" }, "shell")).toBe("ipc:///run/kernel-5");
});

test("a missing, broken or incomplete file is an error that names it", () => {
  expect(() => readConnectionFile(join(folder, "none.json"))).toThrow(/none\.json can't be read/);
  const file = join(folder, "broken.json");
  writeFileSync(file, "{");
  expect(() => readConnectionFile(file)).toThrow(/broken\.json can't be read/);
  writeFileSync(file, '{"shell_port": 1}');
  expect(() => readConnectionFile(file)).toThrow("names no control_port");
});
