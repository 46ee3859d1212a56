import { messageOf, SluiceError } from "../errors.ts";
import { redact } from "./redact.ts";

/** What was being done, for the sentence of an error. */
export interface StorageContext {
  /** The address as the user wrote it. */
  readonly uri: string;
  readonly container: string;
  /** Host and port of the service, without credentials. */
  readonly host: string;
  readonly account: string;
}

interface ThrownByAzure {
  name?: unknown;
  code?: string;
  statusCode?: number;
  details?: { errorCode?: string };
  message?: unknown;
}

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "REQUEST_SEND_ERROR",
]);

/** Turns anything that the Azure SDK or the file system threw into a {@link SluiceError} that names the thing and shows no secret. */
export function storageError(thrown: unknown, context: StorageContext, signal?: AbortSignal): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const { name, statusCode, details } = thrown as ThrownByAzure;
  // Answers without a body carry the code in a header only.
  const code = (thrown as ThrownByAzure).code ?? details?.errorCode;
  const { uri, container, host, account } = context;
  const cause = { cause: thrown };
  if (signal?.aborted) return new SluiceError("INTERRUPTED", `Work on ${uri} was stopped.`, cause);
  if (name === "AbortError" || name === "TimeoutError") {
    return new SluiceError("SERVICE_UNAVAILABLE", `Azure storage at ${host} did not answer in time.`, {
      ...cause,
      next: "Check the address and the network.",
    });
  }
  // What DefaultAzureCredential throws when none of its ways leads to a token.
  if (/^(AggregateAuthentication|Authentication|CredentialUnavailable)Error$/.test(String(name))) {
    return new SluiceError(
      "AUTHENTICATION_FAILED",
      `Nobody is signed in to Azure for the storage account ${account}.`,
      {
        ...cause,
        next: "Sign in with `az login`, or set AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN.",
      },
    );
  }
  if (code === "ENOSPC") {
    return new SluiceError("STORAGE_FULL", `The disk is full: working on ${uri} needs a local temporary file.`, {
      ...cause,
      next: "Free some space, or name another temporary folder in TMPDIR.",
    });
  }
  if (code === "ContainerNotFound") {
    return new SluiceError(
      "NOT_FOUND",
      `The container ${container} does not exist in the storage account ${account}.`,
      { ...cause, next: "Create it, or correct the address." },
    );
  }
  if (
    code === "AuthenticationFailed" ||
    code === "InvalidAuthenticationInfo" ||
    code === "NoAuthenticationInformation" ||
    statusCode === 401 ||
    // The emulator says AuthorizationFailure for a wrong signature; in Azure that code means a firewall.
    (statusCode === 403 && /failed to authenticate/i.test(messageOf(thrown)))
  ) {
    return new SluiceError(
      "AUTHENTICATION_FAILED",
      `The storage account ${account} at ${host} refused the credentials.`,
      {
        ...cause,
        next: "Check AZURE_STORAGE_CONNECTION_STRING or the account key, and that the token has not expired.",
      },
    );
  }
  if (statusCode === 403) {
    return new SluiceError(
      "PERMISSION_DENIED",
      `The credentials do not allow this on the container ${container} of the storage account ${account} (${code}).`,
      {
        ...cause,
        next: "Ask for a role or a token that covers it.",
      },
    );
  }
  if (statusCode === 404) return new SluiceError("NOT_FOUND", `${uri} does not exist.`, cause);
  if (statusCode === 409)
    return new SluiceError("ALREADY_EXISTS", `${uri} is in use or exists already (${code}).`, cause);
  if (statusCode === 412)
    return new SluiceError("INPUT_INVALID", `${uri} was changed by someone else while it was being read.`, {
      ...cause,
      next: "Try again.",
    });
  if (UNREACHABLE.has(code ?? "") || statusCode === 500 || statusCode === 503) {
    const reason = statusCode === undefined ? code : `status ${statusCode}`;
    return new SluiceError("SERVICE_UNAVAILABLE", `Azure storage at ${host} cannot be reached (${reason}).`, {
      ...cause,
      next: "Check the address, and that the service is running.",
    });
  }
  // Everything below is unforeseen: show the service's own first line, without secrets.
  return new SluiceError(
    "INTERNAL",
    `Azure storage failed on ${uri}: ${redact(messageOf(thrown)).split("\n")[0]}`,
    cause,
  );
}
