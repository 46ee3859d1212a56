import { toUtf16 } from "../offsets.ts";
import { numberOf, textOf } from "../protocol/content.ts";
import type { Handler } from "./handler.ts";

/** `inspect_request`: describes the thing at the cursor. */
export const inspect: Handler = {
  reply: "inspect_reply",
  async handle({ content }, kernel) {
    const code = textOf(content, "code");
    const cursor = toUtf16(code, numberOf(content, "cursor_pos", code.length));
    const found = await kernel.interpreter.inspect(code, cursor, numberOf(content, "detail_level", 0));
    if (found === undefined) return { status: "ok", found: false, data: {}, metadata: {} };
    const data = {
      "text/plain": found.text,
      ...(found.markdown === undefined ? {} : { "text/markdown": found.markdown }),
    };
    return { status: "ok", found: true, data, metadata: {} };
  },
};
