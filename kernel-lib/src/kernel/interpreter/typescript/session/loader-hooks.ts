import { readFile } from "node:fs/promises";
import type { InitializeHook, LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { fileVersion } from "./file-versions.ts";

// Runs in Node's loader thread. Adds to Node's own import: TypeScript, a new version of local files that changed, and this
// package itself, with the helpers of emitted code, when the notebook's folder has no other.

let cellUrl = "";
// oxc emits imports of the second for syntax that Node lacks, such as `using`; a notebook's folder does not have it.
const OWN_PACKAGES = /^(sluice|@oxc-project\/runtime)(\/|$)/;
const TYPESCRIPT = /\.[cm]?tsx?$/;

export const initialize: InitializeHook<{ cellUrl: string }> = (data) => {
  cellUrl = data.cellUrl;
};

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const local = /^(\.{0,2}\/|file:)/.test(specifier);
  const fromLocal = context.parentURL === cellUrl || (context.parentURL ?? "").includes("?v=");
  let resolved;
  try {
    resolved = await nextResolve(specifier, context);
  } catch (error) {
    const other = local ? typeScriptName(specifier) : undefined;
    if (other !== undefined && isNotFound(error)) resolved = await nextResolve(other, context);
    else if (OWN_PACKAGES.test(specifier) && isNotFound(error)) {
      resolved = await nextResolve(specifier, { ...context, parentURL: import.meta.url });
    } else throw error;
  }
  if (!local || !fromLocal || !resolved.url.startsWith("file:")) return resolved;
  const url = new URL(resolved.url);
  url.searchParams.set("v", await fileVersion(fileURLToPath(url)));
  return { ...resolved, url: url.href };
};

export const load: LoadHook = async (url, context, nextLoad) => {
  const path = url.startsWith("file:") ? fileURLToPath(url) : "";
  if (!TYPESCRIPT.test(path)) return nextLoad(url, context);
  const { transformSync } = await import("oxc-transform");
  const { code, errors } = transformSync(path, await readFile(path, "utf8"), { target: "es2023" });
  const first = errors[0];
  if (first) throw new SyntaxError(`${first.message} (in ${path})\n${first.codeframe ?? ""}`);
  return { format: path.endsWith(".cts") ? "commonjs" : "module", source: code, shortCircuit: true };
};

// `./lib` and `./lib.js` mean ./lib.ts when only that exists, as TypeScript's own resolution has it.
function typeScriptName(specifier: string): string | undefined {
  if (/\.[cm]?js$/.test(specifier)) return specifier.replace(/js$/, "ts");
  return TYPESCRIPT.test(specifier) ? undefined : `${specifier}.ts`;
}

function isNotFound(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return (
    code === "ERR_MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED" || code === "ERR_UNSUPPORTED_DIR_IMPORT"
  );
}
