import { expect, test } from "vitest";
import { nearestName } from "./nearest.ts";

test.each([
  ["acount_id", ["account_id", "active_ind"], "account_id"],
  ["sprak", ["spark", "park"], "spark"],
  ["idd", ["ID", "id"], "id"],
  ["x", ["y"], "y"],
  ["col", ["collect_list"], undefined],
  ["nothing", [], undefined],
])("the name nearest to %s in %j is %s", (word, names, expected) => {
  expect(nearestName(word, names)).toBe(expected);
});
