import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { FetchErrorDetailsResponseSchema } from "../../generated/spark/connect/base_pb.ts";
import { ErrorInfoSchema } from "../../generated/google/rpc/error_details_pb.ts";
import { SparkError } from "../../sql/errors.ts";
import { sessionGoneCondition, userError } from "./errors.ts";
import { isPassing } from "./faults.ts";

const place = { server: "spark:15002", isSpark: true, details: () => Promise.resolve(undefined) };

/** An error as a server sends it. */
function fromServer(code: Code, message: string, metadata?: Record<string, string>): ConnectError {
  const error = new ConnectError(message, code, { "grpc-status": String(code) });
  if (metadata) {
    const value = toBinary(ErrorInfoSchema, create(ErrorInfoSchema, { metadata }));
    error.details = [{ type: ErrorInfoSchema.typeName, value }];
  }
  return error;
}

/** A fault on the way, as Node tells it. */
function onTheWay(code: string, message = code): ConnectError {
  return new ConnectError(message, Code.Unavailable, undefined, undefined, Object.assign(new Error(message), { code }));
}

test("the condition and the sentence of an older server", async () => {
  const message =
    "[TABLE_OR_VIEW_NOT_FOUND] The table or view `t` cannot be found. Verify the spelling.; line 1 pos 14;\n'Project [*]\n+- 'UnresolvedRelation [t]";
  const error = await userError(
    fromServer(Code.Internal, message, { errorClass: "TABLE_OR_VIEW_NOT_FOUND", sqlState: "42P01" }),
    place,
  );
  expect(error).toBeInstanceOf(SparkError);
  expect(error).toMatchObject({ code: "TABLE_OR_VIEW_NOT_FOUND", sqlState: "42P01" });
  expect(error.message).toBe(
    "[TABLE_OR_VIEW_NOT_FOUND] The table or view `t` cannot be found. Verify the spelling. SQLSTATE: 42P01",
  );
});

test("what a server wraps is told by the first error that names a condition", async () => {
  const details = create(FetchErrorDetailsResponseSchema, {
    rootErrorIdx: 0,
    errors: [
      { message: "Job aborted.", errorTypeHierarchy: ["org.apache.spark.SparkException"], causeIdx: 1 },
      {
        message: "[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012",
        errorTypeHierarchy: ["org.apache.spark.SparkArithmeticException"],
        sparkThrowable: { errorClass: "DIVIDE_BY_ZERO", sqlState: "22012", messageParameters: { config: "ansi" } },
        stackTrace: [{ declaringClass: "a.B", methodName: "c", fileName: "B.scala", lineNumber: 7 }],
      },
    ],
  });
  const thrown = fromServer(Code.Internal, "Job aborted.", { errorId: "7" });
  const error = (await userError(thrown, { ...place, details: () => Promise.resolve(details) })) as SparkError;
  expect(error.message).toBe("[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012");
  expect(error.messageParameters).toEqual({ config: "ansi" });
  expect(error.serverStackTrace()).toContain("at a.B.c(B.scala:7)");
});

test("details that cannot be fetched leave what is known", async () => {
  const thrown = fromServer(Code.Internal, "[X_Y] Something.", { errorId: "7" });
  const error = await userError(thrown, { ...place, details: () => Promise.reject(new Error("gone")) });
  expect(error).toMatchObject({ code: "X_Y", message: "[X_Y] Something." });
});

test.each([
  [fromServer(Code.Unauthenticated, "no"), "AUTHENTICATION_FAILED", "wants a valid token"],
  [fromServer(Code.PermissionDenied, "no"), "PERMISSION_DENIED", "does not allow this"],
  [
    fromServer(Code.ResourceExhausted, "gRPC message exceeds maximum size 4: 9"),
    "USAGE",
    "does not take a message of this size",
  ],
  [fromServer(Code.Unimplemented, "Method not found"), "UNSUPPORTED", "does not know this request"],
  [fromServer(Code.Unavailable, "starting"), "SERVICE_UNAVAILABLE", "cannot answer now: starting"],
  [onTheWay("ECONNREFUSED"), "SERVICE_UNAVAILABLE", "nothing listens there"],
  [onTheWay("ENOTFOUND"), "NOT_FOUND", "is not a known host"],
  [onTheWay("CERT_HAS_EXPIRED"), "AUTHENTICATION_FAILED", "has a certificate that has expired"],
  [onTheWay("ERR_TLS_CERT_ALTNAME_INVALID"), "AUTHENTICATION_FAILED", "has a certificate for another name"],
  [onTheWay("SELF_SIGNED_CERT_IN_CHAIN"), "AUTHENTICATION_FAILED", "is not trusted here"],
  [onTheWay("EPROTO"), "SERVICE_UNAVAILABLE", "does not speak TLS"],
  [onTheWay("ESILENT"), "SERVICE_UNAVAILABLE", "says nothing"],
  [new ConnectError("HTTP 404", Code.Unimplemented), "SERVICE_UNAVAILABLE", "is not a Spark Connect server"],
  [new ConnectError("HTTP 401", Code.Unauthenticated), "AUTHENTICATION_FAILED", "wants a valid token"],
])("%s", async (thrown, code, sentence) => {
  const error = await userError(thrown, place);
  expect(error).toMatchObject({ code });
  expect(error.message).toContain("spark:15002");
  expect(error.message).toContain(sentence);
});

test("a gRPC server that never answered as Spark is not Spark", async () => {
  const error = await userError(fromServer(Code.Unimplemented, "unknown service"), { ...place, isSpark: false });
  expect(error.message).toContain("is not a Spark Connect server");
});

test("what may pass is tried again, and nothing else", () => {
  expect(isPassing(onTheWay("ECONNRESET"))).toBe(true);
  expect(isPassing(fromServer(Code.Unavailable, "starting"))).toBe(true);
  expect(isPassing(fromServer(Code.Internal, "[INVALID_CURSOR.DISCONNECTED] Another."))).toBe(true);
  expect(isPassing(new ConnectError("HTTP 503", Code.Unavailable))).toBe(true);
  expect(isPassing(fromServer(Code.Internal, "[DIVIDE_BY_ZERO] No."))).toBe(false);
  expect(isPassing(onTheWay("CERT_HAS_EXPIRED"))).toBe(false);
  expect(isPassing(new ConnectError("HTTP 404", Code.Unimplemented))).toBe(false);
});

test("a session that is gone is known by the server's word only", () => {
  const message = "[INVALID_HANDLE.SESSION_CHANGED] The handle is invalid.";
  expect(sessionGoneCondition(fromServer(Code.Internal, message))).toBe("INVALID_HANDLE.SESSION_CHANGED");
  expect(sessionGoneCondition(new ConnectError(message, Code.Internal))).toBeUndefined();
});
