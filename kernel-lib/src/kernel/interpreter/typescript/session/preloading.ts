import { SluiceError } from "../../../../errors.ts";
import type { Preload, PreloadFunction, PreloadHost } from "../../preload.ts";
import type { CellImports } from "./imports.ts";

/** Loads the module that `--preload` names and asks it for its globals. */
export async function loadPreload(specifier: string, imports: CellImports, host: PreloadHost): Promise<Preload> {
  const module = (await imports.load(specifier)) as { default?: unknown };
  if (typeof module.default !== "function") {
    throw new SluiceError(
      "CONFIG_INVALID",
      `The preload module ${specifier} has no default export that is a function.`,
    );
  }
  return (module.default as PreloadFunction)(host);
}
