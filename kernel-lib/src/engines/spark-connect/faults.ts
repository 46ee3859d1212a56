// What kind of thing went wrong: said by the server, or between it and us.
import { Code } from "@connectrpc/connect";
import type { ConnectError } from "@connectrpc/connect";
import { SluiceError } from "../../errors.ts";

/** Whether the server itself sent the error, as gRPC status; all else happened on the way. */
export function isFromServer(error: ConnectError): boolean {
  return error.metadata.has("grpc-status") || error.metadata.has("grpc-status-details-bin");
}

/** Whether the same request may succeed when it is sent again. */
export function isPassing(error: ConnectError): boolean {
  if (isFromServer(error)) {
    // Another reply of the same operation is still being sent, most likely into the connection that was lost.
    const displaced = error.code === Code.Internal && error.rawMessage.includes("INVALID_CURSOR.DISCONNECTED");
    return error.code === Code.Unavailable || displaced;
  }
  return lastingFault(error) === undefined && !isHttpAnswer(error);
}

/** Whether a gRPC error names a condition of Spark. */
export function hasCondition(error: ConnectError, condition: string): boolean {
  return isFromServer(error) && error.rawMessage.includes(condition);
}

/** A fault of the way that waiting does not mend, as a sentence and what to do; undefined when it may pass. */
function lastingFault(error: ConnectError): { code: string; what: string; next: string } | undefined {
  const codes = new Set(codesOf(error));
  const has = (...names: string[]): boolean => names.some((name) => codes.has(name));
  if (has("CERT_HAS_EXPIRED")) {
    return {
      code: "AUTHENTICATION_FAILED",
      what: "has a certificate that has expired",
      next: "Ask for a new one there.",
    };
  }
  if (has("ERR_TLS_CERT_ALTNAME_INVALID")) {
    return {
      code: "AUTHENTICATION_FAILED",
      what: "has a certificate for another name",
      next: "Connect by the name that the certificate is for.",
    };
  }
  if ([...codes].some((code) => /CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|SELF_SIGNED/.test(code))) {
    return {
      code: "AUTHENTICATION_FAILED",
      what: "has a certificate that is not trusted here",
      next: "Give the authority's certificate as the option `tls.ca`, or name its file in GRPC_DEFAULT_SSL_ROOTS_FILE_PATH.",
    };
  }
  if (has("EPROTO", "ERR_SSL_WRONG_VERSION_NUMBER")) {
    return {
      code: "SERVICE_UNAVAILABLE",
      what: "does not speak TLS",
      next: "Leave out use_ssl=true, or name the port that is encrypted.",
    };
  }
  if (has("ENOTFOUND")) return { code: "NOT_FOUND", what: "is not a known host", next: "Check the name." };
  if (has("ERR_HTTP2_ERROR", "ERR_HTTP2_SESSION_ERROR") && /protocol error/i.test(causes(error).map(String).join()))
    return NOT_SPARK;
  return undefined;
}

const NOT_SPARK = {
  code: "SERVICE_UNAVAILABLE",
  what: "answers, but is not a Spark Connect server",
  next: "Check the port (Spark Connect's is 15002 unless it was changed), and whether it wants use_ssl=true.",
};

/** An answer by HTTP alone: of another program, or of a proxy before the server. */
function isHttpAnswer(error: ConnectError): boolean {
  return error.code !== Code.Unavailable && /^HTTP \d|unsupported content type/.test(error.rawMessage);
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECLOSED: "it closes the connection at once",
  ESILENT: "it takes connections and says nothing",
  ETIMEDOUT: "no answer came in time",
};

/** A fault on the way, as the error a user meets. The server is named by host and port only. */
export function wayError(error: ConnectError, server: string): SluiceError {
  const isAnswer = isHttpAnswer(error);
  if (isAnswer && (error.code === Code.Unauthenticated || error.code === Code.PermissionDenied))
    return refused(error, server);
  const known = lastingFault(error);
  if (known)
    return new SluiceError(known.code, `The server ${server} ${known.what}.`, { next: known.next, cause: error });
  if (isAnswer) return notSpark(error, server);
  const code = codesOf(error)[0] ?? "";
  const isHttp = error.rawMessage.startsWith("HTTP ");
  const why = isHttp
    ? `something before it answers ${error.rawMessage}`
    : (reasons[code] ?? `the connection was lost${code && ` (${code})`}`);
  return new SluiceError("SERVICE_UNAVAILABLE", `The Spark Connect server ${server} does not answer: ${why}.`, {
    next:
      code === "ECLOSED" ? "Check the port, and whether it wants use_ssl=true." : "Start it, or correct the address.",
    cause: error,
  });
}

/** Something else listens there. */
export function notSpark(error: ConnectError, server: string): SluiceError {
  const { code, what, next } = NOT_SPARK;
  return new SluiceError(code, `The server ${server} ${what}.`, { next, cause: error });
}

/** A server that says itself that it cannot answer now. */
export function notReady(error: ConnectError, server: string): SluiceError {
  return new SluiceError("SERVICE_UNAVAILABLE", `The server ${server} cannot answer now: ${error.rawMessage}.`, {
    next: "Try it later.",
    cause: error,
  });
}

/** A server that does not let us in. */
export function refused(error: ConnectError, server: string): SluiceError {
  const forbidden = error.code === Code.PermissionDenied;
  return new SluiceError(
    forbidden ? "PERMISSION_DENIED" : "AUTHENTICATION_FAILED",
    forbidden ? `The server ${server} does not allow this.` : `The server ${server} wants a valid token.`,
    { next: forbidden ? "Ask for the right to it." : "Give it by token= in the connection string.", cause: error },
  );
}

/** What Node calls the faults, the outermost first; gRPC's own codes are numbers. */
function codesOf(error: unknown): string[] {
  return causes(error)
    .map((cause) => (cause as NodeJS.ErrnoException).code)
    .filter((code) => typeof code === "string");
}

function causes(error: unknown): unknown[] {
  const all: unknown[] = [];
  for (let at = error; at instanceof Error && all.length < 10; at = at.cause) {
    all.push(at);
    // What failed for each of a host's addresses.
    if (at instanceof AggregateError) all.push(...(at.errors as unknown[]));
  }
  return all;
}
