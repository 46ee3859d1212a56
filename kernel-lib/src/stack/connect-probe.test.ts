import { createServer } from "node:http2";
import type { ServerHttp2Stream } from "node:http2";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { afterEach, expect, test } from "vitest";
import { AnalyzePlanRequestSchema, AnalyzePlanResponseSchema } from "../generated/spark/connect/base_pb.ts";
import { askSparkVersion } from "./connect-probe.ts";

let server: Pick<Server, "close"> | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

function listen(listening: Server): Promise<number> {
  server = listening;
  return new Promise((resolve) =>
    listening.listen(0, "127.0.0.1", () => resolve((listening.address() as AddressInfo).port)),
  );
}

/** A gRPC server that does this with each request. */
function grpc(answer: (stream: ServerHttp2Stream, path: string, message: Buffer) => void): Promise<number> {
  const listening = createServer();
  listening.on("stream", (stream, headers) => {
    const chunks: Buffer[] = [];
    // A server that breaks off hears of it too.
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => answer(stream, String(headers[":path"]), Buffer.concat(chunks)));
  });
  return listen(listening as unknown as Server);
}

function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

test("the version is asked for in a gRPC message, and its session is given back", async () => {
  const asked: string[] = [];
  const port = await grpc((stream, path, message) => {
    asked.push(path.split("/").at(-1) ?? "");
    stream.respond({ ":status": 200, "content-type": "application/grpc" });
    if (!path.endsWith("/AnalyzePlan")) return stream.end();
    expect(message.readUInt32BE(1)).toBe(message.length - 5);
    const request = fromBinary(AnalyzePlanRequestSchema, message.subarray(5));
    expect([request.analyze.case, request.sessionId.length]).toEqual(["sparkVersion", 36]);
    const result = { case: "sparkVersion" as const, value: { version: "4.0.1" } };
    stream.end(framed(toBinary(AnalyzePlanResponseSchema, create(AnalyzePlanResponseSchema, { result }))));
  });
  expect(await askSparkVersion(port)).toBe("4.0.1");
  expect(asked).toEqual(["AnalyzePlan", "ReleaseSession"]);
});

test("an open port is no answer", async () => {
  const refusing = await grpc((stream) => {
    stream.respond({ ":status": 200, "grpc-status": "12" }, { endStream: true });
  });
  expect(await askSparkVersion(refusing)).toBeUndefined();
  server?.close();
  const resetting = await grpc((stream) => stream.close(2));
  expect(await askSparkVersion(resetting)).toBeUndefined();
  server?.close();
  expect(await askSparkVersion(await listen(createTcpServer((socket) => socket.end("no HTTP/2\r\n"))))).toBeUndefined();
  server?.close();
  expect(await askSparkVersion(await listen(createTcpServer((socket) => socket.destroy())))).toBeUndefined();
});

test("a connection that ends in the middle of an answer is no answer", async () => {
  const port = await grpc((stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" });
    stream.write(Buffer.from([0, 0, 0]), () => stream.session?.destroy());
  });
  expect(await askSparkVersion(port)).toBeUndefined();
});

test("nobody listening is no answer", async () => {
  const port = await listen(createTcpServer());
  await new Promise((resolve) => (server as Server).close(resolve));
  expect(await askSparkVersion(port)).toBeUndefined();
});
