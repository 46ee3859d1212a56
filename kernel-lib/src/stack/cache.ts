import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * The folder where fetched programs and the data of local services are kept, outside any project:
 * the one named by the environment variable `SLUICE_CACHE`, else `.cache/sluice` in the home folder.
 *
 * @example
 * ```ts
 * console.log(cacheFolder());
 * ```
 */
export function cacheFolder(): string {
  return resolve(process.env["SLUICE_CACHE"] || join(homedir(), ".cache", "sluice"));
}
