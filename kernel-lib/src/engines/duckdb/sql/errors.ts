import { SparkError } from "../../../sql/errors.ts";

export function parseError(sentence: string, messageParameters: Record<string, string>): SparkError {
  return new SparkError("PARSE_SYNTAX_ERROR", sentence, { sqlState: "42601", messageParameters });
}

/** A syntax error at a place of a text, in UTF-16 units from its start; at its end no token is named. */
export function syntaxError(text: string, at: number, token: string | undefined): SparkError {
  const near = token === undefined ? "end of input" : `'${token}'`;
  const before = text.slice(0, at).split("\n");
  // Spark counts characters, not halves of them.
  const position = [...(before.at(-1) ?? "")].length;
  return new SparkError("PARSE_SYNTAX_ERROR", `Syntax error at or near ${near}.`, {
    sqlState: "42601",
    messageParameters: { error: near, hint: "" },
    place: `(line ${before.length}, pos ${position})`,
  });
}
