import { expect, test } from "vitest";
import { reconcile, reconciliationRows } from "./reconcile.ts";
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

test("the table says that only active accounts count as rejected, since the rejects hold others too", () => {
  const rows = reconciliationRows(reconcile(INPUT, 5, null)).map(({ count, value, check }) => [count, value, check]);
  expect(rows).toContainEqual(["active accounts rejected", 1, ""]);
  expect(rows).toContainEqual(["events built", 5, "= accounts active − active accounts rejected"]);
});
