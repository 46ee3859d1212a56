// Opens a real Spark over Spark Connect.
import { randomUUID } from "node:crypto";
import type { Engine } from "../engine.ts";
import type { ConnectionOptions } from "./connection.ts";
import { Connection } from "./connection.ts";
import { parseConnectionString } from "./connection-string.ts";
import { SparkConnectEngine } from "./engine.ts";

export type { ConnectionOptions } from "./connection.ts";

/**
 * Connects to the server that a connection string names.
 *
 * @throws SluiceError `CONFIG_INVALID` for a wrong string; `SERVICE_UNAVAILABLE`, `AUTHENTICATION_FAILED`, `NOT_FOUND` when
 *   there is no server, or it does not let us in
 */
export async function connectSpark(url: string, options: ConnectionOptions = {}): Promise<Engine> {
  const address = parseConnectionString(url);
  const connection = new Connection(address, options);
  const sessionId = address.sessionId ?? randomUUID();
  try {
    const version = await connection.open(sessionId);
    return new SparkConnectEngine(connection, version, sessionId, address.sessionId !== undefined);
  } catch (error) {
    connection.close();
    throw error;
  }
}
