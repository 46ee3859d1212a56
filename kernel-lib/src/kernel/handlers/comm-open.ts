import { textOf } from "../protocol/content.ts";
import type { Handler } from "./handler.ts";

/** `comm_open`: the frontend opens a side channel. The interpreter closes it again when it knows no such target. */
export const commOpen: Handler = {
  async handle({ header, content, metadata, buffers }, kernel) {
    const id = textOf(content, "comm_id");
    const target = textOf(content, "target_name");
    kernel.comms.set(id, target);
    await kernel.interpreter.comm(
      { action: "open", id, target, data: content["data"] ?? {}, metadata, buffers },
      header.msg_id,
    );
    return undefined;
  },
};
