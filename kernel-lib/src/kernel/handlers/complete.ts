import { toCodePoints, toUtf16 } from "../offsets.ts";
import { numberOf, textOf } from "../protocol/content.ts";
import type { Handler } from "./handler.ts";

/** `complete_request`: completes the code at the cursor. */
export const complete: Handler = {
  reply: "complete_reply",
  async handle({ content }, kernel) {
    const code = textOf(content, "code");
    const cursor = toUtf16(code, numberOf(content, "cursor_pos", code.length));
    const found = await kernel.interpreter.complete(code, cursor);
    const start = toCodePoints(code, found.start);
    const end = toCodePoints(code, found.end);
    return {
      status: "ok",
      matches: found.matches.map((match) => match.text),
      cursor_start: start,
      cursor_end: end,
      metadata: {
        // JupyterLab reads the kind of each match here and shows it as an icon.
        _jupyter_types_experimental: found.matches.map(({ text, type }) => ({ text, type: type ?? "", start, end })),
      },
    };
  },
};
