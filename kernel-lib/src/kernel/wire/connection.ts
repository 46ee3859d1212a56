import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { messageOf, SluiceError } from "../../errors.ts";

/** The five channels of a Jupyter kernel. */
export type Channel = "shell" | "control" | "stdin" | "iopub" | "hb";

/** Every channel, in the order in which a kernel opens them. */
export const CHANNELS: readonly Channel[] = ["shell", "control", "stdin", "iopub", "hb"];

/** A kernel's connection file: where each channel listens and the key that signs messages. */
export interface ConnectionInfo {
  transport: string;
  ip: string;
  key: string;
  signature_scheme: string;
  shell_port: number;
  control_port: number;
  stdin_port: number;
  iopub_port: number;
  hb_port: number;
  kernel_name?: string;
}

/** Reads a connection file; throws `CONFIG_INVALID` when it is missing, is not JSON or lacks a port. */
export function readConnectionFile(file: string): ConnectionInfo {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new SluiceError("CONFIG_INVALID", `The connection file ${file} can't be read: ${messageOf(error)}.`, {
      next: "Start the kernel through Jupyter or `sluice run`, which write it.",
      cause: error,
    });
  }
  const info = parsed as Partial<ConnectionInfo> | null;
  for (const channel of CHANNELS) {
    if (typeof info?.[`${channel}_port`] !== "number") {
      throw new SluiceError("CONFIG_INVALID", `The connection file ${file} names no ${channel}_port.`);
    }
  }
  return {
    ...(info as ConnectionInfo),
    transport: info?.transport ?? "tcp",
    ip: info?.ip ?? "127.0.0.1",
    key: info?.key ?? "",
    signature_scheme: info?.signature_scheme ?? "hmac-sha256",
  };
}

/**
 * Writes a connection file that only its owner can read, since it holds the key.
 *
 * @example
 * ```ts
 * import { newConnection, readConnectionFile, writeConnectionFile } from "sluice/kernel";
 * writeConnectionFile("kernel.json", await newConnection());
 * console.log(readConnectionFile("kernel.json").ip); // 127.0.0.1
 * ```
 */
export function writeConnectionFile(file: string, info: ConnectionInfo): void {
  writeFileSync(file, JSON.stringify(info, null, 2), { mode: 0o600 });
}

/** The ZeroMQ address of one channel. */
export function endpoint(info: ConnectionInfo, channel: Channel): string {
  const port = info[`${channel}_port`];
  return info.transport === "ipc" ? `ipc://${info.ip}-${port}` : `${info.transport}://${info.ip}:${port}`;
}

/**
 * Makes a connection on this machine with five free ports and a new key.
 *
 * @example
 * ```ts
 * import { endpoint, newConnection } from "sluice/kernel";
 * const connection = await newConnection("sluice");
 * console.log(endpoint(connection, "shell").startsWith("tcp://127.0.0.1:")); // true
 * ```
 */
export async function newConnection(kernelName?: string): Promise<ConnectionInfo> {
  // All five are held open at once, so that they differ from one another.
  const servers = await Promise.all(CHANNELS.map(listenAnywhere));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  const [shell_port = 0, control_port = 0, stdin_port = 0, iopub_port = 0, hb_port = 0] = ports;
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    shell_port,
    control_port,
    stdin_port,
    iopub_port,
    hb_port,
    ...(kernelName === undefined ? {} : { kernel_name: kernelName }),
  };
}

function listenAnywhere(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => resolve(server));
  });
}
