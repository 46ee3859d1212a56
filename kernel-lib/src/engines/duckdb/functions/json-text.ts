// JSON text in JavaScript, with numbers kept as they are written.

/** A number as it stands in the text. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** One value; `first` leaves what follows it unread. */
  whole(first: boolean): Json {
    const value = this.value();
    if (first) return value;
    this.space();
    if (this.at < this.text.length) throw new SyntaxError("more after the value");
    return value;
  }

  private space(): void {
    while (/\s/.test(this.text[this.at] ?? "x")) this.at += 1;
  }

  private value(): Json {
    this.space();
    const char = this.text[this.at];
    if (char === "{") return this.object();
    if (char === "[") return this.array();
    if (char === '"' || char === "'") return this.string(char);
    const word = /^(?:true|false|null)\b/.exec(this.text.slice(this.at, this.at + 6))?.[0];
    if (word) {
      this.at += word.length;
      return word === "null" ? null : word === "true";
    }
    const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|-?(?:NaN|Infinity|INF)/y;
    number.lastIndex = this.at;
    const digits = number.exec(this.text)?.[0];
    if (!digits) throw new SyntaxError("no value");
    this.at += digits.length;
    return new JsonNumber(digits);
  }

  private object(): Json {
    const out = new Map<string, Json>();
    this.at += 1;
    this.space();
    if (this.text[this.at] === "}") {
      this.at += 1;
      return out;
    }
    for (;;) {
      this.space();
      const quote = this.text[this.at];
      if (quote !== '"' && quote !== "'") throw new SyntaxError("no key");
      const key = this.string(quote);
      this.space();
      if (this.text[this.at] !== ":") throw new SyntaxError("no colon");
      this.at += 1;
      out.set(key, this.value());
      if (this.ends("}")) return out;
    }
  }

  private array(): Json {
    const out: Json[] = [];
    this.at += 1;
    this.space();
    if (this.text[this.at] === "]") {
      this.at += 1;
      return out;
    }
    for (;;) {
      out.push(this.value());
      if (this.ends("]")) return out;
    }
  }

  /** After an element: a comma, or the end. */
  private ends(close: string): boolean {
    this.space();
    const char = this.text[this.at];
    this.at += 1;
    if (char === close) return true;
    if (char !== ",") throw new SyntaxError("no comma");
    return false;
  }

  private string(quote: string): string {
    let end = this.at + 1;
    while (this.text[end] !== quote) {
      if (end >= this.text.length) throw new SyntaxError("open string");
      end += this.text[end] === "\\" ? 2 : 1;
    }
    const body = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    if (!body.includes("\\") && quote === '"') {
      if (/[\n\r\t]/.test(body)) throw new SyntaxError("control character");
      return body;
    }
    const double = quote === "'" ? body.replace(/\\'/g, "'").replace(/(?<!\\)"/g, '\\"') : body;
    return JSON.parse(`"${double}"`) as string;
  }
}

/** The value of a JSON text; undefined when it is not one. */
export function readJson(text: string, first = false): Json | undefined {
  try {
    return new Reader(text).whole(first);
  } catch {
    return undefined;
  }
}

/** JSON text of a value, without spaces, as Jackson writes it. */
export function writeJson(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof JsonNumber) return value.text;
  if (isObject(value))
    return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${writeJson(item)}`).join(",")}}`;
  return `[${value.map(writeJson).join(",")}]`;
}

export const isObject = (value: Json): value is JsonObject => value instanceof Map;
export const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);

type Step = { readonly key: string } | { readonly index: number } | { readonly all: true };

/** The steps of a path such as `$.a[0].b`; undefined when Spark does not read it. */
export function parsePath(path: string): Step[] | undefined {
  if (!path.startsWith("$")) return undefined;
  const steps: Step[] = [];
  const step = /\.([^.[]+)|\[(\d+)\]|\[\*\]|\['([^']+)'\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (!match) return undefined;
    const key = match[1] ?? match[3];
    if (key !== undefined) steps.push(key === "*" ? { all: true } : { key });
    else steps.push(match[2] === undefined ? { all: true } : { index: Number(match[2]) });
  }
  return steps;
}

/** Every value a path leads to. */
export function follow(value: Json, steps: readonly Step[]): Json[] {
  const [step, ...rest] = steps;
  if (!step) return [value];
  if ("all" in step) return isArray(value) ? value.flatMap((item) => follow(item, rest)) : [];
  if ("index" in step) {
    const item = isArray(value) ? value[step.index] : undefined;
    return item === undefined ? [] : follow(item, rest);
  }
  if (isArray(value)) return value.flatMap((item) => follow(item, steps));
  const item = isObject(value) ? value.get(step.key) : undefined;
  return item === undefined ? [] : follow(item, rest);
}

/** get_json_object: a string as it is, other values as JSON, several as an array; null for none. */
export function jsonAt(text: string, path: string): string | null {
  const steps = parsePath(path);
  const value = steps && readJson(text);
  if (!steps || value === undefined) return null;
  const found = follow(value, steps).filter((item) => item !== null);
  const [first] = found;
  if (first === undefined) return null;
  if (found.length > 1) return `[${found.map(writeJson).join(",")}]`;
  if (typeof first === "string") return steps.some((step) => "all" in step) ? writeJson(first) : first;
  return writeJson(first);
}
