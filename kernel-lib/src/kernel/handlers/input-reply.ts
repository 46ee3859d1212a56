import { textOf } from "../protocol/content.ts";
import type { Handler } from "./handler.ts";

/** `input_reply`: the line that a running cell asked for. */
export const inputReply: Handler = {
  handle({ content }, kernel) {
    kernel.answerInput(textOf(content, "value"));
    return undefined;
  },
};
