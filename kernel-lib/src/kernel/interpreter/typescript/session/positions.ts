import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { transformSync } from "oxc-transform";
import type { PositionMap } from "../messages.ts";
import type { Position } from "../source-map.ts";
import { positionReader } from "../source-map.ts";

/** One place of a stack, in the text that the user wrote. Lines and columns count from 0. */
export interface Frame extends Position {
  /** The function, when it has a name. */
  name: string;
  /** `cell`: a cell; `file`: a local file of the user; `other`: a package or Node. */
  kind: "cell" | "file" | "other";
  /** What to call the place: `Cell[3]`, a file's name or its path. */
  source: string;
  code?: string;
}

type Transformer = { transformSync: typeof transformSync };

interface KnownSource {
  code: string;
  read: (position: Position) => Position | undefined;
}

const cells = new Map<string, KnownSource>();
const files = new Map<string, KnownSource>();
const awaits = new Map<number, { source: string; code: string; place: () => Position | undefined }>();
const awaitsOf = new WeakMap<object, number[]>();
const framesOf = new WeakMap<object, Frame[]>();
// Everything below the kernel's folder is machinery.
const machinery = fileURLToPath(new URL("../../../", import.meta.url));
const require = createRequire(import.meta.url);

/** What a cell is called in stacks. */
export function cellSource(number: number, run: number): string {
  // The same number can run twice without a history: a character that does not show keeps the sources apart. No real
  // space may be in it, V8 would drop the name.
  return `Cell[${number}]` + "\u200b".repeat(run % 64);
}

/** Remembers a cell's text and the way back to it. */
export function rememberCell(source: string, code: string, map: PositionMap): void {
  cells.set(source, { code, read: positionReader(map) });
  const read = positionReader({ mappings: map.mappings, shifts: [] });
  for (const [id, line, column] of map.awaits) awaits.set(id, { source, code, place: () => read({ line, column }) });
}

/** Notes that an error came out of an `await` of a cell: Node's stacks do not show it. */
export function noteAwait(error: unknown, id: number): void {
  if (typeof error !== "object" || error === null) return;
  const passed = awaitsOf.get(error);
  if (passed) passed.push(id);
  else awaitsOf.set(error, [id]);
}

function awaitedFrames(error: object): Frame[] {
  return (awaitsOf.get(error) ?? []).flatMap((id) => {
    const known = awaits.get(id);
    const place = known?.place();
    return known && place
      ? [{ ...place, name: "await", kind: "cell", source: shown(known.source), code: known.code }]
      : [];
  });
}

/** The place in a cell's text that a place in its script came from. */
export function placeInCell(source: string, position: Position): { position: Position; code: string } | undefined {
  const cell = cells.get(source);
  const found = cell?.read(position);
  return cell && found && { position: found, code: cell.code };
}

/** The places of an error's stack, innermost first; machinery is left out. */
export function framesOfError(error: unknown): Frame[] {
  if (typeof error !== "object" || error === null) return [];
  try {
    // Formatting happens at the first look.
    void (error as Error).stack;
  } catch {
    return [];
  }
  const frames = framesOf.get(error) ?? [];
  const isNew = (frame: Frame): boolean =>
    !frames.some(({ source, line }) => source === frame.source && line === frame.line);
  return [...frames, ...awaitedFrames(error).filter(isNew)];
}

/** Makes every stack speak of the text that the user wrote. */
export function installStackFormat(): void {
  Error.stackTraceLimit = 50;
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.flatMap((site) => {
      const frame = frameOf(site);
      return frame ? [frame] : [];
    });
    framesOf.set(error, frames);
    return [headOf(error), ...frames.slice(0, 12).map((frame) => `    at ${describeFrame(frame)}`)].join("\n");
  };
}

/** A place as one line: `load (Cell[3]:2:5)`. */
export function describeFrame(frame: Frame): string {
  const place = `${frame.source}:${frame.line + 1}:${frame.column + 1}`;
  return frame.name === "" ? place : `${frame.name} (${place})`;
}

function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function frameOf(site: NodeJS.CallSite): Frame | undefined {
  const source = site.getScriptNameOrSourceURL() ?? "";
  const line = (site.getLineNumber() ?? 1) - 1;
  const column = (site.getColumnNumber() ?? 1) - 1;
  const name = nameOf(site);
  const cell = cells.get(source);
  if (cell) {
    const place = cell.read({ line, column }) ?? { line, column };
    return { ...place, name, kind: "cell", source: shown(source), code: cell.code };
  }
  if (source === "" || source.startsWith("node:") || source === "evalmachine.<anonymous>") return undefined;
  const path = source.startsWith("file:") ? fileURLToPath(source) : source;
  if (path.startsWith(machinery)) return undefined;
  if (!source.includes("?v=")) return { line, column, name, kind: "other", source: path };
  const file = /\.[cm]?tsx?$/.test(path) ? typeScriptFile(source, path) : undefined;
  const place = file?.read({ line, column }) ?? { line, column };
  return { ...place, name, kind: "file", source: basename(path), ...(file ? { code: file.code } : {}) };
}

function shown(source: string): string {
  return source.replace(/\u200b/g, "");
}

function nameOf(site: NodeJS.CallSite): string {
  const name = site.getFunctionName() ?? "";
  const type = site.isConstructor() ? "new " : "";
  return name === "" || name === "eval" ? "" : type + name;
}

// Local files keep no map: it is made again when an error asks for it, which is rare.
function typeScriptFile(url: string, path: string): KnownSource | undefined {
  const known = files.get(url);
  if (known) return known;
  try {
    const code = readFileSync(path, "utf8");
    const oxc = require("oxc-transform") as Transformer;
    const { map } = oxc.transformSync(path, code, { target: "es2023", sourcemap: true });
    const source = { code, read: positionReader({ mappings: map?.mappings ?? "", shifts: [] }) };
    files.set(url, source);
    return source;
  } catch {
    return undefined;
  }
}
