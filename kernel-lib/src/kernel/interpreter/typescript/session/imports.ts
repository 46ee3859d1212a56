import { createRequire, register } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

/** Imports modules for cells: packages and local files are found from the notebook's folder. */
export interface CellImports {
  load(specifier: unknown, options?: unknown): Promise<unknown>;
  /** What `import.meta` is in a cell. */
  readonly meta: Record<string, unknown>;
}

/**
 * Makes the import functions of a notebook's folder, and with it the global `require`. Modules that are built in serve when
 * the folder has none of their name.
 */
export function createImports(cwd: string, builtIn: Readonly<Record<string, object>> = {}): CellImports {
  const file = join(cwd, "notebook-cell.mjs");
  let hooked = false;
  // `import()` in an evaluated script fails: it needs a script of the main context with a file name to resolve from.
  const script = new vm.Script("(specifier, options) => import(specifier, options)", {
    filename: file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const importFrom = script.runInThisContext() as (specifier: string, options?: unknown) => Promise<unknown>;
  const require = createRequire(file);
  Object.defineProperty(globalThis, "require", {
    value: require,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  const url = pathToFileURL(file).href;
  return {
    load(specifier, options) {
      if (!hooked) {
        hooked = true;
        register("./loader-hooks.js", import.meta.url, { data: { cellUrl: url } });
      }
      const imported = importFrom(String(specifier), options);
      const own = builtIn[String(specifier)];
      if (own === undefined) return imported;
      return imported.catch((error: unknown) => {
        if ((error as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw error;
        return { default: own, ...own };
      });
    },
    meta: {
      url,
      dirname: cwd,
      filename: file,
      resolve: (specifier: string) => pathToFileURL(require.resolve(specifier)).href,
    },
  };
}
