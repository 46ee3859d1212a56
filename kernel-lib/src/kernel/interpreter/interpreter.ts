import type { ErrorContent, ExpressionResult, LanguageInfo, MimeBundle, Payload } from "../protocol/content.ts";

/** One cell to run. */
export interface CellRequest {
  /** The id of the request; everything the cell puts out names it. */
  parent: string;
  code: string;
  /** The number in the cell's brackets. */
  number: number;
  /** Whether a result is wanted. */
  silent: boolean;
}

/** How a cell ended. */
export type CellOutcome =
  | { status: "ok"; result?: { data: MimeBundle; metadata: Record<string, unknown> }; payloads: Payload[] }
  | ({ status: "error"; interrupted?: boolean } & ErrorContent);

/** One completion. */
export interface Completion {
  text: string;
  /** What it is (`function`, `property`, `keyword`, …), for the icon beside it. */
  type?: string;
}

/** Completions for a range of the code; offsets are in UTF-16 units. */
export interface Completions {
  matches: Completion[];
  start: number;
  end: number;
}

/** What is known of the thing under the cursor. */
export interface Inspection {
  text: string;
  markdown?: string;
}

/** Whether code can be run as it is, needs more lines or can never be right. */
export type Completeness = { status: "complete" } | { status: "incomplete"; indent: string } | { status: "invalid" };

/** A message of a comm, the side channel that widgets use. */
export interface CommEvent {
  action: "open" | "message" | "close";
  id: string;
  /** The name of the handler, when one is opened. */
  target?: string;
  data: unknown;
  metadata: Record<string, unknown>;
  buffers: Uint8Array[];
}

/** Something shown outside a cell's result. */
export interface DisplayEvent {
  data: MimeBundle;
  metadata: Record<string, unknown>;
  /** Names the output, so that it can be updated. */
  id?: string;
  /** Replaces the output of this id instead of adding one. */
  update: boolean;
}

/** What an interpreter can tell the frontend. `parent` is the id of the request that the output belongs to. */
export interface InterpreterHost {
  stream(parent: string, name: "stdout" | "stderr", text: string): void;
  display(parent: string, event: DisplayEvent): void;
  clear(parent: string, wait: boolean): void;
  /** Asks the user for a line; rejects when the frontend of this request can't. */
  input(parent: string, prompt: string, password: boolean): Promise<string>;
  comm(parent: string, event: CommEvent): void;
  /** An error that no code caught, perhaps long after its cell ended. */
  uncaught(parent: string, error: ErrorContent): void;
  /** Called when user code ends the process; resolves when all that was said before is sent. */
  exiting(parent: string, error: ErrorContent): Promise<void>;
}

/**
 * What a language must do to be a kernel. The protocol's side (sockets, messages, queues, counters, history) is done
 * by the kernel; an interpreter runs code. See `echo.ts` for the smallest one.
 */
export interface Interpreter {
  readonly languageInfo: LanguageInfo;
  readonly banner: string;
  /** Called once, when the sockets are open. */
  start(host: InterpreterHost): void;
  /**
   * Runs a cell. Never rejects: what the cell throws is an outcome. One cell runs at a time. Nothing is put out before the call
   * returned, since the frontend is told of the cell only then.
   */
  execute(cell: CellRequest): Promise<CellOutcome>;
  /** Computes the user expressions of a request after its cell. */
  evaluate(expressions: Record<string, string>, parent: string): Promise<Record<string, ExpressionResult>>;
  complete(code: string, cursor: number): Promise<Completions>;
  inspect(code: string, cursor: number, detail: number): Promise<Inspection | undefined>;
  isComplete(code: string): Promise<Completeness>;
  /** Takes a comm message from the frontend; resolves when its handler is done. */
  comm(event: CommEvent, parent: string): Promise<void>;
  /** Ends the running cell as soon as possible, with its state kept. Does nothing when none runs. */
  interrupt(): void;
  /** Frees what the interpreter holds before the process ends. */
  shutdown(): Promise<void>;
}
