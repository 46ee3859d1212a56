import { randomUUID } from "node:crypto";
import type { Header, Message } from "../wire/framing.ts";

/** The version of the Jupyter messaging protocol that Sluice speaks. */
export const PROTOCOL_VERSION = "5.4";

/** What a message may carry beside its content. */
export interface MessageExtras {
  parent?: Partial<Header>;
  metadata?: Record<string, unknown>;
  buffers?: Uint8Array[];
  identities?: Buffer[];
}

/**
 * Makes a header with a new message id.
 *
 * @example
 * ```ts
 * newHeader("execute_request", "session-1").msg_type; // "execute_request"
 * ```
 */
export function newHeader(type: string, session: string, username = "sluice"): Header {
  return {
    msg_id: randomUUID(),
    session,
    username,
    date: new Date().toISOString(),
    msg_type: type,
    version: PROTOCOL_VERSION,
  };
}

/** Makes a message of a type in a session. */
export function newMessage(
  type: string,
  content: Record<string, unknown>,
  session: string,
  extras: MessageExtras = {},
): Message {
  return {
    identities: extras.identities ?? [],
    header: newHeader(type, session),
    parentHeader: extras.parent ?? {},
    metadata: extras.metadata ?? {},
    content,
    buffers: extras.buffers ?? [],
  };
}

/**
 * The content of an `execute_request` with Jupyter's defaults.
 *
 * @example
 * ```ts
 * const content = executeContent("1 + 1");
 * console.log(content.code); // 1 + 1
 * ```
 */
export function executeContent(code: string, options: Partial<ExecuteOptions> = {}): Record<string, unknown> {
  return {
    code,
    silent: options.silent ?? false,
    store_history: options.storeHistory ?? true,
    user_expressions: options.userExpressions ?? {},
    allow_stdin: options.allowStdin ?? false,
    stop_on_error: options.stopOnError ?? true,
  };
}

/** The options of an `execute_request`. */
export interface ExecuteOptions {
  silent: boolean;
  storeHistory: boolean;
  userExpressions: Record<string, string>;
  allowStdin: boolean;
  stopOnError: boolean;
}
