// Java's regular expressions as JavaScript's, and where they mean the same as DuckDB's RE2.
import { SparkError } from "../../../sql/errors.ts";
import { listValue } from "@duckdb/node-api";
import type { NativeFunction } from "./definition.ts";
import { native } from "./text-natives.ts";

/** What a class of Java is in JavaScript's `v` mode, outside and inside of brackets. */
const CLASSES: Readonly<Record<string, string>> = {
  d: "0-9",
  w: "a-zA-Z_0-9",
  s: " \\t\\n\\x0B\\f\\r",
  h: " \\t\\xA0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000",
  v: "\\n\\x0B\\f\\r\\x85\\u2028\\u2029",
};

const POSIX: Readonly<Record<string, string>> = {
  Lower: "a-z",
  Upper: "A-Z",
  ASCII: "\\x00-\\x7F",
  Alpha: "a-zA-Z",
  Digit: "0-9",
  Alnum: "a-zA-Z0-9",
  Punct: "!-\\/:-@\\[-`\\{-~",
  Graph: "!-~",
  Print: " -~",
  Blank: " \\t",
  Cntrl: "\\x00-\\x1F\\x7F",
  XDigit: "0-9a-fA-F",
  Space: " \\t\\n\\x0B\\f\\r",
};

const LINE_END = "[\\n\\r\\u0085\\u2028\\u2029]";
const NOT_LINE_END = "[^\\n\\r\\u0085\\u2028\\u2029]";

function invalid(pattern: string, functionName: string): SparkError {
  return new SparkError(
    "INVALID_PARAMETER_VALUE.PATTERN",
    `The value of parameter(s) \`regexp\` in \`${functionName}\` is invalid: '${pattern}'.`,
    { sqlState: "22023" },
  );
}

/**
 * The JavaScript form of a Java pattern.
 *
 * @throws SparkError INVALID_PARAMETER_VALUE.PATTERN for a pattern that is not valid, UNSUPPORTED_FEATURE for one that
 * JavaScript cannot express (possessive quantifiers, atomic groups, inline flags in the middle).
 */
export function translateRegex(pattern: string, functionName: string): { source: string; flags: string } {
  let flags = "v";
  let multiline = false;
  let dotAll = false;
  let rest = pattern;
  const inline = /^\(\?([imsu]+)\)/.exec(rest);
  if (inline) {
    const letters = inline[1] ?? "";
    if (letters.includes("i")) flags += "i";
    multiline = letters.includes("m");
    dotAll = letters.includes("s");
    rest = rest.slice(inline[0].length);
  }
  let out = "";
  let depth = 0;
  // Within brackets: whether the last character may begin a range, and whether a range is being ended.
  let single = false;
  let ranged = false;
  // Where the text within the outer brackets begins.
  let opened = 0;
  for (let i = 0; i < rest.length; i += 1) {
    const char = rest[i] as string;
    if (char === "\\") {
      const [text, used] = escape(rest, i, functionName, pattern);
      out += text;
      single = text.length === 2 || !text.startsWith("[");
      i += used - 1;
    } else if (depth > 0) {
      if (char === "&" && rest[i + 1] === "&") {
        // JavaScript wants brackets around both sides of an intersection.
        if (depth !== 1 || rest[i + 2] !== "[" || out[opened] === "^")
          throw unsupportedRegex(pattern, "an intersection of this form");
        out = `${out.slice(0, opened)}[${out.slice(opened)}]&&`;
        i += 1;
        continue;
      }
      if (char === "-") {
        // A hyphen that makes no range must be escaped in JavaScript's v mode.
        const next = rest[i + 1];
        const makesRange: boolean = single && next !== "]" && next !== "[" && next !== undefined;
        out += makesRange ? "-" : "\\-";
        single = !makesRange && single;
        ranged = makesRange;
        continue;
      }
      single = !ranged && char !== "[" && char !== "]";
      ranged = false;
      if (char === "[") depth += 1;
      if (char === "]") depth -= 1;
      // JavaScript's v mode wants these escaped within brackets, Java does not.
      const doubled = char === rest[i + 1] && "!#$%*+,.:;<=>?@^`~".includes(char);
      out += "(){}/|".includes(char) || doubled ? `\\${char}` : char;
    } else if (char === "[") {
      depth = 1;
      opened = out.length + 1;
      single = false;
      ranged = false;
      out += char;
      if (rest[i + 1] === "^") {
        out += "^";
        i += 1;
      }
      if (rest[i + 1] === "]") {
        out += "\\]";
        i += 1;
      }
    } else if (char === ".") out += dotAll ? "[^]" : NOT_LINE_END;
    else if (char === "$") out += multiline ? `(?=${LINE_END}|$)` : `(?=(?:\\r\\n|${LINE_END})?$)`;
    else if (char === "^" && multiline) out += `(?<=^|${LINE_END})`;
    else if (char === "]" || char === "}") out += char === "}" && closesQuantifier(out) ? char : `\\${char}`;
    else if (char === "{" && !/^\{\d+(,\d*)?\}/.test(rest.slice(i))) throw invalid(pattern, functionName);
    else if (char === "+" && /(?:[*+?]|\{\d+(?:,\d*)?\})$/.test(rest.slice(0, i)) && !/\\[*+?]$/.test(rest.slice(0, i)))
      throw unsupportedRegex(pattern, "a possessive quantifier");
    else if (char === "(" && /^\(\?(>|[a-z-]+[:)])/.test(rest.slice(i)) && !rest.startsWith("(?:", i))
      throw unsupportedRegex(pattern, "an atomic group or flags within the pattern");
    else out += char;
  }
  return { source: out, flags };
}

const closesQuantifier = (out: string): boolean => /\{\d+(,\d*)?$/.test(out);

function unsupportedRegex(pattern: string, what: string): SparkError {
  return new SparkError(
    "UNSUPPORTED_FEATURE",
    `The regular expression ${pattern} has ${what}, which is not supported. Write it without.`,
    {
      sqlState: "0A000",
    },
  );
}

/** One escape at `at`: its JavaScript text and how many characters of the pattern it is. */
function escape(pattern: string, at: number, functionName: string, whole: string): [string, number] {
  const letter = pattern[at + 1];
  if (letter === undefined) throw invalid(whole, functionName);
  const set = CLASSES[letter];
  if (set !== undefined) return [`[${set}]`, 2];
  const opposite = CLASSES[letter.toLowerCase()];
  if (opposite !== undefined && letter !== letter.toLowerCase()) return [`[^${opposite}]`, 2];
  if (letter === "Q") {
    const end = pattern.indexOf("\\E", at);
    const literal = pattern.slice(at + 2, end < 0 ? undefined : end);
    return [
      literal.replace(/[\\^$.*+?()[\]{}|/&!#%,:;<=>@`~-]/g, "\\$&"),
      end < 0 ? pattern.length - at : end + 2 - at,
    ];
  }
  if (letter === "A") return ["(?<![^])", 2];
  if (letter === "z") return ["(?![^])", 2];
  if (letter === "Z") return [`(?=(?:\\r\\n|${LINE_END})?(?![^]))`, 2];
  if (letter === "b" || letter === "B") return [`\\${letter}`, 2];
  const property = /^\\([pP])(?:\{(?:Is|In)?(\w+)\}|([A-Z]))/.exec(pattern.slice(at));
  if (property) {
    const name = property[2] ?? property[3] ?? "";
    const posix = POSIX[name];
    const negated = property[1] === "P";
    if (posix !== undefined) return [`[${negated ? "^" : ""}${posix}]`, property[0].length];
    return [`\\${property[1]}{${name}}`, property[0].length];
  }
  if (/[0-9]/.test(letter)) return [`\\${letter}`, 2];
  if (letter === "x" || letter === "u" || letter === "c" || letter === "k") {
    const code = /^\\(?:x[0-9a-fA-F]{2}|x\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|c[A-Z]|k<\w+>)/.exec(pattern.slice(at));
    if (!code) throw invalid(whole, functionName);
    return [code[0].replace("\\x{", "\\u{"), code[0].length];
  }
  if (letter === "e") return ["\\x1B", 2];
  if (letter === "a") return ["\\x07", 2];
  if ("tnrf".includes(letter)) return [`\\${letter}`, 2];
  if (/[a-zA-Z]/.test(letter)) throw invalid(whole, functionName);
  return [/[\\^$.*+?()[\]{}|/&!#%,:;<=>@`~-]/.test(letter) ? `\\${letter}` : letter, 2];
}

const compiled = new Map<string, RegExp>();

/** The compiled form of a Java pattern, with `g` and any flags of its own. */
export function javaRegex(pattern: string, functionName: string): RegExp {
  let regex = compiled.get(pattern);
  if (!regex) {
    const { source, flags } = translateRegex(pattern, functionName);
    try {
      regex = new RegExp(source, `${flags}g`);
    } catch {
      throw invalid(pattern, functionName);
    }
    if (compiled.size > 500) compiled.clear();
    compiled.set(pattern, regex);
  }
  regex.lastIndex = 0;
  return regex;
}

/** A pattern of characters, classes and plain quantifiers, which RE2 answers alike when asked only whether it matches. */
export function re2Pattern(pattern: string): string | undefined {
  const anchored = pattern.endsWith("$") && !pattern.endsWith("\\$");
  const body = anchored ? pattern.slice(0, -1) : pattern;
  const simple =
    /^\^?(?:[\w ,:;=@#%&~`'"<>!/-]|\\[dw.\-/+*?()[\]{}|^$]|\[\^?(?:[\w ,:;=@#%~`'"<>!/.+*?()-]|\\[dw.\-/])+\]|[*+?](?![+])|\{\d{1,3}(?:,\d{0,3})?\}(?![+]))*$/;
  if (!simple.test(body) || body.includes("&&")) return undefined;
  // RE2's $ is the end of the text only; Java's is also before a last line break.
  return anchored ? `${body}(?:\\r\\n|[\\n\\r\\x{85}\\x{2028}\\x{2029}])?$` : body;
}

/** `$1` and `\$` of a Java replacement, put in. */
function replacement(template: string, match: readonly (string | undefined)[], functionName: string): string {
  let out = "";
  for (let i = 0; i < template.length; i += 1) {
    const char = template[i] as string;
    if (char === "\\" && i + 1 < template.length) out += template[(i += 1)];
    else if (char === "$") {
      let group = Number.parseInt(template[i + 1] ?? "", 10);
      if (Number.isNaN(group) || group >= match.length) throw invalid(template, functionName);
      i += 1;
      while (/\d/.test(template[i + 1] ?? "") && group * 10 + Number(template[i + 1]) < match.length) {
        group = group * 10 + Number(template[(i += 1)]);
      }
      out += match[group] ?? "";
    } else out += char;
  }
  return out;
}

export function regexReplace(text: string, pattern: string, template: string, position: number): string {
  const functionName = "regexp_replace";
  const regex = javaRegex(pattern, functionName);
  const head = position > 1 ? [...text].slice(0, position - 1).join("").length : 0;
  regex.lastIndex = head;
  let out = text.slice(0, head);
  let at = head;
  for (let match = regex.exec(text); match; match = regex.exec(text)) {
    out += text.slice(at, match.index) + replacement(template, match, functionName);
    at = match.index + match[0].length;
    if (match[0] === "") regex.lastIndex += (text.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1;
  }
  return out + text.slice(at);
}

function group(match: readonly (string | undefined)[], index: number, functionName: string): string {
  if (index < 0 || index >= match.length) {
    throw new SparkError(
      "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX",
      `The value of parameter(s) \`idx\` in \`${functionName}\` is invalid: Expects group index between 0 and ${match.length - 1}, but got ${index}.`,
      { sqlState: "22023" },
    );
  }
  return match[index] ?? "";
}

export function regexSplit(text: string, pattern: string, limit: number): string[] {
  if (pattern === "") {
    // Spark cuts off what is more than the limit.
    const letters = [...text];
    if (text === "") return [""];
    return limit > 0 ? letters.slice(0, limit) : letters;
  }
  const out: string[] = [];
  let at = 0;
  // As Java's split: a match of nothing counts also at the end of the text, and only at its start does not.
  for (const match of text.matchAll(javaRegex(pattern, "split"))) {
    if (limit > 0 && out.length === limit - 1) break;
    const end = match.index + match[0].length;
    if (end === 0) continue;
    out.push(text.slice(at, match.index));
    at = end;
  }
  out.push(text.slice(at));
  return out;
}

const S = "VARCHAR";
const I = "INTEGER";

export const natives: Readonly<
  Record<"like" | "replace" | "extract" | "extractAll" | "count" | "instr" | "substr" | "split", NativeFunction>
> = {
  like: native("regex_like", [S, S], "BOOLEAN", (text: string, pattern: string) =>
    javaRegex(pattern, "rlike").test(text),
  ),
  replace: native("regex_replace", [S, S, S, I], S, regexReplace),
  extract: native("regex_extract", [S, S, I], S, (text: string, pattern: string, index: number) => {
    const match = javaRegex(pattern, "regexp_extract").exec(text);
    return match ? group(match, index, "regexp_extract") : "";
  }),
  extractAll: native("regex_extract_all", [S, S, I], "VARCHAR[]", (text: string, pattern: string, index: number) =>
    listValue(
      [...text.matchAll(javaRegex(pattern, "regexp_extract_all"))].map((match) =>
        group(match, index, "regexp_extract_all"),
      ),
    ),
  ),
  count: native(
    "regex_count",
    [S, S],
    I,
    (text: string, pattern: string) => [...text.matchAll(javaRegex(pattern, "regexp_count"))].length,
  ),
  instr: native("regex_instr", [S, S], I, (text: string, pattern: string) => {
    const match = javaRegex(pattern, "regexp_instr").exec(text);
    return match ? [...text.slice(0, match.index)].length + 1 : 0;
  }),
  substr: native(
    "regex_substr",
    [S, S],
    S,
    (text: string, pattern: string) => javaRegex(pattern, "regexp_substr").exec(text)?.[0] ?? null,
  ),
  split: native("regex_split", [S, S, I], "VARCHAR[]", (text: string, pattern: string, limit: number) =>
    listValue(regexSplit(text, pattern, limit)),
  ),
};
