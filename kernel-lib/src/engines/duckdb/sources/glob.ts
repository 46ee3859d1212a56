// Hadoop's patterns in paths: * ? [abc] [^abc] {a,b}.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Whether a path has signs of a pattern. */
export function hasGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** The pattern of one name as a regular expression over the whole name. */
export function globToRegExp(pattern: string): RegExp {
  let depth = 0;
  const source = pattern.replace(
    /\\(.)|\[([!^]?)([^\]]+)\]|[*?{},]|[.+^$()|\]]/g,
    (sign, escaped?: string, not?: string, set?: string) => {
      if (escaped !== undefined) return `\\${escaped}`;
      if (set !== undefined) return `[${not ? "^" : ""}${set.replace(/[\\[]/g, "\\$&")}]`;
      if (sign === "*") return "[^/]*";
      if (sign === "?") return "[^/]";
      if (sign === "{") {
        depth++;
        return "(?:";
      }
      if (sign === "}" && depth > 0) {
        depth--;
        return ")";
      }
      if (sign === "," && depth > 0) return "|";
      return `\\${sign}`;
    },
  );
  return new RegExp(`^${source}$`, "s");
}

/** The files and folders of this machine that an absolute pattern means, sorted. */
export async function matchGlob(pattern: string): Promise<string[]> {
  const found = await Promise.all(expandBraces(pattern).map(matchOne));
  return [...new Set(found.flat())].sort();
}

/** A brace that holds a slash spans folders: it is written out first. */
function expandBraces(pattern: string): string[] {
  const brace = /\{([^{}]*\/[^{}]*)\}/.exec(pattern);
  if (!brace) return [pattern];
  const before = pattern.slice(0, brace.index);
  const after = pattern.slice(brace.index + brace[0].length);
  return (brace[1] as string).split(",").flatMap((choice) => expandBraces(before + choice + after));
}

async function matchOne(pattern: string): Promise<string[]> {
  let reached = ["/"];
  for (const part of pattern.split("/").filter((part) => part !== "")) {
    const next: string[] = [];
    for (const folder of reached) {
      if (!hasGlob(part)) next.push(join(folder, part));
      else {
        const names = await readdir(folder).catch((): string[] => []);
        const expression = globToRegExp(part);
        next.push(...names.filter((name) => expression.test(name) && isShown(name)).map((name) => join(folder, name)));
      }
    }
    reached = next;
  }
  const there = await Promise.all(
    reached.map((path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return reached.filter((_, i) => there[i]);
}

function isShown(name: string): boolean {
  return !name.startsWith(".") && (!name.startsWith("_") || name.includes("="));
}
