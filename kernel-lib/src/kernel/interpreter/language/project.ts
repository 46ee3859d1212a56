import type { ChildProcess } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { API } from "typescript7/unstable/sync";
import type { Project, Snapshot } from "typescript7/unstable/sync";
import { configText } from "./compiler-options.ts";
import { StandardLibrary } from "./standard-library.ts";

/** What the project is told of the process that checks. */
export interface ProjectOptions {
  cwd: string;
  /** The files from which all others are found. */
  roots: () => readonly string[];
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
  readonly #aheadConfig: string;
  readonly #virtual = new Map<string, string>();
  readonly #dirty = new Set<string>();
  /** The folder's own files that the program read, and when they were changed last. */
  readonly #real = new Map<string, number>();
  /** Only for the default libraries: older ones must not know what is newer. */
  #library: StandardLibrary | undefined;
  #api: API | undefined;
  #snapshot: Snapshot | undefined;
  readonly #old: Snapshot[] = [];
  /** The options of the folder's own configuration. */
  #own: Record<string, unknown> | undefined;
  /** The files that were read ahead. */
  #ahead = "";

  constructor(options: ProjectOptions) {
    this.#options = options;
    this.#config = join(options.cwd, "__sluice.tsconfig.json");
    this.#aheadConfig = join(options.cwd, "__sluice_ahead.tsconfig.json");
  }

  /** Writes a file that only TypeScript sees. */
  write(file: string, text: string): void {
    if (this.#virtual.get(file) === text) return;
    this.#virtual.set(file, text);
    this.#dirty.add(file);
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

  /**
   * Has files read beside the program, with all that they refer to. The program itself stays as small as what the cells name,
   * since each of its files costs every check a little.
   */
  readAhead(files: readonly string[]): void {
    if (this.#api === undefined || this.#ahead === files.join()) return;
    this.#ahead = files.join();
    this.#virtual.set(this.#aheadConfig, this.#configText(files));
    if (this.#snapshot) this.#old.push(this.#snapshot);
    this.#snapshot = this.#api.updateSnapshot({ openProjects: [this.#aheadConfig] });
  }

  /** Forgets what was found of the folder, such as that a module does not exist. */
  forget(): void {
    if (this.#snapshot) this.#old.push(this.#snapshot);
    this.#snapshot = this.#api?.updateSnapshot({ fileChanges: { invalidateAll: true } });
  }

  /** Frees what earlier questions left. Call it when the answer is given, since it takes as long as a small question. */
  tidy(): void {
    for (const snapshot of this.#old.splice(0)) tryTo(() => snapshot.dispose());
  }

  /** Ends the compiler's process; it is started again when it is needed. */
  close(): void {
    const api = this.#api;
    this.#api = undefined;
    this.#snapshot = undefined;
    this.#old.length = 0;
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
      const real = this.#realChanges();
      const written = [...this.#dirty];
      this.#dirty.clear();
      // A single change is quick; several at once make TypeScript look for all modules again.
      if (real.length > 0) this.#update([...real, ...written]);
      else for (const file of written) this.#update([file]);
    }
    const project = this.#snapshot?.getProjects().find(({ configFileName }) => configFileName === this.#config);
    if (project === undefined) throw new Error("TypeScript has no project for the notebook.");
    return project;
  }

  #update(files: string[]): void {
    if (this.#snapshot) this.#old.push(this.#snapshot);
    const deleted = files.filter((file) => !this.#virtual.has(file) && !existsSync(file));
    const changed = files.filter((file) => !deleted.includes(file));
    this.#snapshot = this.#api?.updateSnapshot({ fileChanges: { changed, deleted } });
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
    this.#own = existsSync(own) ? tryTo(() => api.parseConfigFile(own).options) : undefined;
    this.#library = this.#own?.["lib"] === undefined ? new StandardLibrary() : undefined;
    this.#virtual.set(this.#config, this.#configText(this.#options.roots()));
    this.#ahead = "";
    const child = processOf(api);
    if (child !== undefined) {
      // Asked to end, it would write of an error; it has nothing to keep.
      child.kill = child.kill.bind(child, "SIGKILL");
      if (child.pid !== undefined) this.#options.onProcess?.(child.pid);
    }
    return api;
  }

  #configText(files: readonly string[]): string {
    return configText({ cwd: this.#options.cwd, files, ...(this.#own ? { own: this.#own } : {}) });
  }

  #read(file: string): string | undefined {
    const text = this.#virtual.get(file) ?? this.#library?.read(file);
    if (text === undefined && !file.includes(`${sep}node_modules${sep}`) && file.startsWith(this.#options.cwd)) {
      this.#real.set(file, changedAt(file) ?? 0);
    }
    return text;
  }

  #realChanges(): string[] {
    const changes = [...this.#real].filter(([file, before]) => changedAt(file) !== before).map(([file]) => file);
    for (const file of changes) this.#real.delete(file);
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
function processOf(api: API): ChildProcess | undefined {
  const { client } = api as unknown as { client?: { channel?: { child?: ChildProcess } } };
  return client?.channel?.child;
}
