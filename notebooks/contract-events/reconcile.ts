import { SluiceError } from "sluice/errors";
import type { InputCounts } from "./input.ts";

/** The counts of a run. */
export interface Reconciliation extends InputCounts {
  readonly eventsBuilt: number;
  /** How many Kafka acknowledged; null when nothing was to be published. */
  readonly eventsAcknowledged: number | null;
}

/**
 * Puts the counts together and checks that they add up.
 *
 * @throws SluiceError `RECONCILIATION_FAILED` when events are missing or too many, `DELIVERY_FAILED` when Kafka did not
 *   acknowledge every one
 */
export function reconcile(input: InputCounts, eventsBuilt: number, eventsAcknowledged: number | null): Reconciliation {
  const expected = input.accountsActive - input.rejected;
  if (eventsBuilt !== expected) {
    throw new SluiceError(
      "RECONCILIATION_FAILED",
      `${eventsBuilt} events were built, but ${input.accountsActive} active accounts without ${input.rejected} rejected ones are ${expected}.`,
    );
  }
  if (eventsAcknowledged !== null && eventsAcknowledged !== eventsBuilt) {
    throw new SluiceError("DELIVERY_FAILED", `Kafka acknowledged ${eventsAcknowledged} of ${eventsBuilt} events.`, {
      next: "Run the load again: the event ids stay the same.",
    });
  }
  return { ...input, eventsBuilt, eventsAcknowledged };
}

/** The counts as rows for a table: name, count, and what it must be equal to. */
export function reconciliationRows(counts: Reconciliation): { count: string; value: number | null; check: string }[] {
  return [
    { count: "accounts read", value: counts.accountsRead, check: "" },
    { count: "accounts active", value: counts.accountsActive, check: "" },
    { count: "active accounts rejected", value: counts.rejected, check: "" },
    { count: "events built", value: counts.eventsBuilt, check: "= accounts active − active accounts rejected" },
    {
      count: "events acknowledged",
      value: counts.eventsAcknowledged,
      check: counts.eventsAcknowledged === null ? "not published" : "= events built",
    },
    { count: "parties read", value: counts.partiesRead, check: "" },
    { count: "parties without an account", value: counts.partiesWithoutAccount, check: "" },
    { count: "addresses read", value: counts.addressesRead, check: "" },
    { count: "addresses without a party", value: counts.addressesWithoutParty, check: "" },
  ];
}
