import { flagOf, objectOf, textOf } from "../protocol/content.ts";
import type { Handler, KernelContext, Reply } from "./handler.ts";
import type { CellOutcome } from "../interpreter/interpreter.ts";
import type { Message } from "../wire/framing.ts";

/** `execute_request`: runs a cell and puts its result or error under it. */
export const execute: Handler = {
  reply: "execute_reply",
  queued: true,
  async handle(request, kernel) {
    const { content } = request;
    const code = textOf(content, "code");
    const silent = flagOf(content, "silent", false);
    const store = !silent && flagOf(content, "store_history", true);
    const parent = request.header.msg_id;
    const counts = store && code.trim() !== "";
    if (counts) kernel.executionCount++;
    // Read once: the counter belongs to this cell until it ends.
    const number = kernel.executionCount;
    // Started first: the cell is checked in another thread while this one says what it runs.
    const running = run(request, code, number, silent, kernel);
    if (!silent) kernel.outputs.publish("execute_input", { code, execution_count: number }, parent);
    if (counts) kernel.history.add(number, code);

    const outcome = await running;
    if (outcome.status === "error") return fail(outcome, number, request, silent, kernel);
    if (outcome.result && !silent) {
      kernel.outputs.publish("execute_result", { ...outcome.result, execution_count: number }, parent);
      if (store) kernel.history.setOutput(number, textOf(outcome.result.data, "text/plain"));
    }
    const expressions = objectOf(content, "user_expressions") as Record<string, string>;
    const user_expressions =
      Object.keys(expressions).length > 0 ? await kernel.interpreter.evaluate(expressions, parent) : {};
    return { status: "ok", execution_count: number, user_expressions, payload: outcome.payloads };
  },
};

async function run(
  request: Message,
  code: string,
  number: number,
  silent: boolean,
  kernel: KernelContext,
): Promise<CellOutcome> {
  if (code.trim() === "") return { status: "ok", payloads: [] };
  kernel.running = request;
  try {
    return await kernel.interpreter.execute({ parent: request.header.msg_id, code, number, silent });
  } finally {
    kernel.running = undefined;
  }
}

async function fail(
  outcome: CellOutcome & { status: "error" },
  number: number,
  request: Message,
  silent: boolean,
  kernel: KernelContext,
): Promise<Reply> {
  const { ename, evalue, traceback, exitCode } = outcome;
  if (!silent) kernel.outputs.publish("error", { ename, evalue, traceback }, request.header.msg_id);
  if (flagOf(request.content, "stop_on_error", true)) await kernel.abortQueue();
  // In the reply alone: what is published is saved in notebooks, whose format has no place for it.
  const exit = exitCode === undefined ? {} : { exit_code: exitCode };
  const content = { execution_count: number, ename, evalue, traceback, ...exit, user_expressions: {}, payload: [] };
  return { status: "error", ...content };
}
