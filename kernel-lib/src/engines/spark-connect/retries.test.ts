import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Attempts, defaultRetryPolicy, waitBefore } from "./retries.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());

test("waits as PySpark's default policy", () => {
  const waits = Array.from({ length: 15 }, (_, retry) => waitBefore(defaultRetryPolicy, retry, () => 0));
  expect(waits.slice(0, 7)).toEqual([50, 200, 800, 3200, 12_800, 51_200, 60_000]);
  // PySpark promises at least ten minutes.
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(600_000);
});

test("only long waits get something by chance", () => {
  expect(waitBefore(defaultRetryPolicy, 2, () => 1)).toBe(800);
  expect(waitBefore(defaultRetryPolicy, 3, () => 1)).toBe(3700);
});

const quick = { ...defaultRetryPolicy, maxRetries: 2, initialBackoff: 1, maxBackoff: 1 };

test("ends after the policy's number, and begins anew when the server answered", async () => {
  const attempts = new Attempts(quick);
  expect([await attempts.next(), await attempts.next(), await attempts.next()]).toEqual([true, true, false]);
  attempts.reset();
  expect(await attempts.next()).toBe(true);
});

test("begins none after its time", async () => {
  const attempts = new Attempts(quick, 5000);
  expect(await attempts.next()).toBe(true);
  vi.setSystemTime(Date.now() + 5000);
  expect(await attempts.next()).toBe(false);
});

test("a signal ends the wait", async () => {
  const attempts = new Attempts({ ...quick, initialBackoff: 60_000, maxBackoff: 60_000 });
  await expect(attempts.next(AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
});
