import { textOf } from "../protocol/content.ts";
import type { Handler } from "./handler.ts";

/** `comm_close`: the frontend closes a side channel. */
export const commClose: Handler = {
  async handle({ header, content, metadata, buffers }, kernel) {
    const id = textOf(content, "comm_id");
    kernel.comms.delete(id);
    await kernel.interpreter.comm(
      { action: "close", id, data: content["data"] ?? {}, metadata, buffers },
      header.msg_id,
    );
    return undefined;
  },
};
