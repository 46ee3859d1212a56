// Spark's own connection string: sc://host:port/;key=value;…
import { randomUUID } from "node:crypto";
import { SluiceError, nearest } from "../../errors.ts";

/** What a connection string says. */
export interface ConnectionString {
  readonly host: string;
  readonly port: number;
  /** Whether the connection is encrypted; a token makes it so unless `use_ssl=false` says otherwise. */
  readonly useSsl: boolean;
  /** Sent as `authorization: Bearer …`. */
  readonly token: string | undefined;
  readonly userId: string | undefined;
  readonly userAgent: string | undefined;
  /** The session of the server to work in, shared with all who name it. */
  readonly sessionId: string | undefined;
  /** Every other parameter: sent as a header with each request, such as `x-databricks-cluster-id`. */
  readonly headers: Readonly<Record<string, string>>;
}

const DEFAULT_PORT = 15002;
const EXAMPLE = "Write it as sc://host:15002/;user_id=ada;use_ssl=true.";
const ENCODE = "Write it as key=value, with %3B for a semicolon in a value.";
const known = new Set(["use_ssl", "token", "user_id", "user_agent", "session_id"]);
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Reads a connection string as Spark's clients do.
 *
 * Parameters that Spark does not name become headers. One that is nearly a name of Spark's is refused, because it would
 * go unnoticed.
 *
 * @throws SluiceError `CONFIG_INVALID` with what is wrong with it; the message never shows a parameter's value
 */
export function parseConnectionString(text: string): ConnectionString {
  if (!/^sc:\/\//i.test(text)) throw invalid("does not begin with sc://");
  const [address = "", ...rest] = text.slice("sc://".length).split("/");
  if (address.includes(";")) throw invalid("needs a slash between the address and its parameters", EXAMPLE);
  const { host, port } = parseAddress(address);
  const path = rest.join("/");
  if (path !== "" && !path.startsWith(";")) throw invalid("has a path: only parameters may follow the address");
  const parameters = parseParameters(path.slice(1));
  const { token, user_id, user_agent, session_id, use_ssl } = parameters;
  if (session_id !== undefined && !uuid.test(session_id))
    throw invalid("has a session_id that is not a UUID", `Such as ${randomUUID()}.`);
  const useSsl = use_ssl === undefined ? token !== undefined : parseBoolean(use_ssl);
  if (token !== undefined && !useSsl && !isLoopback(host)) {
    throw invalid(
      "has a token and use_ssl=false",
      "A token goes only over an encrypted connection, or to this machine.",
    );
  }
  return {
    host,
    port,
    useSsl,
    token,
    userId: user_id,
    userAgent: user_agent,
    sessionId: session_id,
    headers: Object.fromEntries(Object.entries(parameters).filter(([name]) => !known.has(name))),
  };
}

/** Whether an address is of this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

function parseAddress(address: string): { host: string; port: number } {
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(address) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw invalid("has no host and port such as spark:15002");
  const port = portText === undefined ? DEFAULT_PORT : Number(portText);
  if (port < 1 || port > 65535) throw invalid(`has the port ${portText}, which is not from 1 to 65535`);
  return { host, port };
}

function parseParameters(text: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const part of text.split(";")) {
    if (part === "") continue;
    const at = part.indexOf("=");
    const name = (at < 0 ? part : part.slice(0, at)).toLowerCase();
    // What is no known name may be the rest of a token that has a semicolon in it.
    if (at < 1 || at === part.length - 1)
      throw invalid(`has ${known.has(name) ? `the parameter ${name}` : "a parameter"} without a value`, ENCODE);
    checkName(name);
    try {
      parameters[name] = decodeURIComponent(part.slice(at + 1));
    } catch {
      throw invalid(`has a value of ${name} that is not percent-encoded rightly`);
    }
    if (/[\r\n\0]/.test(parameters[name])) throw invalid(`has a line break in the value of ${name}`);
  }
  return parameters;
}

function checkName(name: string): void {
  if (known.has(name)) return;
  if (!/^[a-z0-9_.-]+$/.test(name)) throw invalid("has a parameter whose name is not fit for a header");
  const near = name.startsWith("x-") ? undefined : nearest(name, known);
  if (near !== undefined) throw invalid(`has the parameter ${name}`, `Did you mean ${near}?`);
}

function parseBoolean(text: string): boolean {
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  throw invalid("has a use_ssl that is neither true nor false");
}

function invalid(what: string, next = EXAMPLE): SluiceError {
  return new SluiceError("CONFIG_INVALID", `The connection string ${what}.`, { next });
}
