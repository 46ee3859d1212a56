/** The dotted path that ends at a cursor: `a.b.pre` is path `a`, `b` and prefix `pre`. */
export interface Chain {
  path: string[];
  prefix: string;
  /** Where the prefix starts. */
  start: number;
}

const NAME = String.raw`[\p{L}_$][\p{L}\p{N}_$]*`;
const BEFORE_CURSOR = new RegExp(String.raw`((?:${NAME}\s*\??\.\s*)*)((?:${NAME})?)$`, "u");

/** Finds the path before a cursor; `undefined` when what is before a dot is no plain path, such as a call. */
export function chainBefore(code: string, cursor: number): Chain | undefined {
  const before = code.slice(0, cursor);
  const match = BEFORE_CURSOR.exec(before);
  if (!match) return undefined;
  const [whole, dotted = "", prefix = ""] = match;
  const outside = before.slice(0, before.length - whole.length).trimEnd();
  if (outside.endsWith(".") && !outside.endsWith("...")) return undefined;
  const path = dotted
    .split(".")
    .map((name) => name.replace(/[\s?]/g, ""))
    .filter((name) => name !== "");
  return { path, prefix, start: cursor - prefix.length };
}

/** The whole path under a cursor, for inspection. */
export function chainAt(code: string, cursor: number): string[] | undefined {
  const rest = new RegExp(String.raw`^[\p{L}\p{N}_$]*`, "u").exec(code.slice(cursor))?.[0] ?? "";
  const chain = chainBefore(code, cursor + rest.length);
  if (chain === undefined) return undefined;
  const path = chain.prefix === "" ? chain.path : [...chain.path, chain.prefix];
  return path.length > 0 ? path : undefined;
}
