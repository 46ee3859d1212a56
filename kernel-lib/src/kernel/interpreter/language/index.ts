import type { Language } from "./language.ts";

/** Where the language's worker looks for packages, types and local files. */
export interface LanguageOptions {
  /** The notebook's folder. */
  cwd: string;
}

/** Starts what knows the language, or `undefined` when there is none: cells then run unchecked. Must return at once. */
export function startLanguage(_options: LanguageOptions): Language | undefined {
  return undefined;
}
