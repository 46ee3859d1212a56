import { flagOf } from "../protocol/content.ts";
import type { Handler } from "./handler.ts";

/** `shutdown_request`: ends the kernel; with `restart` the frontend starts it again. */
export const shutdown: Handler = {
  reply: "shutdown_reply",
  handle({ content, header }, kernel) {
    const restart = flagOf(content, "restart", false);
    kernel.outputs.publish("shutdown_reply", { status: "ok", restart }, header.msg_id);
    kernel.stop();
    return { status: "ok", restart };
  },
};
