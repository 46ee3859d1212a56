// LIKE, RLIKE and the regexp_ functions.
import { quoteText } from "../errors.ts";
import type { FunctionDefinition } from "./definition.ts";
import { BOOLEAN, INT, STRING, arrayOf } from "./kinds.ts";
import { constantOf, rows } from "./makers.ts";
import type { Emit, Row } from "./makers.ts";
import { javaRegex, natives, re2Pattern } from "./java-regex.ts";
import type { Expression } from "../resolved/expression.ts";

const patternOf = (argument: Expression | undefined): string | undefined =>
  argument?.kind === "literal" && typeof argument.value === "string" ? argument.value : undefined;

const call =
  (which: keyof typeof natives): Emit =>
  (args, context) =>
    `${context.native(natives[which])}(${args.join(", ")})`;

/** A row whose second argument is a pattern: a constant one is compiled before anything runs. */
function patternRow(row: Row): FunctionDefinition[] {
  return rows(row).map((definition) => ({
    ...definition,
    resolve(args, context) {
      const pattern = args[1] && context.constant(args[1]);
      if (typeof pattern === "string") javaRegex(pattern, definition.name);
      return definition.resolve(args, context);
    },
  }));
}

const matches: Emit = (args, context, node) => {
  const pattern = patternOf(node.args[1]);
  const re2 = pattern === undefined ? undefined : re2Pattern(pattern);
  if (re2 !== undefined) return `regexp_matches(${args[0]}, ${quoteText(re2)})`;
  return call("like")(args, context, node);
};

/** A literal text to split at, when the pattern is one. */
function plainDelimiter(pattern: string | undefined): string | undefined {
  if (pattern === undefined || pattern === "") return undefined;
  const unescaped = pattern.replace(/^\\([^\w\s])$/, "$1").replace(/^\[([^\\^\]])\]$/, "$1");
  if (unescaped !== pattern) return unescaped;
  return /[\\^$.*+?()[\]{}|]/.test(pattern) ? undefined : pattern;
}

const split: Emit = (args, context, node) => {
  const delimiter = plainDelimiter(patternOf(node.args[1]));
  const limit = node.args[2];
  const unlimited = limit?.kind === "literal" && typeof limit.value === "number" && limit.value <= 0;
  if (delimiter !== undefined && unlimited) return `string_split(${args[0]}, ${quoteText(delimiter)})`;
  return call("split")(args, context, node);
};

const filled =
  (name: string, size: number, last: string) =>
  (args: readonly string[]): string =>
    `${name}(${[...args, last].slice(0, size).join(", ")})`;

/** `%` and `_` with an escape character; a text that ends in the escape is refused by both engines. */
const like = (name: "like" | "ilike", operator: "LIKE" | "ILIKE"): FunctionDefinition[] =>
  rows({
    names: name,
    parameters: [STRING, STRING, STRING],
    optional: 1,
    result: BOOLEAN,
    sql: ([text, pattern, escape = "'\\'"]) => `(${text} ${operator} ${pattern} ESCAPE ${escape})`,
    display: ([text, pattern, escape]) => {
      const shown = name === "like" ? `${text} LIKE ${pattern}` : `ilike(${text}, ${pattern}`;
      if (name === "ilike") return escape === undefined ? `${shown})` : `${shown}, ${escape})`;
      return escape === undefined ? shown : `${shown} ESCAPE '${escape}'`;
    },
  });

export const regexFunctions: FunctionDefinition[] = [
  ...like("like", "LIKE"),
  ...like("ilike", "ILIKE"),
  ...patternRow({
    names: "rlike regexp regexp_like",
    parameters: [STRING, STRING],
    result: BOOLEAN,
    sql: matches,
    display: ([text, pattern]) => `RLIKE(${text}, ${pattern})`,
  }),
  ...patternRow({
    names: "regexp_replace",
    parameters: [STRING, STRING, STRING, INT],
    optional: 1,
    defaults: [constantOf(1, INT)],
    result: STRING,
    sql: call("replace"),
    display: filled("regexp_replace", 4, "1"),
  }),
  ...patternRow({
    names: "regexp_extract",
    parameters: [STRING, STRING, INT],
    optional: 1,
    defaults: [constantOf(1, INT)],
    result: STRING,
    sql: call("extract"),
    display: filled("regexp_extract", 3, "1"),
  }),
  ...patternRow({
    names: "regexp_extract_all",
    parameters: [STRING, STRING, INT],
    optional: 1,
    defaults: [constantOf(1, INT)],
    result: arrayOf(STRING),
    sql: call("extractAll"),
    display: filled("regexp_extract_all", 3, "1"),
  }),
  ...patternRow({ names: "regexp_count", parameters: [STRING, STRING], result: INT, sql: call("count") }),
  ...patternRow({
    names: "regexp_instr",
    parameters: [STRING, STRING],
    result: INT,
    sql: call("instr"),
    display: filled("regexp_instr", 3, "0"),
  }),
  ...patternRow({
    names: "regexp_substr",
    parameters: [STRING, STRING],
    result: STRING,
    nullable: true,
    sql: call("substr"),
  }),
  ...patternRow({
    names: "split",
    parameters: [STRING, STRING, INT],
    optional: 1,
    defaults: [constantOf(-1, INT)],
    result: arrayOf(STRING, false),
    sql: split,
    display: filled("split", 3, "-1"),
  }),
];
