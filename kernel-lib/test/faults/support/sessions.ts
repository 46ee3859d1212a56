import { connectSpark } from "../../../src/engines/spark-connect/index.ts";
import { Session } from "../../../src/sql/index.ts";

/** Waits are short, so that a test of many faults is too. */
export const quickRetry = { maxRetries: 40, initialBackoff: 20, maxBackoff: 250 };
/** Silence is found soon. */
export const quickLiveness = { silence: 1000, patience: 1500 };

/** A session that finds faults sooner than others do. */
export function quickSession(address: string, retry = quickRetry): Promise<Session> {
  return Session.builder.engine(() => connectSpark(`sc://${address}`, { retry, liveness: quickLiveness })).create();
}

/** What a promise was rejected with. */
export async function thrownBy(promise: Promise<unknown>): Promise<Error & { code: string }> {
  const outcome = await promise.then(
    () => new Error("nothing was thrown"),
    (error: unknown) => error,
  );
  return outcome as Error & { code: string };
}
