import type { Reconciliation } from "./reconcile.ts";

/** What the last line of a run says. */
export interface RunResult {
  readonly accountsRead: number;
  readonly accountsActive: number;
  readonly eventsBuilt: number;
  /** How many events Kafka acknowledged; null when nothing was published. */
  readonly eventsAcknowledged: number | null;
  readonly partiesWithoutAccount: number;
  readonly addressesWithoutParty: number;
  readonly rejected: number;
  readonly output: string;
  /** Null when nothing was published. */
  readonly topic: string | null;
  readonly seconds: number;
}

/** The exit codes of the workload beside the runner's own; a notebook asks for one with {@link exitWith}. */
export const workloadExitCodes = {
  /** The events are in storage, but were not published, because there is no broker to publish to. */
  notPublished: 6,
  /** The load is done, and some rows of the input were rejected. */
  rowsRejected: 7,
} as const;

/** The run's last line: one JSON object, to be read by programs. */
export function resultLine(counts: Reconciliation, run: { output: string; topic: string; startedAt: number }): string {
  const result: RunResult = {
    accountsRead: counts.accountsRead,
    accountsActive: counts.accountsActive,
    eventsBuilt: counts.eventsBuilt,
    eventsAcknowledged: counts.eventsAcknowledged,
    partiesWithoutAccount: counts.partiesWithoutAccount,
    addressesWithoutParty: counts.addressesWithoutParty,
    rejected: counts.rejected,
    output: run.output,
    topic: counts.eventsAcknowledged === null ? null : run.topic,
    seconds: Math.round((Date.now() - run.startedAt) / 10) / 100,
  };
  return JSON.stringify(result);
}

/** A value whose display asks the runner to end with an exit code, and says why. */
export function exitWith(code: number, why: string): object {
  return {
    [Symbol.for("Jupyter.display")]: () => ({ "application/vnd.sluice.exit+json": { code }, "text/plain": why }),
  };
}
