// What a notebook has without importing anything: `spark`, `F`, `col`, and the helpers for Kafka, Azure and dummy data.
import * as azure from "../azure/index.ts";
import * as dummyData from "../dummy-data/index.ts";
import * as kafka from "../kafka/index.ts";
import { col, expr, functions, lit, Session, Window } from "../sql/index.ts";
import { globalTypes } from "./types.ts";

/** What the kernel gives a preload module, as far as this one needs it. */
export interface Host {
  /** The signal that aborts when the running cell is interrupted, asked for anew by each operation. */
  readonly interruptSignal?: () => AbortSignal | undefined;
  /** The running cell ends no sooner than the work that it is told. */
  readonly keepCellOpen?: (work: Promise<unknown>) => void;
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
 * A cell ends no sooner than the actions it started, awaited or not. The stop button ends what the session's engine is doing.
 * `Session.builder.getOrCreate()` gives this same session.
 *
 * @example
 * ```ts
 * import preload from "sluice/preload";
 * const { globals } = preload({ interruptSignal: () => undefined });
 * ```
 */
export default function preload(host: Host = {}): Preload {
  const { interruptSignal, keepCellOpen } = host;
  const spark = Session.lazy({ interruptSignal, keepCellOpen });
  return {
    globals: { spark, Session, SparkSession: Session, F: functions, col, lit, expr, Window, kafka, azure, dummyData },
    types: globalTypes,
    dispose: () => spark.stop(),
  };
}
