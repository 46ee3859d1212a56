import { HOOK } from "../hook-name.ts";
import { emptyAsyncStack } from "./async-stack.ts";
import type { CellImports } from "./imports.ts";
import { currentCell } from "./cells.ts";
import type { Evaluator } from "./evaluator.ts";
import { noteAwait } from "./positions.ts";

/** Puts the object that rewritten cells call into the global scope, where no listing shows it. */
export function installHook(imports: CellImports, evaluator: Evaluator): void {
  const hook = {
    load: (specifier: unknown, options?: unknown) => imports.load(specifier, options),
    meta: imports.meta,
    wait: (value: unknown, id: number) => currentCell().wait(value, (error) => noteAwait(error, id)),
    each,
    use,
    take: (value: unknown) => evaluator.take(value),
    run: () => evaluator.run(),
    unwind: emptyAsyncStack ?? (() => undefined),
  };
  Object.defineProperty(globalThis, HOOK, { value: Object.freeze(hook), enumerable: false });
  // What code emitted for a nested `using` calls.
  const helpers = Object.freeze({ usingCtx });
  Object.defineProperty(globalThis, "babelHelpers", { value: helpers, enumerable: false, configurable: true });
}

/** The values of a `for await`, each waited for no longer than until an interrupt. */
function each(iterable: AsyncIterable<unknown> | Iterable<unknown>, id: number): AsyncIterable<unknown> {
  const failed = (error: unknown): void => noteAwait(error, id);
  return {
    [Symbol.asyncIterator]() {
      const wait = (value: unknown): Promise<never> =>
        Promise.resolve(currentCell().wait(value, failed)) as Promise<never>;
      const start = (Object(iterable) as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator];
      if (start) {
        const inner = start.call(iterable);
        return {
          next: (...args) => wait(inner.next(...args)),
          return: async (value: unknown) => (await inner.return?.(value)) ?? { done: true as const, value },
        };
      }
      const inner = (iterable as Iterable<unknown>)[Symbol.iterator]();
      return {
        next: async () => {
          const step = inner.next();
          return { done: step.done === true, value: await wait(step.value) };
        },
        return: async (value: unknown) => {
          inner.return?.(value);
          return { done: true, value };
        },
      };
    },
  };
}

/** A top-level `using`: the value is disposed when its cell ends. */
function use(value: unknown, awaited: boolean): unknown {
  if (value === null || value === undefined) return value;
  currentCell().disposables.push(disposer(value, awaited));
  return value;
}

function disposer(value: unknown, awaited: boolean): () => unknown {
  const methods = Object(value) as Record<symbol, unknown>;
  const dispose = (awaited ? methods[Symbol.asyncDispose] : undefined) ?? methods[Symbol.dispose];
  if (typeof dispose !== "function") throw new TypeError("A value of a using declaration has no dispose method.");
  return () => dispose.call(value) as unknown;
}

const NOTHING = Symbol("nothing thrown");

/** Holds what a block's `using` declarations dispose; `u`, `a`, `e` and `d` are the names that emitted code calls. */
function usingCtx(): { e: unknown; u(value: unknown): unknown; a(value: unknown): unknown; d(): unknown } {
  const stack: { dispose: () => unknown; awaited: boolean }[] = [];
  const add = (value: unknown, awaited: boolean): unknown => {
    if (value !== null && value !== undefined) stack.push({ dispose: disposer(value, awaited), awaited });
    else if (awaited) stack.push({ dispose: () => undefined, awaited });
    return value;
  };
  return {
    e: NOTHING,
    u: (value) => add(value, false),
    a: (value) => add(value, true),
    d() {
      let failure = this.e;
      const failed = (error: unknown): void => {
        failure =
          failure === NOTHING
            ? error
            : Object.assign(new Error("Disposing failed too."), { error, suppressed: failure });
      };
      const unwind = (): Promise<void> | undefined => {
        for (let next = stack.pop(); next; next = stack.pop()) {
          try {
            const result = next.dispose();
            if (next.awaited)
              return Promise.resolve(result).then(unwind, (error: unknown) => (failed(error), unwind()));
          } catch (error) {
            failed(error);
          }
        }
        if (failure !== NOTHING) throw failure;
        return undefined;
      };
      return unwind();
    },
  };
}
