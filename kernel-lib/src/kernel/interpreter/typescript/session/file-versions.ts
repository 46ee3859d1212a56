import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

interface KnownFile {
  stamp: string;
  /** The local files that it names in imports. */
  imports: string[];
}

const known = new Map<string, KnownFile>();

/**
 * A text that changes when a local file or any local file that it imports changes. A module is loaded anew when its version
 * is new, so an edited file and all that import it are, and nothing else.
 */
export async function fileVersion(path: string): Promise<string> {
  const stamps = new Map<string, string>();
  await collect(path, stamps);
  const hash = createHash("sha1");
  for (const [file, stamp] of [...stamps].sort()) hash.update(`${file}\0${stamp}\0`);
  return hash.digest("hex").slice(0, 12);
}

async function collect(path: string, stamps: Map<string, string>): Promise<void> {
  if (stamps.has(path)) return;
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) return;
  const stamp = `${info.mtimeMs}-${info.size}`;
  stamps.set(path, stamp);
  let file = known.get(path);
  if (file?.stamp !== stamp) {
    file = { stamp, imports: await localImports(path) };
    known.set(path, file);
  }
  for (const named of file.imports) {
    for (const candidate of candidates(named)) await collect(candidate, stamps);
  }
}

async function localImports(path: string): Promise<string[]> {
  if (!/\.[cm]?[jt]sx?$/.test(path)) return [];
  const { parseSync } = await import("oxc-parser");
  const { module } = parseSync(path, await readFile(path, "utf8"));
  const specifiers = [
    ...module.staticImports.map((statement) => statement.moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.map((entry) => entry.moduleRequest?.value)),
  ];
  const local = specifiers.filter((specifier) => specifier !== undefined && /^\.{1,2}\//.test(specifier)) as string[];
  return [...new Set(local)].map((specifier) => resolve(dirname(path), specifier));
}

function candidates(path: string): string[] {
  if (/\.[cm]?js$/.test(path)) return [path, path.replace(/js$/, "ts")];
  return /\.\w+$/.test(path) ? [path] : [path, `${path}.ts`];
}
