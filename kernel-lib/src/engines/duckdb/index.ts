// The embedded engine: Spark's meaning on DuckDB, in this process.
import type { Engine } from "../engine.ts";
import type { DriverOptions } from "./driver/driver.ts";
import { openDriver } from "./driver/driver.ts";
import { EmbeddedEngine } from "./service/engine.ts";

/**
 * Opens an embedded engine.
 *
 * @param options - `memoryLimit` such as `2GB` (half of the machine's memory when absent), `tempDirectory` for what does
 * not fit in memory, `threads` (one for each core when absent)
 * @throws SluiceError CONFIG_INVALID when DuckDB refuses the options
 *
 * @example
 * ```ts
 * const engine = await createEngine({ memoryLimit: "1GB" });
 * await engine.close();
 * ```
 */
export async function createEngine(options: DriverOptions = {}): Promise<Engine> {
  return new EmbeddedEngine(await openDriver(options));
}
