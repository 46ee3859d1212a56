import { writeNotebook } from "./notebook-file.ts";
import type { Notebook } from "./nbformat.ts";

/** Saves a notebook while it runs: now, or soon when much changes. One write at a time. */
export class NotebookSaver {
  readonly #path: string;
  readonly #notebook: Notebook;
  readonly #interval: number;
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #pause: number;

  /**
   * @param interval - The least time between two throttled saves, in milliseconds. It grows with the time that a save
   *   takes, so that saving a large notebook takes at most a tenth of the run.
   */
  constructor(path: string, notebook: Notebook, interval = 1000) {
    this.#path = path;
    this.#notebook = notebook;
    this.#interval = interval;
    this.#pause = interval;
  }

  /** Saves the notebook as it is now. */
  now(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const writing = this.#writing.catch(() => {}).then(() => this.#write());
    this.#writing = writing;
    return writing;
  }

  /** Saves the notebook in a moment, together with the changes until then. Should that fail, the next {@link now} tries again. */
  soon(): void {
    this.#timer ??= setTimeout(() => void this.now().catch(() => {}), this.#pause);
  }

  async #write(): Promise<void> {
    const start = performance.now();
    await writeNotebook(this.#path, this.#notebook);
    this.#pause = Math.max(this.#interval, (performance.now() - start) * 10);
  }
}
