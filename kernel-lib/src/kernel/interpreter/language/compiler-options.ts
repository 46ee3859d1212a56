import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The text of a tsconfig.json for the notebook's folder. */
export interface ConfigRequest {
  cwd: string;
  files: readonly string[];
  /** What the folder's own tsconfig.json says, when it has one. */
  own?: Record<string, unknown>;
}

// What a project says about its own sources and output has no meaning for a cell, and how modules are found must be as the
// kernel finds them.
const FIXED = {
  target: "esnext",
  module: "esnext",
  moduleResolution: "bundler",
  moduleDetection: "force",
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  emitDeclarationOnly: false,
  isolatedDeclarations: false,
  isolatedModules: false,
  verbatimModuleSyntax: false,
  erasableSyntaxOnly: false,
  allowImportingTsExtensions: true,
  rewriteRelativeImportExtensions: false,
  allowJs: true,
  checkJs: false,
  resolveJsonModule: true,
  esModuleInterop: true,
  allowSyntheticDefaultImports: true,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  noUnusedLocals: false,
  noUnusedParameters: false,
  noPropertyAccessFromIndexSignature: false,
  skipLibCheck: true,
};

const DEFAULTS = {
  strict: true,
  strictPropertyInitialization: false,
  useUnknownInCatchVariables: false,
  noImplicitThis: false,
  lib: ["esnext"],
};

/** What a project may say about how its code is checked. */
const OWN =
  /^(?:strict.*|noImplicit.*|noUnchecked.*|useUnknown.*|exactOptional.*|lib|jsx.*|paths|baseUrl|types|customConditions)$/;

/** Writes the configuration for checking cells: the folder's own rules, the kernel's way to find modules. */
export function configText({ cwd, files, own = {} }: ConfigRequest): string {
  const kept = Object.fromEntries(Object.entries(own).filter(([name]) => OWN.test(name)));
  const paths = { ...ownPackagePaths(cwd), ...(own["paths"] as object | undefined) };
  const types = [...new Set(["node", ...((own["types"] as string[] | undefined) ?? [])])].filter(
    (name) => name !== "*",
  );
  const typeRoots = [...parents(cwd).map((folder) => join(folder, "node_modules", "@types")), nodeTypesRoot()];
  const compilerOptions = { ...DEFAULTS, ...kept, ...FIXED, types, typeRoots, paths };
  return JSON.stringify({ compilerOptions, files });
}

/** The folder of this package: the one whose package.json is nearest. */
function packageFolder(): string {
  const found = parents(dirname(fileURLToPath(import.meta.url))).find((at) => existsSync(join(at, "package.json")));
  return found ?? "";
}

// A folder without this package still gets it, as the running kernel gives it.
function ownPackagePaths(cwd: string): Record<string, string[]> {
  const folder = packageFolder();
  const { name, exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    name: string;
    exports: Record<string, string | { types?: string }>;
  };
  const other = parents(cwd)
    .map((at) => join(at, "node_modules", name))
    .find((at) => existsSync(at));
  if (other !== undefined && realpathSync(other) !== realpathSync(folder)) return {};
  return Object.fromEntries(
    Object.entries(exports).flatMap(([path, target]) =>
      typeof target === "object" && target.types ? [[name + path.slice(1), [join(folder, target.types)]]] : [],
    ),
  );
}

function nodeTypesRoot(): string {
  const require = createRequire(import.meta.url);
  return dirname(dirname(require.resolve("@types/node/package.json")));
}

function parents(folder: string): string[] {
  const up = dirname(folder);
  return up === folder ? [folder] : [folder, ...parents(up)];
}
