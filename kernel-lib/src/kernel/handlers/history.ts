import { flagOf, textOf } from "../protocol/content.ts";
import type { HistoryQuery } from "../history.ts";
import type { Handler } from "./handler.ts";

/** `history_request`: the last cells, a range of a session's, or those that match a pattern. */
export const history: Handler = {
  reply: "history_reply",
  handle({ content }, kernel) {
    const query: HistoryQuery = {
      access: textOf(content, "hist_access_type", "tail"),
      unique: flagOf(content, "unique", false),
      pattern: textOf(content, "pattern", "*"),
    };
    for (const field of ["n", "session", "start", "stop"] as const) {
      const value = content[field];
      if (typeof value === "number") query[field] = value;
    }
    const withOutput = flagOf(content, "output", false);
    const entries = kernel.history.find(query).map((entry) => {
      const [session, line, code] = entry;
      return [session, line, withOutput ? [code, kernel.history.outputOf(entry)] : code];
    });
    return { status: "ok", history: entries };
  },
};
