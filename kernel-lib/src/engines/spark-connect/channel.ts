// The HTTP/2 connection to a server: TLS, headers, flow control.
import { readFileSync } from "node:fs";
import { connect as connectPlain } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ConnectionOptions } from "node:tls";
import type { Client, Interceptor } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { Http2SessionManager, createGrpcTransport } from "@connectrpc/connect-node";
import { SluiceError, messageOf } from "../../errors.ts";
import { SparkConnectService } from "../../generated/spark/connect/base_pb.ts";
import type { ConnectionString } from "./connection-string.ts";

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

// A batch of results is some megabytes: with HTTP/2's own 64 KiB the server would wait for us again and again.
const STREAM_WINDOW = 8 << 20;
const CONNECTION_WINDOW = 32 << 20;
const MAX_FRAME = 1 << 20;
/** The operating system finds a peer that went without a word; gRPC's own pings are refused by Spark when they come often. */
const KEEP_ALIVE_MS = 20_000;
const CONNECT_WITHIN_MS = 20_000;
/** 50 `withColumn` calls nest a hundred messages. */
const RECURSION_LIMIT = 10_000;

/** Prepares the connection to a server. */
export function openChannel(address: ConnectionString, tls: TlsOptions = {}): Channel {
  const { host, port, useSsl } = address;
  const name = host.includes(":") ? `[${host}]` : host;
  const baseUrl = `${useSsl ? "https" : "http"}://${name}:${port}`;
  const security = useSsl ? tlsOptions(host, tls) : undefined;
  let connections = 0;
  const createConnection = (): Socket => {
    connections += 1;
    const socket = security ? connectTls({ ...security, host, port }) : connectPlain({ host, port });
    const timer = setTimeout(() => socket.destroy(timedOut()), CONNECT_WITHIN_MS);
    socket.once(security ? "secureConnect" : "connect", () => clearTimeout(timer));
    socket.once("close", () => clearTimeout(timer));
    return socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
  };
  const settings = { initialWindowSize: STREAM_WINDOW, maxFrameSize: MAX_FRAME, enablePush: false };
  const sessionManager = new WideSessionManager(baseUrl, {}, { createConnection, settings });
  const transport = createGrpcTransport({
    baseUrl,
    sessionManager,
    // Compression costs three times what it saves on a local network.
    acceptCompression: [],
    interceptors: [headersOf(address)],
    binaryOptions: { recursionLimit: RECURSION_LIMIT },
  });
  return {
    service: createClient(SparkConnectService, transport),
    get connections() {
      return connections;
    },
    connect: async () => void (await sessionManager.connect()),
    close: () => sessionManager.abort(),
  };
}

/** Widens the window of each connection it opens: Node offers that only on the connection itself. */
class WideSessionManager extends Http2SessionManager {
  #wide: unknown;

  override async request(
    ...args: Parameters<Http2SessionManager["request"]>
  ): ReturnType<Http2SessionManager["request"]> {
    const stream = await super.request(...args);
    const { session } = stream;
    if (session && session !== this.#wide) {
      this.#wide = session;
      session.setLocalWindowSize(CONNECTION_WINDOW);
    }
    return stream;
  }
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

function timedOut(): NodeJS.ErrnoException {
  return Object.assign(new Error("The connection was not made in time."), { code: "ETIMEDOUT" });
}
