import process from "node:process";

/**
 * Empties Node's stack of async contexts; `undefined` where Node offers no way (from 24 on).
 *
 * The protocol's thread has this called inside of running code that it is about to end: ended code does not leave its
 * contexts, and Node ends the process over one that was not left.
 */
export const emptyAsyncStack: (() => void) | undefined = findInNode();

function findInNode(): (() => void) | undefined {
  const { binding } = process as unknown as { binding?: (name: string) => { clearAsyncIdStack?: () => void } };
  const silent = process.noDeprecation;
  try {
    process.noDeprecation = true;
    return binding?.call(process, "async_wrap").clearAsyncIdStack;
  } catch {
    return undefined;
  } finally {
    if (silent === undefined) delete process.noDeprecation;
    else process.noDeprecation = silent;
  }
}
