import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, readSync } from "node:fs";
import { dirname } from "node:path";

/** One cell of the history: session, number in the session, code. */
export type HistoryEntry = readonly [session: number, line: number, code: string];

/** How much of the file is read, in bytes. */
const MOST_READ = 2 * 1024 * 1024;

/** What `history_request` asks for. */
export interface HistoryQuery {
  access: string;
  n?: number;
  session?: number;
  start?: number;
  stop?: number;
  pattern?: string;
  unique?: boolean;
}

/**
 * The cells that ran, in this session and (from the file) in earlier ones. The file is read at the first question and
 * written cell by cell; when it can't be, the history lives in memory only.
 */
export class History {
  readonly #file: string | undefined;
  #earlier: HistoryEntry[] | undefined;
  readonly #current: { line: number; code: string; output: string | null }[] = [];
  #session = 0;

  constructor(file?: string) {
    this.#file = file;
  }

  /** Adds a cell that is about to run. */
  add(line: number, code: string): void {
    this.#load();
    this.#current.push({ line, code, output: null });
    if (this.#file === undefined) return;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      appendFileSync(this.#file, JSON.stringify([this.#session, line, code]) + "\n", { mode: 0o600 });
    } catch {
      // A read-only home must not stop a notebook.
    }
  }

  /** Notes the text of the result of the last cell added. */
  setOutput(line: number, output: string): void {
    const last = this.#current.at(-1);
    if (last?.line === line) last.output = output;
  }

  /** The text of a cell's result in this session, if it had one. */
  outputOf(entry: HistoryEntry): string | null {
    if (entry[0] !== this.#session) return null;
    return this.#current.find((cell) => cell.line === entry[1])?.output ?? null;
  }

  /** Answers a question; entries come oldest first. */
  find(query: HistoryQuery): HistoryEntry[] {
    const all = [...this.#load(), ...this.#current.map((cell) => [this.#session, cell.line, cell.code] as const)];
    if (query.access === "range") return this.#range(all, query);
    let found = all;
    if (query.access === "search") {
      const matches = globToRegExp(query.pattern ?? "*");
      found = found.filter(([, , code]) => matches.test(code));
      if (query.unique) found = keepLastOfEach(found);
    }
    return query.n === undefined ? found : found.slice(-query.n || found.length);
  }

  #range(all: readonly HistoryEntry[], query: HistoryQuery): HistoryEntry[] {
    // Session 0 is this one, -1 the one before it.
    const asked = query.session ?? 0;
    const session = asked > 0 ? asked : this.#session + asked;
    const start = query.start ?? 0;
    const stop = query.stop ?? Infinity;
    return all.filter(([of, line]) => of === session && line >= start && line < stop);
  }

  #load(): HistoryEntry[] {
    if (this.#earlier !== undefined) return this.#earlier;
    this.#earlier = this.#file === undefined ? [] : readEntries(this.#file);
    this.#session = this.#earlier.reduce((highest, [session]) => Math.max(highest, session), 0) + 1;
    return this.#earlier;
  }
}

function readEntries(file: string): HistoryEntry[] {
  let text: string;
  try {
    text = readEnd(file);
  } catch {
    return [];
  }
  const entries: HistoryEntry[] = [];
  for (const line of text.split("\n")) {
    try {
      const entry: unknown = JSON.parse(line);
      if (Array.isArray(entry) && typeof entry[2] === "string") entries.push(entry as unknown as HistoryEntry);
    } catch {
      // A line cut short by a crash is left out.
    }
  }
  return entries;
}

// Only the last part: the file grows for years, and the first cell waits for this.
function readEnd(file: string): string {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, MOST_READ));
    readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.toString();
    return size > MOST_READ ? text.slice(text.indexOf("\n") + 1) : text;
  } finally {
    closeSync(descriptor);
  }
}

function globToRegExp(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s");
}

function keepLastOfEach(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const last = new Map(entries.map((entry, index) => [entry[2], index]));
  return entries.filter((entry, index) => last.get(entry[2]) === index);
}
