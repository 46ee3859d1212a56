import { commClose } from "./comm-close.ts";
import { commInfo } from "./comm-info.ts";
import { commMsg } from "./comm-msg.ts";
import { commOpen } from "./comm-open.ts";
import { complete } from "./complete.ts";
import { debug } from "./debug.ts";
import { execute } from "./execute.ts";
import type { Handler } from "./handler.ts";
import { history } from "./history.ts";
import { inputReply } from "./input-reply.ts";
import { inspect } from "./inspect.ts";
import { interrupt } from "./interrupt.ts";
import { isComplete } from "./is-complete.ts";
import { kernelInfo } from "./kernel-info.ts";
import { shutdown } from "./shutdown.ts";

/** The handler of each message type. */
export const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ["execute_request", execute],
  ["complete_request", complete],
  ["inspect_request", inspect],
  ["is_complete_request", isComplete],
  ["history_request", history],
  ["kernel_info_request", kernelInfo],
  ["comm_open", commOpen],
  ["comm_msg", commMsg],
  ["comm_close", commClose],
  ["comm_info_request", commInfo],
  ["interrupt_request", interrupt],
  ["shutdown_request", shutdown],
  ["input_reply", inputReply],
  ["debug_request", debug],
]);
