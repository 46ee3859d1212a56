import type { Handler } from "./handler.ts";

/** `comm_info_request`: the open side channels, all or those of one target. */
export const commInfo: Handler = {
  reply: "comm_info_reply",
  handle({ content }, kernel) {
    const target = content["target_name"];
    const open = [...kernel.comms].filter(([, name]) => typeof target !== "string" || target === "" || name === target);
    return { status: "ok", comms: Object.fromEntries(open.map(([id, name]) => [id, { target_name: name }])) };
  },
};
