import { SparkError } from "../../../sql/errors.ts";

export function parseError(sentence: string, messageParameters: Record<string, string>): SparkError {
  return new SparkError("PARSE_SYNTAX_ERROR", sentence, { sqlState: "42601", messageParameters });
}
