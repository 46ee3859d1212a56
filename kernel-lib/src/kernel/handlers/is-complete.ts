import { textOf } from "../protocol/content.ts";
import type { Handler } from "./handler.ts";

/** `is_complete_request`: whether a console should run the code or ask for more lines. */
export const isComplete: Handler = {
  reply: "is_complete_reply",
  async handle({ content }, kernel) {
    return { ...(await kernel.interpreter.isComplete(textOf(content, "code"))) };
  },
};
