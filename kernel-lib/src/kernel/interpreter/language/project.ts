import { existsSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { API } from "typescript7/unstable/sync";
import type { Project, Snapshot } from "typescript7/unstable/sync";
import { configText } from "./compiler-options.ts";

/** What the project is told of the process that checks. */
export interface ProjectOptions {
  cwd: string;
  /** Called with the id of each process that is started. */
  onProcess?: (pid: number) => void;
}

/**
 * TypeScript's view of the notebook's folder: its real files and, over them, the cells. The compiler is a process of its own
 * that is asked and waited for, so this belongs in a thread that has nothing else to do.
 */
export class NotebookProject {
  readonly #options: ProjectOptions;
  readonly #config: string;
  /** A root file that keeps what it imports in the program. */
  readonly #warm: string;
  readonly #virtual = new Map<string, string>();
  readonly #dirty = new Set<string>();
  /** The folder's own files that the program read, and when they were changed last. */
  readonly #real = new Map<string, number>();
  #roots: string[] = [];
  #api: API | undefined;
  #snapshot: Snapshot | undefined;

  constructor(options: ProjectOptions) {
    this.#options = options;
    this.#config = join(options.cwd, "__sluice.tsconfig.json");
    this.#warm = join(options.cwd, "__sluice_warm.ts");
    this.#virtual.set(this.#warm, "export {};");
  }

  /** Writes a file that only TypeScript sees. */
  write(file: string, text: string): void {
    this.#virtual.set(file, text);
    this.#dirty.add(file);
  }

  /** Makes a file the root of the program. */
  open(file: string): void {
    this.#roots = [file, this.#warm];
  }

  /** Keeps what a module's text imports in the program. */
  keep(text: string): void {
    this.write(this.#warm, text + "\nexport {};\n");
  }

  /** Asks the program as it is now. What was given by an earlier call is no longer valid. */
  ask<T>(question: (project: Project) => T): T {
    try {
      return question(this.#refresh());
    } catch (error) {
      if (!this.#alive()) this.close();
      throw error;
    }
  }

  /** Forgets what was found of the folder, such as that a module does not exist. */
  forget(): void {
    this.#snapshot?.dispose();
    this.#snapshot = this.#api?.updateSnapshot({ fileChanges: { invalidateAll: true } });
  }

  /** Ends the compiler's process; it is started again when it is needed. */
  close(): void {
    const api = this.#api;
    this.#api = undefined;
    this.#snapshot = undefined;
    this.#real.clear();
    try {
      api?.close();
    } catch {
      // It is gone already.
    }
  }

  #refresh(): Project {
    if (this.#api === undefined) {
      this.#api = this.#start();
      this.#dirty.clear();
      this.#snapshot = this.#api.updateSnapshot({ openProjects: [this.#config] });
    } else {
      const { changed, deleted } = this.#realChanges();
      changed.push(...this.#dirty);
      if (changed.length > 0 || deleted.length > 0) {
        this.#dirty.clear();
        const old = this.#snapshot;
        this.#snapshot = this.#api.updateSnapshot({ fileChanges: { changed, deleted } });
        old?.dispose();
      }
    }
    const [project] = this.#snapshot?.getProjects() ?? [];
    if (project === undefined) throw new Error("TypeScript has no project for the notebook.");
    return project;
  }

  #start(): API {
    const { cwd } = this.#options;
    const api = new API({
      cwd,
      fs: {
        readFile: (file) => this.#read(file),
        fileExists: (file) => this.#virtual.has(file) || undefined,
      },
    });
    // What the folder's own configuration says, with all that it extends.
    const own = join(cwd, "tsconfig.json");
    const options = existsSync(own) ? tryTo(() => api.parseConfigFile(own).options) : undefined;
    this.#virtual.set(this.#config, configText({ cwd, files: this.#roots, ...(options ? { own: options } : {}) }));
    const pid = processOf(api);
    if (pid !== undefined) this.#options.onProcess?.(pid);
    return api;
  }

  #read(file: string): string | undefined {
    const text = this.#virtual.get(file);
    if (text === undefined && !file.includes(`${sep}node_modules${sep}`) && file.startsWith(this.#options.cwd)) {
      this.#real.set(file, changedAt(file) ?? 0);
    }
    return text;
  }

  #realChanges(): { changed: string[]; deleted: string[] } {
    const changes = { changed: [] as string[], deleted: [] as string[] };
    for (const [file, before] of this.#real) {
      const now = changedAt(file);
      if (now === before) continue;
      this.#real.delete(file);
      (now === undefined ? changes.deleted : changes.changed).push(file);
    }
    return changes;
  }

  #alive(): boolean {
    return tryTo(() => this.#api?.updateSnapshot({})) !== undefined;
  }
}

function changedAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

function tryTo<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

// Not in the API's types; without it a process that never comes back could not be ended.
function processOf(api: API): number | undefined {
  const { client } = api as unknown as { client?: { channel?: { child?: { pid?: number } } } };
  return client?.channel?.child?.pid;
}
