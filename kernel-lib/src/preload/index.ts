// What a notebook has without importing anything: `spark`, `F`, `col`, and the helpers for Kafka, Azure and dummy data.
import * as azure from "../azure/index.ts";
import * as dummyData from "../dummy-data/index.ts";
import * as kafka from "../kafka/index.ts";
import { col, expr, functions, lit, Session, Window } from "../sql/index.ts";
import { globalTypes } from "./types.ts";

/** What the kernel gives a preload module; this one needs only the stop button. */
export interface Host {
  /** The signal that aborts when the running cell is interrupted, asked for anew by each operation. */
  readonly interruptSignal?: () => AbortSignal | undefined;
}

/** What a preload module gives the notebook. */
export interface Preload {
  /** Names that every cell sees. */
  readonly globals: Record<string, unknown>;
  /** Ambient TypeScript that declares them. */
  readonly types: string;
  /** Called before the kernel ends. */
  dispose(): Promise<void>;
}

/**
 * Makes the globals of a notebook. The session is lazy: its engine is loaded by the first action.
 *
 * The stop button ends what the session's engine is doing. `Session.builder.getOrCreate()` gives this same session.
 *
 * @example
 * ```ts
 * import preload from "sluice/preload";
 * const { globals } = preload({ interruptSignal: () => undefined });
 * ```
 */
export default function preload(host: Host = {}): Preload {
  const { interruptSignal } = host;
  const spark = Session.lazy(interruptSignal ? { interruptSignal } : {});
  return {
    globals: { spark, Session, F: functions, col, lit, expr, Window, kafka, azure, dummyData },
    types: globalTypes,
    dispose: () => spark.stop(),
  };
}
