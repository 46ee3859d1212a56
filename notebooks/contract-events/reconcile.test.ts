import { expect, test } from "vitest";
import { reconcile } from "./reconcile.ts";
import { resultLine } from "./result.ts";

const INPUT = {
  accountsRead: 10,
  accountsActive: 6,
  rejected: 1,
  partiesRead: 8,
  addressesRead: 4,
  partiesWithoutAccount: 2,
  addressesWithoutParty: 1,
};

test.each([5, null])("the last line says %s events acknowledged, as the stored counts do", (acknowledged) => {
  const counts = reconcile(INPUT, 5, acknowledged);
  expect(counts.eventsAcknowledged).toBe(acknowledged);
  const line: unknown = JSON.parse(resultLine(counts, { output: "out", topic: "t", startedAt: Date.now() }));
  expect(line).toMatchObject({ eventsAcknowledged: acknowledged, topic: acknowledged === null ? null : "t" });
});
