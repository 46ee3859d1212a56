import { PROTOCOL_VERSION } from "../protocol/builders.ts";
import { VERSION } from "../version.ts";
import type { Handler } from "./handler.ts";

/** `kernel_info_request`: the language and what the kernel can do. */
export const kernelInfo: Handler = {
  reply: "kernel_info_reply",
  handle(_request, kernel) {
    return {
      status: "ok",
      protocol_version: PROTOCOL_VERSION,
      implementation: "sluice",
      implementation_version: VERSION,
      language_info: kernel.interpreter.languageInfo,
      banner: kernel.interpreter.banner,
      help_links: [
        { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
        { text: "Node.js", url: "https://nodejs.org/docs/latest-v20.x/api/" },
      ],
      debugger: false,
      supported_features: [],
    };
  },
};
