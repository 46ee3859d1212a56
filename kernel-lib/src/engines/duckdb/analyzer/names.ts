// Column names as users write them: `a`, `t.a`, `` `a.b`.c ``.
import { SparkError } from "../../../sql/errors.ts";
import { levenshteinDistance } from "../functions/text-natives.ts";

/**
 * The parts of a dotted name, without their backquotes.
 *
 * @throws SparkError INVALID_ATTRIBUTE_NAME_SYNTAX for unbalanced backquotes or empty parts.
 */
export function parseName(text: string): string[] {
  const parts: string[] = [];
  let at = 0;
  const invalid = () =>
    new SparkError(
      "INVALID_ATTRIBUTE_NAME_SYNTAX",
      `Syntax error in the attribute name: ${text}. Check that backticks appear in pairs, a quoted string is a complete name part and use a backtick only inside quoted name parts.`,
      { sqlState: "42601", messageParameters: { name: text } },
    );
  for (;;) {
    if (text[at] === "`") {
      let part = "";
      for (at += 1; ; at += 1) {
        if (at >= text.length) throw invalid();
        if (text[at] !== "`") part += text[at];
        else if (text[at + 1] === "`") part += text[(at += 1)];
        else break;
      }
      at += 1;
      parts.push(part);
    } else {
      const end = text.indexOf(".", at) === -1 ? text.length : text.indexOf(".", at);
      const part = text.slice(at, end);
      if (part.includes("`") || (part === "" && text !== "")) throw invalid();
      parts.push(part);
      at = end;
    }
    if (at === text.length) return parts;
    if (text[at] !== ".") throw invalid();
    at += 1;
  }
}

/** Each part in backquotes: the form of names in messages. */
export function quoteName(parts: readonly string[]): string {
  return parts.map((part) => `\`${part.replaceAll("`", "``")}\``).join(".");
}

/** Whether two names mean the same column. */
export type SameName = (a: string, b: string) => boolean;

export const sameIgnoringCase: SameName = (a, b) => a === b || a.toLowerCase() === b.toLowerCase();
export const sameExactly: SameName = (a, b) => a === b;

/** The candidates in backquotes, nearest to `name` first, else by the alphabet: Spark measures with the backquotes. */
export function nearestNames(name: string, candidates: readonly string[]): string[] {
  return [...candidates]
    .sort()
    .map((candidate) => ({ candidate, score: levenshteinDistance(name, candidate) }))
    .sort((a, b) => a.score - b.score)
    .map((entry) => entry.candidate);
}
