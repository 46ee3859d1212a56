import type { Handler } from "./handler.ts";

/** `interrupt_request`: ends the running cell; comes over the control channel, which is read while cells run. */
export const interrupt: Handler = {
  reply: "interrupt_reply",
  async handle(_request, kernel) {
    kernel.interpreter.interrupt();
    // Cells that wait behind the interrupted one must not start.
    if (kernel.running) await kernel.abortQueue();
    return { status: "ok" };
  },
};
