import type { Language } from "./language.ts";
import { LanguageClient } from "./language-client.ts";

/** Where the language's worker looks for packages, types and local files. */
export interface LanguageOptions {
  /** The notebook's folder. */
  cwd: string;
}

/** Starts what knows the language, in a thread of its own. Returns at once; questions wait until it is up. */
export function startLanguage(options: LanguageOptions): Language | undefined {
  return new LanguageClient({ cwd: options.cwd });
}
