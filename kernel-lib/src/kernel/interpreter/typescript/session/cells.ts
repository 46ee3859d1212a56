import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as turn } from "node:timers/promises";
import { inspect } from "node:util";
import type { Payload } from "../../../protocol/content.ts";
import { SluiceError } from "../../../../errors.ts";

/** A request whose code runs or ran in the session. */
export class Cell {
  /** The id of the request; output names it. */
  readonly parent: string;
  readonly payloads: Payload[] = [];
  /** What must be shown before the cell ends. */
  readonly pending = new Set<Promise<void>>();
  /** What `using` declarations dispose when the cell ends, in the order of declaration. */
  readonly disposables: (() => unknown)[] = [];
  /** Whether its code runs, or what it started. */
  isOpen = false;
  /** The first error of a promise that nothing waited for while the cell was open. */
  unhandled: { error: unknown } | undefined;
  readonly #work = new Set<Promise<unknown>>();
  readonly #controller = new AbortController();
  readonly #waiting = new Set<(reason: Error) => void>();

  constructor(parent: string) {
    this.parent = parent;
  }

  // Node keeps the cell on every promise, where it would be printed.
  [inspect.custom](): string {
    return "[cell]";
  }

  /** Aborts when the cell is interrupted. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Keeps the cell open until the work has ended; how it ends is for whoever started it. */
  keepOpen(work: Promise<unknown>): void {
    this.#work.add(work);
    const ended = (): void => void this.#work.delete(work);
    work.then(ended, ended);
  }

  get isKeptOpen(): boolean {
    return this.#work.size > 0;
  }

  /** Waits for the work, and for what follows from it. */
  async finishWork(): Promise<void> {
    while (this.isKeptOpen) {
      await this.wait(Promise.allSettled(this.#work));
      // What waited for it goes on first, and may ask for more or fail.
      await turn();
    }
  }

  /** Ends everything that waits in this cell. */
  interrupt(): void {
    const reason = interruption();
    this.#controller.abort(reason);
    for (const reject of this.#waiting) reject(reason);
    this.#waiting.clear();
  }

  /** Waits for a value, but no longer than until an interrupt. What fails passes `failed`. */
  wait(value: unknown, failed: (error: unknown) => void = () => undefined): unknown {
    if (this.signal.aborted) throw this.signal.reason;
    if (!isThenable(value)) return value;
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      const done = (): void => void this.#waiting.delete(reject);
      value.then(
        (result) => {
          done();
          resolve(result);
        },
        (error: unknown) => {
          done();
          failed(error);
          // Passed on as it is, whatever was thrown.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          reject(error);
        },
      );
    });
  }
}

/** What a waiting cell gets when it is interrupted. */
export function interruption(): SluiceError {
  return new SluiceError("INTERRUPTED", "The cell was interrupted.");
}

const storage = new AsyncLocalStorage<Cell>();
let latest = new Cell("");

/** The cell that the running code belongs to, also in callbacks that run later; else the one that started last. */
export function currentCell(): Cell {
  return storage.getStore() ?? latest;
}

/** Runs something as part of a cell. */
export function runIn<T>(cell: Cell, run: () => T): T {
  latest = cell;
  return storage.run(cell, run);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
