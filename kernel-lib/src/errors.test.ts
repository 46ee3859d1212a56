import { expect, test } from "vitest";
import { nearest, SluiceError } from "./errors.ts";

test.each([
  ["contract-event", ["accounts", "contract-events"], "contract-events"],
  ["orders", ["accounts", "contract-events"], undefined],
  ["sepll", ["spell", "sell"], "spell"],
  ["Count", ["count", "COUNT"], "count"],
  ["", ["topic"], undefined],
  ["acount_id", ["account_id", "active_ind"], "account_id"],
  ["sprak", ["spark", "park"], "spark"],
  ["idd", ["ID", "id"], "id"],
  ["col", ["collect_list"], undefined],
  ["nothing", [], undefined],
])("the name nearest to %o of %o is %o", (name, known, expected) => {
  expect(nearest(name, known)).toBe(expected);
});

test("the message says what to do next, and the code stays apart", () => {
  const error = new SluiceError("NOT_FOUND", "The folder a does not exist.", { next: "Name another." });
  expect(error.message).toBe("The folder a does not exist. Name another.");
  expect(error.code).toBe("NOT_FOUND");
});
