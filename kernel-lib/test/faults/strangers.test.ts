// Servers that are not Spark: each is one clear sentence, within a bounded time.
import { createServer as createHttp1 } from "node:http";
import { createServer as createHttp2 } from "node:http2";
import type { ServerHttp2Stream } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTcp } from "node:net";
import { expect, test } from "vitest";
import { Session } from "../../src/sql/index.ts";
import { thrownBy } from "./support/sessions.ts";

const notSpark =
  "answers, but is not a Spark Connect server. Check the port (Spark Connect's is 15002 unless it was changed), and whether it wants use_ssl=true.";

test.each([
  ["a web server", () => createHttp1((_, response) => response.end("hello")), notSpark],
  [
    "a web server of HTTP/2 without the page",
    () => http2((stream) => stream.respond({ ":status": 404 }, { endStream: true })),
    notSpark,
  ],
  [
    "a web server of HTTP/2 that has a page for everything",
    () =>
      http2((stream) => {
        stream.respond({ ":status": 200, "content-type": "text/html" });
        stream.end("<h1>hello</h1>");
      }),
    notSpark,
  ],
  ["a gRPC server of another service", () => http2((stream) => grpcStatus(stream, 12)), notSpark],
  [
    "a proxy that asks for a password",
    () => http2((stream) => stream.respond({ ":status": 401 }, { endStream: true })),
    "wants a valid token",
  ],
  [
    "a proxy that forbids",
    () => http2((stream) => stream.respond({ ":status": 403 }, { endStream: true })),
    "does not allow this",
  ],
  [
    "a proxy without a server behind it",
    () => http2((stream) => stream.respond({ ":status": 503 }, { endStream: true })),
    "does not answer: something before it answers HTTP 503",
  ],
  [
    "a gRPC server that is not ready",
    () => http2((stream) => grpcStatus(stream, 14)),
    "cannot answer now: not ready yet",
  ],
  ["a server that says nothing", () => createTcp(() => undefined), "it takes connections and says nothing"],
  [
    "a server that closes at once",
    () => createTcp((socket) => socket.end()),
    "does not answer: it closes the connection at once",
  ],
  ["a server that resets at once", () => createTcp((socket) => socket.resetAndDestroy()), "does not answer: "],
  [
    "a server that closes after the greeting",
    () => http2((stream) => stream.session?.destroy()),
    "does not answer: the connection was lost",
  ],
] as const)("%s", async (_, make, sentence) => {
  const server: Server = make();
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const from = Date.now();
    const error = await thrownBy(Session.builder.remote(`sc://127.0.0.1:${port}`).create());
    console.log(`${Date.now() - from} ms: ${error.code}: ${error.message}`);
    expect(error.message).toContain(`server 127.0.0.1:${port} `);
    expect(error.message).toContain(sentence);
    expect(Date.now() - from).toBeLessThan(12_000);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

function http2(answer: (stream: ServerHttp2Stream) => void): Server {
  const server = createHttp2();
  server.on("stream", (stream: ServerHttp2Stream) => {
    stream.on("error", () => undefined);
    answer(stream);
  });
  return server;
}

function grpcStatus(stream: ServerHttp2Stream, status: number): void {
  const headers = {
    ":status": 200,
    "content-type": "application/grpc",
    "grpc-status": status,
    "grpc-message": "not ready yet",
  };
  stream.respond(headers, { endStream: true });
}
