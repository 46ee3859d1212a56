import type { History } from "../history.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import type { Outputs } from "../outputs.ts";
import type { Message } from "../wire/framing.ts";

/** The content of a reply. */
export type Reply = Record<string, unknown>;

/** What handlers see of the kernel. */
export interface KernelContext {
  readonly interpreter: Interpreter;
  readonly outputs: Outputs;
  readonly history: History;
  /** Open comms: id → target. */
  readonly comms: Map<string, string>;
  /** The number of the last cell that was counted. */
  executionCount: number;
  /** The execute request that is being answered. */
  running: Message | undefined;
  /** Answers the execute requests that wait with "aborted". */
  abortQueue(): Promise<void>;
  /** Hands the user's line to the input that waits for it. */
  answerInput(value: string): void;
  /** Ends the kernel once the reply is sent. */
  stop(): void;
}

/** Answers one request. A handler without a reply type returns nothing. */
export interface Handler {
  /** The type of the reply, when the protocol has one. */
  reply?: string;
  /** Executes wait for one another; everything else is answered at once, also while a cell runs. */
  queued?: boolean;
  handle(request: Message, kernel: KernelContext): Promise<Reply | undefined> | Reply | undefined;
}
