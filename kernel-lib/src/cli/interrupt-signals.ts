/** Ctrl-C and its kin, as signals that a run understands. */
export interface InterruptSignals {
  /** Aborted by the first Ctrl-C (SIGINT) or SIGTERM. */
  interrupt: AbortSignal;
  /** Aborted by the second one. */
  kill: AbortSignal;
  /** The first signal that came. */
  name(): NodeJS.Signals | undefined;
  /** Gives the signals back to Node's own handling. */
  release(): void;
}

/** Starts to listen for SIGINT and SIGTERM. */
export function interruptSignals(): InterruptSignals {
  const interrupt = new AbortController();
  const kill = new AbortController();
  let first: NodeJS.Signals | undefined;
  const listen = (name: NodeJS.Signals): void => {
    if (first !== undefined) kill.abort();
    first ??= name;
    interrupt.abort();
  };
  process.on("SIGINT", listen).on("SIGTERM", listen);
  return {
    interrupt: interrupt.signal,
    kill: kill.signal,
    name: () => first,
    release: () => void process.off("SIGINT", listen).off("SIGTERM", listen),
  };
}
