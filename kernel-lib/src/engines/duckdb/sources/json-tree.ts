// JSON text as a tree that keeps each value's own text, by the rules of the parser Spark uses.

/** A value and where it stands in the text. */
export type JsonNode = { readonly start: number; readonly end: number } & (
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, JsonNode])[] }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number" }
  | { readonly kind: "word"; readonly word: "true" | "false" | "null" | "NaN" | "Infinity" | "-Infinity" }
);

type Found<T> = T extends unknown ? Omit<T, "start" | "end"> : never;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const WORD = /(?:true|false|null|NaN|-?Infinity)(?!\w)/y;
const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const DEEPEST = 1000;

class Malformed extends Error {}

/**
 * The first value of a text; what follows it is not looked at, as in Spark. Single quotes are quotes, too.
 *
 * @returns `empty` for white space only, `malformed` for what is no JSON.
 */
export function parseJson(text: string): JsonNode | "empty" | "malformed" {
  const parser = new Parser(text);
  try {
    return parser.isEmpty() ? "empty" : parser.value(0);
  } catch (thrown) {
    if (thrown instanceof Malformed) return "malformed";
    throw thrown;
  }
}

class Parser {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  isEmpty(): boolean {
    this.skip();
    return this.at >= this.text.length;
  }

  value(depth: number): JsonNode {
    if (depth > DEEPEST) throw new Malformed();
    this.skip();
    const start = this.at;
    const found = this.found(depth);
    return { ...found, start, end: this.at };
  }

  private found(depth: number): Found<JsonNode> {
    switch (this.text[this.at]) {
      case "{":
        return { kind: "object", entries: this.list("}", () => this.entry(depth)) };
      case "[":
        return { kind: "array", items: this.list("]", () => this.value(depth + 1)) };
      case '"':
      case "'":
        return { kind: "string", text: this.string() };
    }
    const word = this.match(WORD);
    if (word !== undefined) return { kind: "word", word: word as "true" };
    if (this.match(NUMBER) !== undefined) return { kind: "number" };
    throw new Malformed();
  }

  private entry(depth: number): readonly [string, JsonNode] {
    this.skip();
    const sign = this.text[this.at];
    if (sign !== '"' && sign !== "'") throw new Malformed();
    const name = this.string();
    this.skip();
    if (this.text[this.at++] !== ":") throw new Malformed();
    return [name, this.value(depth + 1)];
  }

  private list<T>(end: string, item: () => T): T[] {
    const items: T[] = [];
    this.at++;
    this.skip();
    if (this.text[this.at] === end) {
      this.at++;
      return items;
    }
    for (;;) {
      items.push(item());
      this.skip();
      const sign = this.text[this.at++];
      if (sign === end) return items;
      if (sign !== ",") throw new Malformed();
    }
  }

  private string(): string {
    const quote = this.text[this.at++];
    let value = "";
    for (;;) {
      const from = this.at;
      let char = this.text[this.at];
      while (char !== undefined && char !== quote && char !== "\\" && char >= " ") char = this.text[++this.at];
      value += this.text.slice(from, this.at);
      if (char === undefined || (char !== quote && char !== "\\")) throw new Malformed();
      this.at++;
      if (char === quote) return value;
      value += this.escape();
    }
  }

  private escape(): string {
    const sign = this.text[this.at++] ?? "";
    if (sign === "u") {
      const hex = this.text.slice(this.at, this.at + 4);
      if (!/^[0-9a-f]{4}$/i.test(hex)) throw new Malformed();
      this.at += 4;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    if (sign === '"' || sign === "\\" || sign === "/" || sign === "'") return sign;
    const escaped = ESCAPES[sign];
    if (escaped === undefined) throw new Malformed();
    return escaped;
  }

  private skip(): void {
    this.match(SPACE);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at = pattern.lastIndex;
    return found;
  }
}
