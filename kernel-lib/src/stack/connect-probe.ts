import { randomUUID } from "node:crypto";
import { connect } from "node:http2";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  AnalyzePlanRequestSchema,
  AnalyzePlanResponseSchema,
  ReleaseSessionRequestSchema,
} from "../generated/spark/connect/base_pb.ts";

const WITHIN_MS = 5000;
const PREFIX_BYTES = 5;

/** The version that the Spark Connect server on a port of this machine tells; undefined when none answers. */
export async function askSparkVersion(port: number, token?: string): Promise<string | undefined> {
  const sender = { sessionId: randomUUID(), userContext: { userId: "probe" } };
  const request = create(AnalyzePlanRequestSchema, { ...sender, analyze: { case: "sparkVersion", value: {} } });
  try {
    const answer = await call(port, "AnalyzePlan", toBinary(AnalyzePlanRequestSchema, request), token);
    const { result } = fromBinary(AnalyzePlanResponseSchema, answer);
    const release = toBinary(ReleaseSessionRequestSchema, create(ReleaseSessionRequestSchema, sender));
    // Servers before 4.0 do not know it.
    await call(port, "ReleaseSession", release, token).catch(() => undefined);
    return result.case === "sparkVersion" ? result.value.version : undefined;
  } catch {
    return undefined;
  }
}

/** One gRPC request with one answer: the message after a prefix of five bytes. */
function call(port: number, method: string, message: Uint8Array, token?: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://127.0.0.1:${port}`);
    const fail = (error: Error): void => {
      session.destroy();
      reject(error);
    };
    session.setTimeout(WITHIN_MS, () => fail(new Error("no answer in time")));
    session.once("error", fail);
    const stream = session.request({
      ":method": "POST",
      ":path": `/spark.connect.SparkConnectService/${method}`,
      "content-type": "application/grpc",
      te: "trailers",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    });
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.once("error", fail);
    stream.once("end", () => {
      session.close();
      const body = Buffer.concat(chunks);
      if (body.length < PREFIX_BYTES) reject(new Error("no message"));
      else resolve(body.subarray(PREFIX_BYTES));
    });
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([prefix, message]));
  });
}
