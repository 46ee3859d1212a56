// Errors of the server, as Spark's conditions.
import { ConnectError, Code } from "@connectrpc/connect";
import type {
  FetchErrorDetailsResponse,
  FetchErrorDetailsResponse_Error as ErrorDetails,
  FetchErrorDetailsResponse_QueryContext as ContextMessage,
} from "../../generated/spark/connect/base_pb.ts";
import { FetchErrorDetailsResponse_QueryContext_ContextType as ContextType } from "../../generated/spark/connect/base_pb.ts";
import type { ErrorInfo } from "../../generated/google/rpc/error_details_pb.ts";
import { ErrorInfoSchema } from "../../generated/google/rpc/error_details_pb.ts";
import { SluiceError } from "../../errors.ts";
import type { QueryContext } from "../../sql/errors.ts";
import { SparkError } from "../../sql/errors.ts";
import { isFromServer, notReady, notSpark, refused, wayError } from "./faults.ts";

/** What is known of the server and the session while an error is told. */
export interface ErrorPlace {
  /** Host and port. */
  readonly server: string;
  /** Whether it has answered as Spark's service before. */
  readonly isSpark: boolean;
  /** Asks the server for the details of an error; undefined where it has none. */
  readonly details: (errorId: string) => Promise<FetchErrorDetailsResponse | undefined>;
}

/** Anything thrown by a request, as the error a user meets. */
export async function userError(thrown: unknown, place: ErrorPlace): Promise<Error> {
  if (!(thrown instanceof ConnectError)) return thrown instanceof Error ? thrown : new Error(String(thrown));
  if (!isFromServer(thrown)) return wayError(thrown, place.server);
  if (thrown.code === Code.Unauthenticated || thrown.code === Code.PermissionDenied)
    return refused(thrown, place.server);
  if (thrown.code === Code.Unimplemented && !place.isSpark) return notSpark(thrown, place.server);
  if (thrown.code === Code.Unavailable) return notReady(thrown, place.server);
  if (thrown.code === Code.ResourceExhausted) return tooLarge(thrown, place.server);
  const [info] = thrown.findDetails(ErrorInfoSchema);
  const errorId = info?.metadata["errorId"];
  const details = errorId === undefined ? undefined : await place.details(errorId).catch(() => undefined);
  const root = details?.errors[details.rootErrorIdx ?? 0];
  return root && details ? fromDetails(root, details.errors, thrown) : fromInfo(thrown, info, place.server);
}

/** The session is not known to the server any more. */
export function sessionGone(server: string, condition: string, cause?: unknown): SparkError {
  return new SparkError(
    condition,
    `The server ${server} was restarted or has closed this session, so its temporary views and settings are gone. Make a new session with Session.builder.remote(url).create(), and its views anew.`,
    { sqlState: "HY000", cause },
  );
}

/** The condition by which a server says that it does not know the session, if the error is of that kind. */
export function sessionGoneCondition(error: ConnectError): string | undefined {
  return isFromServer(error)
    ? /INVALID_HANDLE\.(?:SESSION_NOT_FOUND|SESSION_CHANGED|SESSION_CLOSED)/.exec(error.rawMessage)?.[0]
    : undefined;
}

function fromDetails(root: ErrorDetails, all: readonly ErrorDetails[], cause: ConnectError): Error {
  const told = withCondition(root, all);
  const throwable = told.sparkThrowable;
  const condition = throwable?.errorClass ?? conditionIn(told.message) ?? conditionOfClass(root.errorTypeHierarchy);
  return new SparkError(condition, sentenceOf(told.message, condition), {
    ...(throwable?.sqlState === undefined ? {} : { sqlState: throwable.sqlState }),
    messageParameters: throwable?.messageParameters ?? {},
    queryContext: (throwable?.queryContexts ?? []).map(contextOf),
    serverStackTrace: stackOf(root, all),
    cause,
  });
}

// Spark wraps what failed in a task or a command: the first that names a condition says it best.
function withCondition(root: ErrorDetails, all: readonly ErrorDetails[]): ErrorDetails {
  for (const error of chainOf(root, all)) if (error.sparkThrowable?.errorClass) return error;
  return root;
}

function chainOf(root: ErrorDetails, all: readonly ErrorDetails[]): ErrorDetails[] {
  const chain: ErrorDetails[] = [];
  for (let at: ErrorDetails | undefined = root; at && chain.length <= all.length;) {
    chain.push(at);
    at = at.causeIdx === undefined ? undefined : all[at.causeIdx];
  }
  return chain;
}

function fromInfo(error: ConnectError, info: ErrorInfo | undefined, server: string): Error {
  const metadata = info?.metadata ?? {};
  const condition = metadata["errorClass"] ?? conditionIn(error.rawMessage);
  if (condition === undefined && error.code === Code.Unimplemented) {
    return new SluiceError("UNSUPPORTED", `The server ${server} does not know this request.`, {
      next: "It needs a newer version of Spark.",
      cause: error,
    });
  }
  const classes = parseJson(metadata["classes"]);
  const name = condition ?? conditionOfClass(Array.isArray(classes) ? classes.map(String) : []);
  const parameters = parseJson(metadata["messageParameters"]);
  const { sqlState, stackTrace } = metadata;
  return new SparkError(name, sentenceOf(error.rawMessage, name), {
    ...(sqlState === undefined ? {} : { sqlState }),
    messageParameters:
      typeof parameters === "object" && parameters !== null ? (parameters as Record<string, string>) : {},
    ...(stackTrace === undefined ? {} : { serverStackTrace: stackTrace }),
    cause: error,
  });
}

/** The condition in brackets at the head of a message, or of what the message wraps. */
function conditionIn(message: string): string | undefined {
  return /\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)\] /.exec(message)?.[1];
}

/** Errors that the server gives no condition, as Spark itself calls those it has not classed yet. */
const NO_CONDITION = "_LEGACY_ERROR";

/** What servers throw without a condition. */
function conditionOfClass(classes: readonly string[]): string {
  const name = (classes[0] ?? "").split(".").at(-1) ?? "";
  const known: Record<string, string> = {
    ParseException: "PARSE_SYNTAX_ERROR",
    UnsupportedOperationException: "UNSUPPORTED_FEATURE",
    InterruptedException: "OPERATION_CANCELED",
  };
  return known[name] ?? NO_CONDITION;
}

/** The message without its condition, its SQLSTATE, and the place, the plan or the stack below them. */
function sentenceOf(message: string, condition: string): string {
  const head = `[${condition}] `;
  const from = message.includes(head) ? message.indexOf(head) + head.length : 0;
  const told = message.slice(from);
  const end =
    /\s*SQLSTATE: \w{5}|; line \d+ pos \d+|\(line \d+, pos \d+\)\n|\n== SQL|;\n'?[A-Z]\w+ |\n\tat /.exec(told)?.index ??
    told.length;
  return told.slice(0, end).trimEnd();
}

function contextOf(message: ContextMessage): QueryContext {
  const { objectType, objectName, startIndex, stopIndex, fragment, callSite } = message;
  const contextType = message.contextType === ContextType.DATAFRAME ? "DataFrame" : "SQL";
  return { contextType, objectType, objectName, startIndex, stopIndex, fragment, callSite };
}

function stackOf(root: ErrorDetails, all: readonly ErrorDetails[]): string {
  return chainOf(root, all)
    .map(({ errorTypeHierarchy: [name = "error"], message, stackTrace }, index) => {
      const frames = stackTrace.map(
        ({ declaringClass, methodName, fileName, lineNumber }) =>
          `\tat ${declaringClass}.${methodName}(${fileName ?? "Unknown Source"}:${lineNumber})`,
      );
      return [`${index > 0 ? "Caused by: " : ""}${name}: ${message}`, ...frames].join("\n");
    })
    .join("\n");
}

function tooLarge(error: ConnectError, server: string): SluiceError {
  return new SluiceError("USAGE", `The server ${server} does not take a message of this size: ${error.rawMessage}.`, {
    next: "Raise spark.connect.grpc.maxInboundMessageSize there, or send less at once.",
    cause: error,
  });
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
