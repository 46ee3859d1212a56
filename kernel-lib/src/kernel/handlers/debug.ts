import { numberOf, textOf } from "../protocol/content.ts";
import type { Handler } from "./handler.ts";

/** `debug_request`: refused, since this kernel has no debugger (kernel_info says so too). */
export const debug: Handler = {
  reply: "debug_reply",
  handle({ content }) {
    const message = "This kernel has no debugger. Start Node with --inspect on a script instead.";
    return {
      type: "response",
      request_seq: numberOf(content, "seq", 0),
      seq: 0,
      success: false,
      command: textOf(content, "command"),
      message,
      status: "error",
      ename: "Unsupported",
      evalue: message,
      traceback: [],
    };
  },
};
