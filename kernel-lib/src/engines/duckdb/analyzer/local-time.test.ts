import { expect, test } from "vitest";

import { instantOf, localTime } from "./local-time.ts";

test("an instant shows as the wall clock of its zone, and back", () => {
  const summer = 1_719_835_200_500_000n;
  expect(localTime(summer, "Europe/Paris")).toBe("2024-07-01 14:00:00.5");
  expect(instantOf("2024-07-01 14:00:00.5", "Europe/Paris")).toBe(summer);
  expect(instantOf("2024-07-01", "UTC")).toBe(1_719_792_000_000_000n);
  expect(localTime(-1n, "UTC")).toBe("1969-12-31 23:59:59.999999");
});

test("offsets are zones, and other text is no time", () => {
  expect(instantOf("2024-01-01 00:00:00", "+05:30")).toBe(1_704_047_400_000_000n);
  expect(instantOf("2024-1-2", "UTC")).toBe(1_704_153_600_000_000n);
  expect(instantOf("2024-02-30", "UTC")).toBeUndefined();
  expect(instantOf("tomorrow", "UTC")).toBeUndefined();
});
