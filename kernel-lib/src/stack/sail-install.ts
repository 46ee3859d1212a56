import { join } from "node:path";
import { pythonEnvironment } from "./python-environment.ts";
import type { FetchOptions } from "./spark-jars.ts";
import { versions } from "./versions.ts";

/** Sail's program, in a Python environment of its own in the cache. */
export async function sailProgram({ tell, signal }: FetchOptions): Promise<string> {
  const prefix = await pythonEnvironment({
    who: "Sail",
    name: "sail",
    version: versions.sail,
    // Sail answers with the version of the PySpark that it finds beside it.
    packages: [`pysail==${versions.sail}`, `pyspark-client==${versions.spark[0]}`],
    installing: `Fetching Sail ${versions.sail} with pip (about 170 MB).`,
    tell,
    signal,
  });
  return join(prefix, "bin", "sail");
}
