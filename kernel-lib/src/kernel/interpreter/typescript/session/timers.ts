import timers from "node:timers";
import { promisify } from "node:util";

/**
 * Makes the callbacks of timers endable where Node's stack of async contexts can't be emptied (see async-stack.ts): ending a
 * callback of Node's own timers would end the process. What a callback throws is thrown on.
 */
export function guardTimers(guard: (call: () => void) => void): void {
  const wrap =
    (callback: (...args: unknown[]) => void) =>
    (...args: unknown[]): void => {
      let thrown: { error: unknown } | undefined;
      guard(() => {
        try {
          callback(...args);
        } catch (error) {
          thrown = { error };
        }
      });
      if (thrown) throw thrown.error;
    };
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
    const original = timers[name] as (...args: unknown[]) => unknown;
    const guarded = (callback: unknown, ...rest: unknown[]): unknown =>
      original(typeof callback === "function" ? wrap(callback as () => void) : callback, ...rest);
    const custom = (original as unknown as Record<symbol, unknown>)[promisify.custom];
    if (custom) Object.defineProperty(guarded, promisify.custom, { value: custom });
    Object.defineProperty(guarded, "name", { value: name });
    Object.defineProperty(globalThis, name, { value: guarded, writable: true, configurable: true, enumerable: true });
  }
}
