import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const LIBRARY_FILE = /^lib\.[\w.]+\.d\.ts$/;
const LIBRARY_REFERENCE = /^\/\/\/ <reference lib="([^"]+)" \/>/gm;
const PATH_REFERENCE = /^\/\/\/ <reference path="([^"]+)" \/>/gm;
/** The library that refers to all others of the newest language. */
const NEWEST = "lib.esnext.d.ts";
const NODE_TYPES = /[\\/]@types[\\/]node[\\/]index\.d\.ts$/;

/**
 * Reads the declarations that every cell has, TypeScript's libraries of the newest language and those of Node, as one file each.
 *
 * Each check begins with joining the declarations of all files, and most of that are the many parts of `Array` and its like, and
 * every file of a program costs a little. In one file they are joined once, when it is read.
 */
export class StandardLibrary {
  #folder: string | undefined;
  #files = new Map<string, string>();

  /** The text of a file that was joined with others; nothing when it is to be read as it is. */
  read(file: string): string | undefined {
    if (NODE_TYPES.test(file)) return joined(dirname(file), basename(file), PATH_REFERENCE, String)?.text;
    const name = basename(file);
    if (!LIBRARY_FILE.test(name)) return undefined;
    const folder = dirname(file);
    // A program has the libraries of one compiler; other files may have such names.
    if (this.#folder === undefined && /[\\/]lib$/.test(folder)) this.#join(folder);
    return folder === this.#folder ? this.#files.get(name) : undefined;
  }

  #join(folder: string): void {
    const newest = joined(folder, NEWEST, LIBRARY_REFERENCE, (name) => `lib.${name}.d.ts`);
    // A compiler that keeps them in another way reads them by itself.
    if (newest === undefined) return;
    for (const name of newest.names) this.#files.set(name, "");
    this.#files.set(NEWEST, newest.text);
    this.#folder = folder;
  }
}

/**
 * A file with all that it refers to in one text. What is a module can't be joined with what is none: it stays a reference.
 *
 * @returns undefined when one of them can't be read
 */
function joined(
  folder: string,
  first: string,
  pattern: RegExp,
  fileOf: (reference: string) => string,
): { text: string; names: Set<string> } | undefined {
  const names = new Set<string>();
  const modules: string[] = [];
  const parts: string[] = [];
  const add = (name: string, reference: string): void => {
    if (names.has(name)) return;
    const text = readFileSync(join(folder, name), "utf8");
    if (/^(?:import|export)\b/m.test(text)) {
      modules.push(reference);
      return;
    }
    names.add(name);
    for (const [line, other = ""] of text.matchAll(pattern)) add(join(dirname(name), fileOf(other)), line);
    parts.push(text.replace(pattern, ""));
  };
  try {
    add(first, "");
  } catch {
    return undefined;
  }
  return { text: [...modules, ...parts].join("\n"), names };
}
