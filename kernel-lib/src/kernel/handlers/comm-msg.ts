import { textOf } from "../protocol/content.ts";
import type { Handler } from "./handler.ts";

/** `comm_msg`: a message on an open side channel. */
export const commMsg: Handler = {
  async handle({ header, content, metadata, buffers }, kernel) {
    const id = textOf(content, "comm_id");
    await kernel.interpreter.comm(
      { action: "message", id, data: content["data"] ?? {}, metadata, buffers },
      header.msg_id,
    );
    return undefined;
  },
};
