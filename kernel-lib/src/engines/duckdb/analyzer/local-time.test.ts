import { expect, test } from "vitest";

import { dateText, dayOfText, instantOf, localTime } from "./local-time.ts";

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

test("where clocks change, the offset before the change holds", () => {
  const newYork = "America/New_York";
  expect(localTime(instantOf("2024-03-10 02:30:00", newYork) ?? 0n, newYork)).toBe("2024-03-10 03:30:00");
  expect(instantOf("2024-11-03 01:30:00", newYork)).toBe(1_730_611_800_000_000n);
});

test("years before the first and after 9999 are years", () => {
  for (const text of ["0000-06-15 00:00:00", "-0044-03-15 12:00:00", "+12345-01-01 00:00:00"])
    expect(localTime(instantOf(text, "Europe/Paris") ?? 0n, "Europe/Paris")).toBe(text);
  expect(dayOfText("0000-02-29")).toBe(-719_469);
  expect(dayOfText("2023-02-29")).toBeUndefined();
  expect(dateText(0)).toBe("1970-01-01");
});
