import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const LIBRARY_FILE = /^lib\.[\w.]+\.d\.ts$/;
const REFERENCE = /^\/\/\/ <reference lib="([^"]+)" \/>/gm;
/** The file that stands for all, and the one that names all others. */
const FIRST = "lib.es5.d.ts";
const NEWEST = "lib.esnext.d.ts";

/**
 * Reads TypeScript's own libraries of the newest language as one file, with the others empty but for what they refer to.
 *
 * Each check begins with joining the declarations of all files, and most of that are the many parts of `Array` and its like.
 * In one file they are joined once, when it is read.
 */
export class StandardLibrary {
  #folder: string | undefined;
  #files = new Map<string, string>();

  /** The text of a library's file; nothing when it is another file or one that is read as it is. */
  read(file: string): string | undefined {
    const name = basename(file);
    if (!LIBRARY_FILE.test(name)) return undefined;
    const folder = dirname(file);
    // A program has the libraries of one compiler; other files may have such names.
    if (this.#folder === undefined && /[\\/]lib$/.test(folder)) this.#join(folder);
    return folder === this.#folder ? this.#files.get(name) : undefined;
  }

  #join(folder: string): void {
    const files = new Map<string, string>();
    const parts: string[] = [];
    const add = (name: string): void => {
      if (files.has(name)) return;
      const text = readFileSync(join(folder, name), "utf8");
      const references = [...text.matchAll(REFERENCE)];
      files.set(name, references.map(([line]) => line).join("\n"));
      for (const [, other = ""] of references) add(`lib.${other}.d.ts`);
      // A module can't be joined with what is none.
      if (/^(?:import|export)\b/m.test(text)) files.delete(name);
      else parts.push(text.replace(/^\/\/\/ <reference .*$/gm, ""));
    };
    try {
      add(NEWEST);
    } catch {
      // A compiler that keeps them in another way reads them by itself.
      return;
    }
    if (!files.has(FIRST)) return;
    files.set(FIRST, `${files.get(FIRST)}\n${parts.join("\n")}`);
    this.#folder = folder;
    this.#files = files;
  }
}
