// The way to a server: TLS, headers, the service.
import { readFileSync } from "node:fs";
import { connect as connectPlain } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ConnectionOptions } from "node:tls";
import type { Client, Interceptor } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { SluiceError, messageOf } from "../../errors.ts";
import { SparkConnectService } from "../../generated/spark/connect/base_pb.ts";
import type { ConnectionString } from "./connection-string.ts";
import { Http2Connection } from "./http2-connection.ts";
import type { Liveness } from "./liveness.ts";
import { defaultLiveness } from "./liveness.ts";

/** What encrypts a connection, beside what the operating system trusts. Each is PEM text. */
export interface TlsOptions {
  /** Certificates of the authorities to trust; else those of `GRPC_DEFAULT_SSL_ROOTS_FILE_PATH`, or Node's own. */
  readonly ca?: string;
  /** This client's certificate, for servers that ask for one. */
  readonly cert?: string;
  readonly key?: string;
}

/** The connection to a server. It is opened by the first request and opened again when it was lost. */
export interface Channel {
  readonly service: Client<typeof SparkConnectService>;
  /** How often it was opened so far. */
  readonly connections: number;
  /** Opens it now, if it is not open. A failure shows at the next request. */
  connect(): Promise<void>;
  close(): void;
}

/** By this the operating system finds a peer that went without a word. */
const KEEP_ALIVE_MS = 20_000;
/** 50 `withColumn` calls nest a hundred messages. */
const RECURSION_LIMIT = 10_000;

/** Prepares the connection to a server. */
export function openChannel(
  address: ConnectionString,
  tls: TlsOptions = {},
  liveness: Liveness = defaultLiveness,
): Channel {
  const { host, port, useSsl } = address;
  const name = host.includes(":") ? `[${host}]` : host;
  const baseUrl = `${useSsl ? "https" : "http"}://${name}:${port}`;
  const security = useSsl ? tlsOptions(host, tls) : undefined;
  const openSocket = (): Socket => {
    const socket = security ? connectTls({ ...security, host, port }) : connectPlain({ host, port });
    return socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
  };
  const connection = new Http2Connection(baseUrl, openSocket, liveness);
  const transport = createGrpcTransport({
    baseUrl,
    sessionManager: connection,
    // Compression costs three times what it saves on a local network.
    acceptCompression: [],
    interceptors: [headersOf(address)],
    binaryOptions: { recursionLimit: RECURSION_LIMIT },
  });
  return {
    service: createClient(SparkConnectService, transport),
    get connections() {
      return connection.opened;
    },
    connect: async () => void (await connection.connect().catch(() => undefined)),
    close: () => connection.abort(),
  };
}

function headersOf({ token, userAgent, headers }: ConnectionString): Interceptor {
  const all = { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  const agent = [userAgent, "sluice"].filter(Boolean).join(" ");
  return (next) => (request) => {
    for (const [name, value] of Object.entries(all)) request.header.set(name, value);
    request.header.set("user-agent", agent);
    return next(request);
  };
}

function tlsOptions(host: string, { ca, cert, key }: TlsOptions): ConnectionOptions {
  const rootsFile = process.env["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"];
  const roots = ca ?? (rootsFile ? readRoots(rootsFile) : undefined);
  return {
    ALPNProtocols: ["h2"],
    servername: /^[\d.]+$|:/.test(host) ? "" : host,
    ...(roots === undefined ? {} : { ca: roots }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

function readRoots(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    throw new SluiceError(
      "CONFIG_INVALID",
      `The file of trusted certificates ${file}, named by GRPC_DEFAULT_SSL_ROOTS_FILE_PATH, cannot be read: ${messageOf(thrown)}.`,
      { cause: thrown },
    );
  }
}
