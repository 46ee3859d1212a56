import { expect, test } from "vitest";
import { formatRunTime } from "./run-time.ts";

test.each([
  ["UTC", "2022-08-02T23:05:09+0000"],
  ["Asia/Kolkata", "2022-08-03T04:35:09+0530"],
  ["America/New_York", "2022-08-02T19:05:09-0400"],
])("the time of a run in %s", (zone, text) => {
  expect(formatRunTime(new Date("2022-08-02T23:05:09.999Z"), zone)).toBe(text);
});

test("midnight is hour 0", () => {
  expect(formatRunTime(new Date("2022-08-02T00:00:00Z"), "UTC")).toBe("2022-08-02T00:00:00+0000");
});
